/**
 * The forms of `@postern/react` in a real browser, in strict mode and under the policy of the account pages: what a user sees and
 * does, against a real gateway.
 */
import jsqr from 'jsqr';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startBrowser } from '../support/browser/browser.ts';
import { buildReactApp, type ReactApp } from '../support/browser/react-app.ts';
import {
  goodPassword,
  lockoutOff,
  newAddress,
  registerUser,
  signIn as signInElsewhere,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { RevokeOtherSessionsDocument } from '../support/generated/graphql.ts';
import { codeAt } from '../support/people/authenticator.ts';
import { type LossyProxy, startLossyProxy } from '../support/proxies/lossy-proxy.ts';

/** A first run may have to fetch the browser. */
const fetchingMs = 600_000;
const newPassword = 'Another 9 lanterns';

let gateway: TestGateway;
let proxy: LossyProxy;
let browser: Browser;
let app: ReactApp;
let origin: string;
let context: BrowserContext;
let page: Page;
let email: string;
/** Errors of the page, warnings of React, and violations of the Content-Security-Policy. */
let complaints: string[];

beforeAll(async () => {
  app = await buildReactApp();
  proxy = await startLossyProxy(() => gateway.url, app.serve);
  // The WebAuthn RP ID must be a host name, not an IP address.
  origin = proxy.url.replace('127.0.0.1', 'localhost');
  [gateway, browser] = await Promise.all([
    startTestGateway({ ...lockoutOff, PUBLIC_URL: origin, APP_URL: origin }),
    startBrowser(),
  ]);
}, fetchingMs);
afterAll(async () => {
  await browser?.close();
  await proxy?.close();
  await gateway?.stop();
  await app?.remove();
});

beforeEach(async () => {
  complaints = [];
  email = await registerUser(gateway);
  context = await browser.newContext();
  page = await openTab();
});
afterEach(async () => {
  proxy.asked.length = 0;
  proxy.responseAction = () => 'answer';
  await context.close();
  expect(complaints).toEqual([]);
});

async function openTab(): Promise<Page> {
  const tab = await context.newPage();
  tab.on('pageerror', ({ message }) => complaints.push(message));
  tab.on('console', (message) => {
    const isRefusal = message.text().startsWith('Failed to load resource');
    if (['error', 'warning'].includes(message.type()) && !isRefusal) complaints.push(message.text());
  });
  return tab;
}

const open = (path: string) => page.goto(`${origin}${path}`);
const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
const inDialog = (name: string) => page.getByRole('dialog').last().getByRole('button', { name, exact: true }).click();
const fill = (label: string, text: string) => page.getByLabel(label, { exact: true }).fill(text);
const problem = () => page.getByRole('alert').innerText();
const until = (state: string, tab = page) =>
  tab.waitForFunction((expected) => document.querySelector('#state')?.textContent === expected, state);

async function signIn(password = goodPassword): Promise<void> {
  await open('/sign-in');
  await fill('Email address', email);
  await fill('Password', password);
  await press('Sign in');
}

async function signedIn(): Promise<void> {
  await signIn();
  await until(`signedIn ${email}`);
}

/** The secret in the QR code on the screen. */
async function scan(): Promise<string> {
  const image = page.getByRole('img', { name: 'QR code' });
  await image.waitFor();
  const { data, width, height } = PNG.sync.read(await image.screenshot());
  const uri = jsqr.default(new Uint8ClampedArray(data), width, height)?.data ?? '';
  return new URL(uri).searchParams.get('secret') ?? '';
}

/** Sets up an authenticator app on the page of the security settings. @returns its secret */
async function setUpApp(): Promise<string> {
  await open('/security');
  await press('Set up authenticator app');
  const secret = await scan();
  await page.getByLabel('The 6-digit code of the app').fill(codeAt(secret, gateway.clock.now()));
  await page.getByText('Save your backup codes').waitFor();
  await page.getByRole('checkbox').check();
  await inDialog('Done');
  gateway.clock.travel(30);
  return secret;
}

describe('The sign-in form', { timeout: 60_000 }, () => {
  test('signs in once, and keeps the tokens out of the page, the storage and the address', async () => {
    const answer = page.waitForResponse(async (response) => (await response.text()).includes('"accessToken"'));
    await signedIn();
    const text = await (await answer).text();
    const [, accessToken = ''] = /"accessToken":"([^"]+)"/.exec(text) ?? [];
    expect(accessToken.length).toBeGreaterThan(100);
    expect(proxy.count('Login')).toBe(1);
    const exposed = await page.evaluate(() =>
      JSON.stringify([document.documentElement.outerHTML, { ...localStorage }, { ...sessionStorage }, location.href]),
    );
    expect(exposed).not.toContain(accessToken);
    expect(exposed).not.toContain(goodPassword);
  });

  test('says what is wrong, takes the focus there, and keeps what was typed', async () => {
    await signIn('wrong');
    expect(await problem()).toBe('The email address or the password is wrong.');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('alert');
    expect(await page.getByLabel('Email address').inputValue()).toBe(email);
  });

  test('asks for missing fields without a request', async () => {
    await open('/sign-in');
    await press('Sign in');
    expect(await page.getByText('Fill in this field.').count()).toBe(2);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('email');
    expect(proxy.count('Login')).toBe(0);
  });

  test('keeps the input while the gateway cannot be reached', async () => {
    await open('/sign-in');
    await fill('Email address', email);
    await fill('Password', goodPassword);
    // A browser repeats a request by itself whose connection was closed.
    proxy.responseAction = () => 'refuse';
    await press('Sign in');
    expect(await problem()).toContain('cannot be reached');
    proxy.responseAction = () => 'answer';
    await press('Sign in');
    await until(`signedIn ${email}`);
  });

  test('continues with the code of the app, after the sixth digit', async () => {
    await signedIn();
    const secret = await setUpApp();
    await press('Sign out here');
    await until('signedOut SIGNED_OUT');
    await signIn();
    await page.getByLabel('Authenticator code').fill('000 000');
    await page.getByText('This code is wrong or was used before.').waitFor();
    await page.getByLabel('Authenticator code').pressSequentially(codeAt(secret, gateway.clock.now()));
    await until(`signedIn ${email}`);
    expect(proxy.count('VerifyMfa')).toBe(2);
  });

  test('returns to the first step with the address when the second one has expired', async () => {
    await signedIn();
    const secret = await setUpApp();
    await press('Sign out here');
    await signIn();
    await page.getByLabel('Authenticator code').waitFor();
    gateway.clock.travel(6 * 60);
    await page.getByLabel('Authenticator code').fill(codeAt(secret, gateway.clock.now()));
    expect(await problem()).toBe('This sign-in has expired. Sign in again.');
    expect(await page.getByLabel('Email address').inputValue()).toBe(email);
  });
});

describe('The pages of mailed links', { timeout: 60_000 }, () => {
  /** The link in the newest mail to an address. */
  async function linkTo(address: string): Promise<string> {
    const { text = '' } = await gateway.mail.take(address);
    return /http:\/\/localhost:\d+\/[\w-]+#token=[\w-]+/.exec(text)?.[0] ?? '';
  }

  test('a registration is confirmed by one click, not by opening the link', async () => {
    email = newAddress();
    await open('/register');
    await fill('Email address', email);
    await fill('Password', goodPassword);
    await press('Create account');
    await page.getByText('Look into your mail').waitFor();
    await page.goto(await linkTo(email));
    await page.getByRole('button', { name: 'Confirm' }).waitFor();
    expect(page.url()).toBe(`${origin}/verify-email`);
    expect(proxy.count('VerifyEmail')).toBe(0);
    await press('Confirm');
    await page.getByText('Your address is confirmed').waitFor();
    expect(proxy.count('VerifyEmail')).toBe(1);
    await signedIn();
  });

  test('a rejected password marks its rule, and the link stays valid', async () => {
    await open('/forgot-password');
    await fill('Email address', email);
    await press('Send link');
    await page.getByText('a mail is on its way').waitFor();
    await page.goto(await linkTo(email));
    await fill('New password', 'short');
    await press('Save new password');
    expect(await problem()).toContain('The password was not changed.');
    expect(await page.getByText('At least 8 characters: not met').count()).toBe(1);
    await fill('New password', newPassword);
    await press('Save new password');
    await page.getByText('Your new password is saved').waitFor();
    await signIn(newPassword);
    await until(`signedIn ${email}`);
  });

  test('an expired link offers a new one', async () => {
    await open('/reset-password#token=unknown');
    await fill('New password', newPassword);
    await press('Save new password');
    await page.getByRole('link', { name: 'Request a new link' }).waitFor();
  });
});

describe('The account', { timeout: 60_000 }, () => {
  test('a passkey is added, brings backup codes once, and signs in', async () => {
    const devtools = await context.newCDPSession(page);
    await devtools.send('WebAuthn.enable', { enableUI: false });
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await signedIn();
    await open('/security');
    await press('Add a passkey');
    await page.getByRole('dialog').getByLabel('Name').fill('Laptop');
    await inDialog('Add a passkey');
    const codes = page.getByRole('dialog').getByRole('listitem');
    await codes.first().waitFor();
    expect(await codes.count()).toBe(10);
    const [first = ''] = await codes.allInnerTexts();
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').innerText()).toContain('This is not saved yet.');
    await page.getByRole('checkbox').check();
    await inDialog('Done');
    expect(await page.content()).not.toContain(first.split('\n').at(-1));
    await page.getByText('Laptop', { exact: true }).waitFor();
    await press('Sign out here');
    await until('signedOut SIGNED_OUT');
    // The authenticator chooses the passkey from the suggestions of the address field.
    await open('/sign-in');
    await until(`signedIn ${email}`);
  });

  test('an action that needs a new proof is repeated once after it', async () => {
    await signedIn();
    await open('/security');
    gateway.clock.travel(11 * 60);
    await press('Set up authenticator app');
    await page.getByRole('dialog', { name: 'Confirm that it is you' }).waitFor();
    await page.getByRole('dialog').getByLabel('Password', { exact: true }).fill(goodPassword);
    await inDialog('Confirm');
    await page.getByRole('dialog', { name: 'Set up an authenticator app' }).waitFor();
    expect(proxy.count('BeginTotpEnrollment')).toBe(2);
  });

  test('an action is not repeated when the user closes the dialog', async () => {
    await signedIn();
    await open('/security');
    gateway.clock.travel(11 * 60);
    await press('Set up authenticator app');
    await page.getByRole('dialog', { name: 'Confirm that it is you' }).waitFor();
    await inDialog('Cancel');
    await page.getByRole('alert').waitFor();
    expect(proxy.count('BeginTotpEnrollment')).toBe(1);
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('a name with markup and marks of direction is text', async () => {
    const name = '<img src=x onerror=alert(1)> \u05D0\u05D1 name';
    await signedIn();
    await open('/profile');
    await fill('Name', name);
    await press('Save');
    await page.getByText('Your profile is saved.').waitFor();
    await page.reload();
    await page.getByLabel('Name', { exact: true }).waitFor();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe(name);
  });

  test('the activity tells the sign-in as a sentence', async () => {
    await signedIn();
    await open('/activity');
    await page.getByText('You signed in', { exact: false }).first().waitFor();
  });

  test('is deleted with the password', async () => {
    await signedIn();
    await open('/data');
    await press('Delete account');
    await page.getByRole('dialog').getByLabel('Password', { exact: true }).fill(goodPassword);
    await inDialog('Delete account');
    await until('signedOut SIGNED_OUT');
    await signIn();
    expect(await problem()).toBe('The email address or the password is wrong.');
  });
});

describe('The session', { timeout: 60_000 }, () => {
  test('ends in all tabs when one of them signs out', async () => {
    await signedIn();
    const other = await openTab();
    await other.goto(`${origin}/sessions`);
    await until(`signedIn ${email}`, other);
    await press('Sign out here');
    await until('signedOut SIGNED_OUT', other);
    await other.getByText('Signed out.').waitFor();
  });

  test('is checked again when a page returns from the cache of the browser', async () => {
    await signedIn();
    const elsewhere = await signInElsewhere(gateway, email);
    await gateway.send(RevokeOtherSessionsDocument, { input: {} }, elsewhere.accessToken);
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
    await until('signedOut REVOKED');
  });

  test('shows what the role allows only', async () => {
    await signedIn();
    expect(await page.getByText('You may read users.').count()).toBe(0);
  });
});
