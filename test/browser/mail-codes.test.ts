/**
 * Codes and links of mails on the account pages, in a real browser: the browser that asked uses the link, another one types
 * the code, and a mail scanner changes nothing. Needs `npm run build`.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startBrowser } from '../support/browser/browser.ts';
import { accessibilityProblems, complaintsOf, sidewaysPixels } from '../support/browser/served-pages.ts';
import { newAddress, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { codeIn, otherCode, signInSubject } from '../support/people/mail-codes.ts';
import { createUser } from '../support/people/password-attempts.ts';
import { freePort } from '../support/servers/free-port.ts';

/** A first run may have to fetch the browser. */
const fetchingMs = 600_000;
const slow = { timeout: 120_000 };
/** Chromium reports the HTTP status of a refused operation; the page shows the refusal. */
const refusedOperation = /the server responded with a status of 401/;

let gateway: TestGateway;
let codesOnly: TestGateway;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  const settingsAt = async (methods: string) => {
    const port = String(await freePort());
    const pages = { PORT: port, PUBLIC_URL: `http://localhost:${port}`, APP_URL: '', PAGES: 'all' };
    return { ...pages, SIGN_IN_METHODS: methods };
  };
  [gateway, browser] = await Promise.all([startTestGateway(await settingsAt('password,email-code')), startBrowser()]);
  codesOnly = await startTestGateway(await settingsAt('email-code'), gateway);
}, fetchingMs);
afterAll(async () => {
  await browser?.close();
  await codesOnly?.stop();
  await gateway?.stop();
});
beforeEach(async () => {
  context = await browser.newContext();
  page = await openPage(context);
  complaints = complaintsOf(page);
});
afterEach(async () => {
  await context.close();
  expect(complaints.filter((text) => !refusedOperation.test(text))).toEqual([]);
});

async function openPage(owner: BrowserContext): Promise<Page> {
  const opened = await owner.newPage();
  opened.setDefaultTimeout(10_000);
  return opened;
}

const addressOf = (path: string, at = gateway) => `http://localhost:${new URL(at.url).port}/account/${path}`;
const signedIn = (at: Page) => at.getByRole('heading', { level: 1, name: 'Security' }).waitFor();
const codeField = (at: Page) => at.getByLabel('Code of the mail');

/** Asks for a code on the sign-in page, and reads the mail. */
async function askForCode(email: string): Promise<{ link: string; code: string }> {
  await page.goto(addressOf('sign-in'));
  await page.getByLabel('Email address').fill(email);
  await page.getByRole('button', { name: 'Sign in with a code by mail' }).click();
  await codeField(page).waitFor();
  const mail = await gateway.mail.take(email, signInSubject);
  return { link: `${addressOf('sign-in')}#token=${tokenIn(mail)}`, code: codeIn(mail) };
}

test('the browser that asked signs in with the link, also after a scanner opened it ten times', slow, async () => {
  const { link } = await askForCode(await createUser(gateway));
  const scanner = await browser.newContext();
  for (let visit = 0; visit < 10; visit += 1) {
    const scanned = await openPage(scanner);
    await scanned.goto(link);
    await codeField(scanned).waitFor();
    await scanned.close();
    expect((await fetch(link, { method: visit % 2 ? 'GET' : 'HEAD' })).status).toBe(200);
  }
  await scanner.close();
  const tab = await openPage(context);
  await tab.goto(link);
  await signedIn(tab);
  expect(tab.url()).not.toContain('token');
});

test('another browser asks for the code of the same mail, and signs in with it', slow, async () => {
  const { link, code } = await askForCode(await createUser(gateway));
  const phone = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const other = await openPage(phone);
  await other.goto(link);
  await other.getByText('This sign-in began in another browser.').waitFor();
  expect(other.url()).not.toContain('token');
  expect(await accessibilityProblems(other)).toEqual([]);
  expect(await sidewaysPixels(other)).toBe(0);
  await codeField(other).fill(otherCode(code));
  await other.getByText('This code is wrong.').first().waitFor();
  await codeField(other).fill(code);
  await signedIn(other);
  await phone.close();
  await codeField(page).fill(code);
  await page.getByText('This sign-in has expired.').waitFor();
});

test('the code is typed where the sign-in began, in German', slow, async () => {
  const german = await browser.newContext({ locale: 'de-DE' });
  const tab = await openPage(german);
  const email = await createUser(gateway);
  await tab.goto(addressOf('sign-in'));
  await tab.getByLabel('E-Mail-Adresse').fill(email);
  await tab.getByRole('button', { name: 'Mit einem Code per E-Mail anmelden' }).click();
  const field = tab.getByLabel('Code aus der E-Mail');
  await field.waitFor();
  await tab.getByText(`Falls ${email} ein Konto hat`).waitFor();
  expect(await accessibilityProblems(tab)).toEqual([]);
  await field.fill(codeIn(await gateway.mail.take(email, signInSubject)));
  await tab.getByRole('heading', { level: 1, name: 'Sicherheit' }).waitFor();
  await german.close();
});

test('without passwords, users register and sign in by mail alone', slow, async () => {
  const email = newAddress();
  await page.goto(addressOf('register', codesOnly));
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password', { exact: true }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Create account' }).click();
  const confirmation = tokenIn(await gateway.mail.take(email, 'Confirm your e-mail address'));
  await page.goto(`${addressOf('verify-email', codesOnly)}#token=${confirmation}`);
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('Email address').fill(email);
  await page.getByRole('button', { name: 'Send code' }).click();
  await codeField(page).fill(codeIn(await gateway.mail.take(email, signInSubject)));
  await signedIn(page);
  gateway.clock.travel(11 * 60);
  await page.goto(addressOf('data', codesOnly));
  await page.getByRole('button', { name: 'Export my data' }).click();
  await page.getByRole('button', { name: 'Send me a code by mail' }).click();
  await page.getByLabel('Code of the mail').fill(codeIn(await gateway.mail.take(email, 'Your confirmation code')));
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await download;
});
