/** The account pages in a real browser: the life of an account, what happens at their edges, and how they look. Needs `npm run build`. */
import { mkdir } from 'node:fs/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startBrowser } from '../support/browser/browser.ts';
import { looks } from '../support/browser/looks.ts';
import { accessibilityProblems, settled, sidewaysPixels } from '../support/browser/served-pages.ts';
import { openWatched, plugAuthenticator, type WatchedPage } from '../support/browser/watched-page.ts';
import {
  goodPassword,
  newAddress,
  refusal,
  registerUser,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { RequestPasswordResetDocument } from '../support/generated/graphql.ts';
import { machineOf } from '../support/people/api-keys.ts';
import { freePort } from '../support/servers/free-port.ts';

/** A first run may have to fetch the browser. */
const fetchingMs = 600_000;
/** Chromium reports the HTTP status of a refused operation; the page shows the refusal. */
const refusedOperation = /the server responded with a status of 401/;
const slow = { timeout: 120_000 };
/** A folder for screenshots of every screen. */
const { SCREENSHOTS } = process.env;

let gateway: TestGateway;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  const port = String(await freePort());
  const settings = { PORT: port, PUBLIC_URL: `http://localhost:${port}`, APP_URL: '', PAGES: 'all' };
  [gateway, browser] = await Promise.all([startTestGateway(settings), startBrowser()]);
  if (SCREENSHOTS) await mkdir(SCREENSHOTS, { recursive: true });
}, fetchingMs);
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});
beforeEach(async () => {
  watched = await openWatched(browser);
  ({ page } = watched);
  page.setDefaultTimeout(10_000);
});
afterEach(async () => {
  await watched.close();
  expect(watched.complaints.filter((text) => !refusedOperation.test(text))).toEqual([]);
});

const addressOf = (path: string) => `http://localhost:${new URL(gateway.url).port}/account/${path}`;
const open = (path: string) => page.goto(addressOf(path));
const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name });

/** The link in the newest mail to an address. */
async function linkTo(email: string): Promise<string> {
  const { text = '', subject } = await gateway.mail.take(email);
  const [link] = /http:\/\/localhost:\d+\/account\/[\w-]+#token=[\w-]+/.exec(text) ?? [];
  if (!link) throw new Error(`the mail "${subject}" has no link to the account pages`);
  return link;
}

/** Presses Tab until the element has the focus, which is then drawn. */
async function tabTo(target: Locator, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 30; presses += 1) {
    await page.keyboard.press(key);
    if (!(await target.evaluate((element) => element === document.activeElement))) continue;
    expect(await target.evaluate((element) => getComputedStyle(element).outlineStyle)).not.toBe('none');
    return;
  }
  throw new Error(`the keyboard does not reach ${target}`);
}

async function signInAs(email: string): Promise<void> {
  await open('sign-in');
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(goodPassword);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await heading('Security').waitFor();
}

async function signOut(): Promise<void> {
  await page.getByRole('button', { name: /account menu/ }).click();
  await page.locator('[popover]').getByRole('button', { name: 'Sign out' }).click();
  await heading(/Sign in/).waitFor();
}

test('A user registers, confirms, adds a passkey, signs in with it and deletes the account', slow, async () => {
  const email = newAddress();
  await plugAuthenticator(page);
  await open('sign-in');
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Ada <b>Lovelace</b>');
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(goodPassword);
  await page.getByRole('button', { name: 'Create account' }).click();
  await heading('Look into your mail').waitFor();

  await page.goto(await linkTo(email));
  await heading('Confirm your email address').waitFor();
  expect(page.url()).not.toContain('token');
  expect((await refusal(signIn(gateway, email))).code).toBe('EMAIL_NOT_VERIFIED');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('link', { name: 'Sign in' }).click();

  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(goodPassword);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await heading('Security').waitFor();
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Laptop');
  await dialog.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByRole('checkbox', { name: /I have saved these codes/ }).check();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByText('Laptop').first().waitFor();

  await signOut();
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await heading('Security').waitFor();
  await page.getByRole('link', { name: 'Your data' }).click();
  await page.getByRole('button', { name: 'Delete account' }).click();
  await dialog.getByLabel('Password', { exact: true }).fill(goodPassword);
  await dialog.getByRole('button', { name: 'Delete account' }).click();
  await page.getByText('Your account is deleted').waitFor();
  expect((await refusal(signIn(gateway, email))).code).toBe('INVALID_CREDENTIALS');
});

test('A user creates an API key, which is shown once, and changes, rotates and revokes it', slow, async () => {
  await signInAs(await registerUser(gateway));
  await page.getByRole('link', { name: 'API keys' }).click();
  await heading('API keys').waitFor();
  const dialog = (name: string | RegExp) => page.getByRole('dialog', { name });
  const keptIn = () => page.evaluate(() => JSON.stringify([localStorage, sessionStorage, location.href]));
  const takeKey = async (): Promise<string> => {
    const shown = dialog('Save your API key');
    const key = await shown.locator('code').innerText();
    expect(await accessibilityProblems(page)).toEqual([]);
    await shown.getByRole('checkbox').check();
    await shown.getByRole('button', { name: 'Done' }).click();
    await expect.poll(() => shown.count()).toBe(0);
    expect((await page.content()) + (await keptIn())).not.toContain(key);
    return key;
  };

  await page.getByRole('button', { name: 'Create key' }).click();
  const creation = dialog('Create an API key');
  await creation.getByLabel('Name').fill('Nightly <b>build</b>');
  await creation.getByLabel('Networks').fill('nowhere');
  await creation.getByRole('button', { name: 'Create key' }).click();
  await expect.poll(() => creation.getByLabel('Networks').getAttribute('aria-invalid')).toBe('true');
  await creation.getByRole('group', { name: 'Permissions' }).getByText('Choose at least one permission.').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await creation.getByLabel('Networks').fill('127.0.0.1, 192.0.2.0/24');
  await creation.getByLabel('Requests a minute').fill('60');
  await creation.getByRole('checkbox', { name: 'profile:write' }).check();
  await creation.getByRole('checkbox', { name: 'sessions:own' }).check();
  await creation.getByRole('button', { name: 'Create key' }).click();
  const first = await takeKey();
  const row = page.locator('.rows > li', { hasText: 'Nightly <b>build</b>' });
  const text = await row.innerText();
  for (const part of ['Never used', 'profile:write', '192.0.2.0/24', '60 requests', 'Expires'])
    expect(text).toContain(part);
  expect((await machineOf(gateway, first))?.scopes).toEqual(['profile:write', 'sessions:own']);

  await row.getByRole('button', { name: 'Edit key' }).click();
  const edit = dialog(/Edit the key/);
  await edit.getByLabel('Name').fill('Release');
  await edit.getByRole('checkbox', { name: 'sessions:own' }).uncheck();
  await edit.getByRole('button', { name: 'Save key' }).click();
  const release = page.locator('.rows > li', { hasText: 'Release' });
  await release.waitFor();
  expect((await machineOf(gateway, first))?.scopes).toEqual(['profile:write']);

  gateway.clock.travel(11 * 60);
  await release.getByRole('button', { name: 'Rotate key' }).click();
  await dialog(/Rotate the key/)
    .getByRole('button', { name: 'Rotate key' })
    .click();
  const proof = dialog('Confirm that it is you');
  await proof.getByLabel('Password', { exact: true }).fill(goodPassword);
  await proof.getByRole('button', { name: 'Confirm' }).click();
  const second = await takeKey();
  expect(second).not.toBe(first);
  for (const key of [first, second]) expect((await machineOf(gateway, key))?.name).toBe('Release');
  expect(await release.getByRole('button', { name: 'Rotate key' }).getAttribute('aria-disabled')).toBe('true');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.setViewportSize({ width: 320, height: 900 });
  expect(await sidewaysPixels(page)).toBe(0);
  if (SCREENSHOTS) await page.screenshot({ path: `${SCREENSHOTS}/keys-list-320-light.png`, fullPage: true });

  await release.getByRole('button', { name: 'Revoke key' }).click();
  await dialog(/Revoke the key/)
    .getByRole('button', { name: 'Revoke key' })
    .click();
  await page.getByText('No API key yet.').waitFor();
  for (const key of [first, second]) expect((await refusal(machineOf(gateway, key))).code).toBe('UNAUTHENTICATED');
});

describe('The account pages', slow, () => {
  test('return to the page that was asked for, and "back" shows nothing after signing out', async () => {
    const email = await registerUser(gateway);
    await open('sessions');
    await heading(/Sign in/).waitFor();
    await page.getByLabel('Email address').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(goodPassword);
    await page.keyboard.press('Enter');
    await heading('Sessions').waitFor();
    await page.getByRole('link', { name: 'Profile' }).click();
    await heading('Profile').waitFor();
    await signOut();
    await page.goBack();
    await heading(/Sign in/).waitFor();
    expect(await page.content()).not.toContain(email);
  });

  test('end in every tab at once', async () => {
    const email = await registerUser(gateway);
    await signInAs(email);
    const other = await page.context().newPage();
    await other.goto(addressOf('profile'));
    await other.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
    await signOut();
    await other.getByRole('heading', { level: 1, name: /Sign in/ }).waitFor();
  });

  test('show another user in every tab after a sign-in in one', async () => {
    const [former, next] = [await registerUser(gateway), await registerUser(gateway)];
    await signInAs(former);
    const other = await page.context().newPage();
    await other.goto(addressOf('profile'));
    await other.getByText(former).first().waitFor();
    await signOut();
    await other.getByRole('heading', { level: 1, name: /Sign in/ }).waitFor();
    await signInAs(next);
    await other.getByRole('heading', { level: 1, name: 'Security' }).waitFor();
    await other.getByRole('link', { name: 'Profile' }).click();
    await other.getByText(next).first().waitFor();
    expect(await other.content()).not.toContain(former);
  });

  test.each([
    String.raw`/\evil.example`,
    '//evil.example/account/',
    'https://evil.example',
    'https://localhost@evil.example',
    '/account/../../evil',
    'javascript:alert(1)',
  ])('ignore the return address %s with a notice', async (target) => {
    const email = await registerUser(gateway);
    await open(`sign-in?${new URLSearchParams({ returnTo: target })}`);
    await page.getByText('The address to return to is not allowed.').waitFor();
    await page.getByLabel('Email address').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(goodPassword);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await heading('Security').waitFor();
  });

  test('consume nothing when a scanner opens the link of a mail', async () => {
    const email = await registerUser(gateway);
    await gateway.send(RequestPasswordResetDocument, { input: { email } });
    const link = await linkTo(email);
    for (let visit = 0; visit < 2; visit += 1) {
      await page.goto('about:blank');
      await page.goto(link);
      await heading('Choose a new password').waitFor();
    }
    await page.getByLabel('New password', { exact: true }).fill('Another 9 lanterns');
    await page.getByRole('button', { name: 'Save new password' }).click();
    await heading('Your new password is saved').waitFor();
    await signIn(gateway, email, 'Another 9 lanterns');
  });

  test('keep what was typed while the server is away', async () => {
    await open('sign-in');
    await page.getByLabel('Email address').fill('ada@example.com');
    await page.route('**/graphql', (route) => route.abort());
    await page.getByLabel('Password', { exact: true }).fill(goodPassword);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('Email address').inputValue()).toBe('ada@example.com');
    watched.complaints.splice(0);
  });

  test('load again once when the files of an older version are gone', async () => {
    await open('sign-in');
    let loads = 0;
    page.on('load', () => {
      loads += 1;
    });
    await page.route('**/assets/register-*.js', (route) => route.fulfill({ status: 404 }));
    await page.getByRole('link', { name: 'Create an account' }).click();
    await page.getByText('This page could not be shown.').waitFor();
    expect(loads).toBe(1);
    watched.complaints.splice(0);
  });

  test('cannot be framed, and are not reachable by the page that opened them', async () => {
    await page.goto(gateway.url);
    const [opened] = await Promise.all([
      page.context().waitForEvent('page'),
      page.evaluate((url) => void Reflect.set(window, 'opened', window.open(url)), addressOf('sign-in')),
    ]);
    await opened.getByRole('heading', { level: 1 }).waitFor();
    expect(await opened.evaluate('window.opener')).toBeNull();
    const { headers } = await fetch(addressOf('sign-in'));
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });

  test('can be used with the keyboard alone, and the focus is visible', async () => {
    const email = await registerUser(gateway);
    await open('sign-in');
    await tabTo(page.getByLabel('Email address'));
    await page.keyboard.type(email);
    await tabTo(page.getByLabel('Password', { exact: true }));
    await page.keyboard.type(goodPassword);
    await tabTo(page.getByRole('button', { name: 'Sign in', exact: true }));
    await page.keyboard.press('Enter');
    await heading('Security').waitFor();
    await tabTo(page.getByRole('link', { name: 'Sessions' }));
    await page.keyboard.press('Enter');
    await heading('Sessions').waitFor();
    expect(await heading('Sessions').evaluate((element) => element === document.activeElement)).toBe(true);
    await tabTo(page.getByRole('button', { name: /account menu/ }), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await tabTo(page.locator('[popover]').getByRole('button', { name: 'Sign out' }));
    await page.keyboard.press('Enter');
    await heading(/Sign in/).waitFor();
  });

  test('speak German after the switch, and remember it', async () => {
    await open('sign-in');
    await page.getByRole('button', { name: 'Deutsch' }).click();
    await heading('Bei Postern anmelden').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    await open('register');
    await heading('Konto anlegen').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
  });
});

const signedOutPages = [
  'sign-in',
  'register',
  'forgot-password',
  'reset-password#token=A',
  'accept-invitation#token=A',
  'verify-email#token=A',
  'confirm-email#token=A',
  'confirm-passkey#token=A',
  'not-me#token=A',
  'callback',
];
const signedInPages = ['profile', 'security', 'sessions', 'identities', 'keys', 'activity', 'data'];

describe.each(looks)('In the look $name', slow, ({ name, options }) => {
  test('every page is accessible and scrolls in one direction', async () => {
    const email = await registerUser(gateway);
    const styled = await openWatched(browser, options);
    const check = async (path: string) => {
      await styled.page.goto('about:blank');
      await styled.page.goto(addressOf(path));
      await settled(styled.page);
      const file = `${SCREENSHOTS}/${path.split('#')[0]}-${name}.png`;
      if (SCREENSHOTS) await styled.page.screenshot({ path: file, fullPage: true });
      expect([path, await accessibilityProblems(styled.page)]).toEqual([path, []]);
      expect([path, await sidewaysPixels(styled.page)]).toEqual([path, 0]);
    };
    for (const path of signedOutPages) await check(path);
    await styled.page.goto(addressOf('sign-in'));
    await styled.page.locator('input[name=email]').fill(email);
    await styled.page.locator('input[name=password]').fill(goodPassword);
    await styled.page.keyboard.press('Enter');
    await styled.page.waitForURL(/security/);
    for (const path of signedInPages) await check(path);
    await styled.close();
    expect(styled.complaints.filter((text) => !refusedOperation.test(text))).toEqual([]);
  });
});
