/** The account pages in a real browser: the life of an account, what happens at their edges, and how they look. Needs `npm run build`. */
import { mkdir } from 'node:fs/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startBrowser } from '../support/browser/browser.ts';
import { accessibilityProblems, sidewaysPixels } from '../support/browser/served-pages.ts';
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
const signedInPages = ['profile', 'security', 'sessions', 'identities', 'activity', 'data'];

describe.each([
  { name: 'light, English, 1440', colorScheme: 'light', locale: 'en-GB', width: 1440 },
  { name: 'dark, German, 320', colorScheme: 'dark', locale: 'de-DE', width: 320 },
] as const)('In $name', slow, ({ colorScheme, locale, width }) => {
  test('every page is accessible and scrolls in one direction', async () => {
    const email = await registerUser(gateway);
    const styled = await openWatched(browser, { colorScheme, locale, viewport: { width, height: 900 } });
    const check = async (path: string) => {
      await styled.page.goto('about:blank');
      await styled.page.goto(addressOf(path));
      await styled.page.locator('main h1').waitFor();
      await styled.page.waitForLoadState('networkidle');
      const name = `${path.split('#')[0]}-${width}-${colorScheme}`;
      if (SCREENSHOTS) await styled.page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, fullPage: true });
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
