/** The phones on the account pages, with real messages to a service as Twilio's documentation describes it. Needs `npm run build`. */
import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startBrowser } from '../support/browser/browser.ts';
import { looks } from '../support/browser/looks.ts';
import { accessibilityProblems, settled, sidewaysPixels, signInPages } from '../support/browser/served-pages.ts';
import { openWatched, type WatchedPage } from '../support/browser/watched-page.ts';
import { registerUser, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { challenge, enrol } from '../support/people/authenticator.ts';
import { otherCode } from '../support/people/mail-codes.ts';
import { createPerson } from '../support/people/person.ts';
import { addPhone, newNumber, phonesOf } from '../support/people/phones.ts';
import { freePort } from '../support/servers/free-port.ts';
import { startTwilioServer, type TwilioServer } from '../support/servers/twilio-server.ts';

/** A first run may have to fetch the browser. */
const fetchingMs = 600_000;
/** Chromium reports the HTTP status of a refused operation; the page shows the refusal. */
const refusedOperation = /the server responded with a status of 401/;
const slow = { timeout: 120_000 };
/** A folder for screenshots of every look. */
const { SCREENSHOTS } = process.env;

let twilio: TwilioServer;
let origin: string;
let gateway: TestGateway;
let browser: Browser;
let watched: WatchedPage;
let page: Page;
/** Without text messages. */
const plain = useGateway();

beforeAll(async () => {
  twilio = await startTwilioServer();
  [gateway, browser] = await Promise.all([
    startPages({
      ...twilio.settings,
      SMS_AS_FACTOR: 'allow',
      MFA_REQUIRED_FOR: 'ADMIN',
      RATE_LIMIT_ALLOWLIST: '127.0.0.0/8,::1/128',
    }),
    startBrowser(),
  ]);
  origin = originOf(gateway);
  if (SCREENSHOTS) await mkdir(SCREENSHOTS, { recursive: true });
}, fetchingMs);
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
  await twilio?.stop();
});

async function startPages(settings: Record<string, string>): Promise<TestGateway> {
  const port = String(await freePort());
  const pages = { PORT: port, PUBLIC_URL: `http://localhost:${port}`, APP_URL: '', PAGES: 'all' };
  return startTestGateway({ ...pages, ...settings }, plain);
}

const originOf = ({ url }: TestGateway) => `http://localhost:${new URL(url).port}`;

async function openSecurity(email: string, at = origin): Promise<void> {
  await signInPages(page, at, email);
  await page.goto(`${at}/account/security`);
  await settled(page);
}

const panel = () => page.locator('[data-part=phones]');
const rows = () => panel().locator('.rows > li');
const dialog = () => page.getByRole('dialog').last();
const press = (name: string | RegExp) => panel().getByRole('button', { name }).click();
const inDialog = (name: string) => dialog().getByRole('button', { name, exact: true }).click();
const shortened = (number: string) => `+49•••••••••${number.slice(-2)}`;

/** Enters the number, and then the code of its message, with which the form continues by itself. */
async function verify(number: string): Promise<void> {
  await dialog().getByLabel('Phone number').fill(number);
  await inDialog('Send code');
  await dialog()
    .getByLabel('Code of the SMS')
    .fill(await twilio.takeCode(number));
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
}

describe('On the security page', slow, () => {
  beforeEach(async () => {
    watched = await openWatched(browser);
    ({ page } = watched);
    page.setDefaultTimeout(10_000);
  });
  afterEach(async () => {
    await watched.close();
    expect(watched.complaints.filter((text) => !refusedOperation.test(text))).toEqual([]);
  });

  test('a user adds a phone with the keyboard, and corrects a wrong number and a wrong code', async () => {
    const email = await registerUser(gateway);
    const number = newNumber();
    await openSecurity(email);
    await panel().getByText('No phone yet.').waitFor();
    await panel().getByText('first set up an authenticator app or a passkey').waitFor();
    await panel().getByRole('button', { name: 'Add a phone' }).focus();
    await page.keyboard.press('Enter');
    const field = dialog().getByLabel('Phone number');
    expect(await field.evaluate((input) => input === document.activeElement)).toBe(true);
    expect(await dialog().getByText('of Germany or United States').count()).toBe(1);
    // Without another factor there is nothing to choose.
    expect(await dialog().getByRole('checkbox').count()).toBe(0);
    await page.keyboard.type('0151 23456789');
    await page.keyboard.press('Enter');
    await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true');
    await field.fill(number);
    await page.keyboard.press('Enter');
    await dialog()
      .getByText(`It was sent to ${shortened(number)}.`)
      .waitFor();
    const code = dialog().getByLabel('Code of the SMS');
    expect(await code.evaluate((input) => input === document.activeElement)).toBe(true);
    expect(await code.getAttribute('autocomplete')).toBe('one-time-code');
    const sent = await twilio.takeCode(number);
    await page.keyboard.type(otherCode(sent));
    await dialog().getByText('This code is wrong.').waitFor();
    await code.fill(sent);
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(await rows().innerText()).toMatch(/\+49•+\d\d\s+Germany\s+Verified now/);
    // The focus is where it was before the dialog.
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Add a phone');
  });

  test('a user with an app makes a phone the second step, replaces it, turns it off and removes it', async () => {
    const app = await enrol(gateway);
    const { accessToken } = app.session;
    const methodsOf = async () => (await challenge(gateway, app.email)).methods;
    const [number, other] = [newNumber(), newNumber()];
    await addPhone(gateway, twilio, app.session, { number });
    // The session of the page has proven the password alone, which is too little for an account with an app.
    await page.goto(`${origin}/account/sign-in`);
    await page.getByLabel('Email address').fill(app.email);
    await page.getByLabel('Password', { exact: true }).fill('Wander 7 lanterns');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.locator('input[name=code]').fill(app.code());
    await page.waitForURL(/security/);
    await settled(page);

    await press('Use as second step');
    await verify(number);
    await rows().getByText('Second step', { exact: true }).waitFor();
    expect(await methodsOf()).toContain('SMS_CODE');

    await press(`Replace ${shortened(number)}`);
    await verify(other);
    await expect.poll(() => rows().count()).toBe(1);
    await rows().getByText(shortened(other)).waitFor();
    expect(await phonesOf(gateway, { accessToken })).toMatchObject([{ maskedNumber: shortened(other), factor: true }]);

    await press('Stop as second step');
    await verify(other);
    await rows().getByRole('button', { name: 'Use as second step' }).waitFor();
    expect(await methodsOf()).not.toContain('SMS_CODE');

    await press(`Remove ${shortened(other)}`);
    await inDialog('Remove phone');
    await panel().getByText('No phone yet.').waitFor();
    expect(await phonesOf(gateway, { accessToken })).toEqual([]);
  });

  test('a fourth phone is not offered, and a code that expired says what to do', async () => {
    const user = await createPerson(gateway);
    for (let added = 0; added < 2; added += 1) await addPhone(gateway, twilio, user);
    await openSecurity(user.email);
    await press('Add a phone');
    const number = newNumber();
    await dialog().getByLabel('Phone number').fill(number);
    await inDialog('Send code');
    const code = await twilio.takeCode(number);
    await gateway.database.query('update code_flows set expires_at = created_at where purpose = $1', ['PHONE']);
    await dialog().getByLabel('Code of the SMS').fill(code);
    await dialog().getByText('This code has expired').waitFor();
    await inDialog('Cancel');
    await press('Add a phone');
    await verify(newNumber());
    await expect.poll(() => rows().count()).toBe(3);
    const add = panel().getByRole('button', { name: 'Add a phone' });
    expect(await add.getAttribute('aria-disabled')).toBe('true');
    await panel().getByText('Remove one first.').waitFor();
  });

  test('a failed load can be tried again', async () => {
    await signInPages(page, origin, await registerUser(gateway));
    let isAway = true;
    await page.route('**/graphql', (route) =>
      isAway && route.request().postData()?.includes('query Phones') ? route.abort() : route.continue(),
    );
    await page.goto(`${origin}/account/security`);
    await panel().getByRole('alert').waitFor();
    isAway = false;
    await press('Try again');
    await panel().getByText('No phone yet.').waitFor();
    watched.complaints.splice(0);
  });

  test('nothing of phones is drawn for a role without its required factor', async () => {
    const { email } = await createPerson(gateway);
    await gateway.database.query(`update users set role_name = 'ADMIN' where email = $1`, [email]);
    await openSecurity(email);
    expect(await panel().count()).toBe(0);
  });
});

test('without text messages nothing of phones is drawn', slow, async () => {
  const without = await startPages({});
  watched = await openWatched(browser);
  ({ page } = watched);
  const answered = page.waitForResponse((response) => response.request().postData()?.includes('query Phones') ?? false);
  await openSecurity(await registerUser(without), originOf(without));
  expect(await (await answered).text()).toContain('"phoneRules":null');
  expect(await panel().count()).toBe(0);
  await watched.close();
  await without.stop();
});

describe.each(looks)('In the look $name', slow, ({ name, options }) => {
  test('the phones and their dialogs are accessible', async () => {
    watched = await openWatched(browser, options);
    ({ page } = watched);
    const check = async (step: string) => {
      await settled(page);
      if (SCREENSHOTS) await page.screenshot({ path: `${SCREENSHOTS}/${step}-${name}.png`, fullPage: true });
      expect([step, await accessibilityProblems(page)]).toEqual([step, []]);
      expect([step, await sidewaysPixels(page)]).toEqual([step, 0]);
    };
    const user = await createPerson(gateway);
    await addPhone(gateway, twilio, user);
    await openSecurity(user.email);
    await check('phones');
    await panel().locator('header button').click();
    await check('phones-number');
    const number = newNumber();
    await dialog().locator('input[name=number]').fill(number);
    await dialog().locator('button[type=submit]').click();
    await dialog()
      .locator('input[name=code]')
      .fill(otherCode(await twilio.takeCode(number)));
    await dialog().locator('[aria-invalid=true]').waitFor();
    await check('phones-code');
    await watched.close();
  });
});
