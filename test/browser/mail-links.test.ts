/** The pages behind the links of mails in a real browser, with the gateway's own mails: nothing happens before a click. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startBrowser } from '../support/browser/browser.ts';
import {
  goodPassword,
  newAddress,
  refusal,
  registerUser,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import {
  FullViewerDocument,
  RegisterDocument,
  RequestEmailChangeDocument,
  RequestPasswordResetDocument,
} from '../support/generated/graphql.ts';
import { freePort } from '../support/servers/free-port.ts';

/** A first run may have to fetch the browser. */
const fetchingMs = 600_000;
const newPassword = 'Another 9 lanterns';

let gateway: TestGateway;
let browser: Browser;
let page: Page;
/** Problems that the browser reports: errors, and violations of the Content-Security-Policy. */
let complaints: string[];

beforeAll(async () => {
  const port = String(await freePort());
  const publicUrl = `http://localhost:${port}`;
  [gateway, browser] = await Promise.all([
    startTestGateway({ PORT: port, PUBLIC_URL: publicUrl, APP_URL: '' }),
    startBrowser(),
  ]);
}, fetchingMs);
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});
beforeEach(async () => {
  complaints = [];
  page = await browser.newPage();
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
});
afterEach(async () => {
  await page.close();
  expect(complaints).toEqual([]);
});

/** The link in the newest mail to an address. */
async function linkTo(email: string): Promise<string> {
  const { text = '', subject } = await gateway.mail.take(email);
  const [link] = /http:\/\/localhost:\d+\/[\w-]+#token=[\w-]+/.exec(text) ?? [];
  if (!link) throw new Error(`the mail "${subject}" has no link to the gateway`);
  return link;
}

const press = () => page.getByRole('button').click();
const done = () => page.getByRole('status').innerText();
const problem = () => page.getByRole('alert').innerText();

describe('A page behind a link of a mail', { timeout: 60_000 }, () => {
  test('confirms a registration after the click only, and removes the token from the address', async () => {
    const email = newAddress();
    await gateway.send(RegisterDocument, { input: { email, password: goodPassword } });
    await page.goto(await linkTo(email));
    expect(page.url()).not.toContain('token');
    expect((await refusal(signIn(gateway, email))).code).toBe('EMAIL_NOT_VERIFIED');
    await press();
    await page.getByRole('status').waitFor();
    expect(await done()).toContain('Your email address is confirmed.');
    await signIn(gateway, email);
  });

  test('reports a weak password, then sets a new one', async () => {
    const email = await registerUser(gateway);
    await gateway.send(RequestPasswordResetDocument, { input: { email } });
    await page.goto(await linkTo(email));
    await page.getByText('At least 8 characters').waitFor();
    await page.getByLabel('New password').fill('short');
    await press();
    await page.getByRole('alert').waitFor();
    expect(await problem()).not.toContain('short');
    await page.getByLabel('New password').fill(newPassword);
    await press();
    await page.getByRole('status').waitFor();
    expect(await done()).toBe('Your password is changed. Sign in with it.');
    await signIn(gateway, email, newPassword);
  });

  test('moves the account to a new address', async () => {
    const email = await registerUser(gateway);
    const { accessToken } = await signIn(gateway, email);
    const newEmail = newAddress();
    await gateway.send(RequestEmailChangeDocument, { input: { newEmail } }, accessToken);
    await page.goto(await linkTo(newEmail));
    await press();
    await page.getByRole('status').waitFor();
    const { viewer } = await gateway.send(FullViewerDocument, {}, accessToken);
    expect(viewer?.email).toBe(newEmail);
  });

  test('secures the account from the notice of an address change', async () => {
    const email = await registerUser(gateway);
    const { accessToken } = await signIn(gateway, email);
    await gateway.send(RequestEmailChangeDocument, { input: { newEmail: newAddress() } }, accessToken);
    const link = await linkTo(email);
    expect(link).toContain('/not-me#');
    await page.goto(link);
    await press();
    await page.getByRole('status').waitFor();
    expect(await done()).toContain('Your account is secured.');
    expect((await refusal(gateway.send(FullViewerDocument, {}, accessToken))).extensions.reason).toBe(
      'SESSION_REVOKED',
    );
  });

  test.each(['verify-email', 'reset-password', 'accept-invitation', 'confirm-email', 'not-me'])(
    'explains an unknown token on /%s and keeps the form',
    async (path) => {
      await page.goto(`${gateway.url}/${path}#token=${'A'.repeat(43)}`);
      const password = page.locator('input');
      if ((await password.count()) > 0) await password.fill(newPassword);
      await press();
      await page.getByRole('alert').waitFor();
      expect(await problem()).toBe('This link has expired or was used before. Request a new one.');
      expect(await page.getByRole('button').isVisible()).toBe(true);
    },
  );

  test('asks for the link again when the address has no token', async () => {
    await page.goto(`${gateway.url}/verify-email`);
    expect(await problem()).toBe('The link is incomplete. Open the link in the mail again.');
    expect(await page.getByRole('button').isVisible()).toBe(false);
  });
});
