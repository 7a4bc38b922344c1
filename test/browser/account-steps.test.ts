/** The further steps of a sign-in on the account pages, in every look. Needs `npm run build`. */
import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startBrowser } from '../support/browser/browser.ts';
import { looks } from '../support/browser/looks.ts';
import { accessibilityProblems, settled, sidewaysPixels } from '../support/browser/served-pages.ts';
import { openWatched, type WatchedPage } from '../support/browser/watched-page.ts';
import {
  goodPassword,
  newAddress,
  registerUser,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { enrol, wrongCode } from '../support/people/authenticator.ts';
import { entryOf, type ProvidersFile, writeProviders } from '../support/people/federated.ts';
import { freePort } from '../support/servers/free-port.ts';
import { type IdentityProvider, startIdentityProvider } from '../support/servers/identity-provider.ts';

/** A first run may have to fetch the browser. */
const fetchingMs = 600_000;
/** Chromium reports the HTTP status of a refused operation; the page shows the refusal. */
const refusedOperation = /the server responded with a status of 401/;
/** A folder for screenshots of every step. */
const { SCREENSHOTS } = process.env;

let origin: string;
let provider: IdentityProvider;
let file: ProvidersFile;
let gateway: TestGateway;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  origin = `http://localhost:${await freePort()}`;
  provider = await startIdentityProvider(`${origin}/auth/callback/test`);
  file = await writeProviders([entryOf(provider)]);
  const settings = { PORT: new URL(origin).port, PUBLIC_URL: origin, APP_URL: '', PAGES: 'all' };
  [gateway, browser] = await Promise.all([
    startTestGateway({ ...settings, FEDERATED_PROVIDERS: file.path }),
    startBrowser(),
  ]);
  if (SCREENSHOTS) await mkdir(SCREENSHOTS, { recursive: true });
}, fetchingMs);
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
  await file?.remove();
  await provider?.stop();
});

let serial = 0;
/** The user of the next visit to the provider. */
function user(email: string): void {
  serial += 1;
  provider.user = { subject: `subject-${serial}`, email, email_verified: true, name: 'Ada <b>Lovelace</b>' };
}

const submit = () => page.locator('main button[type=submit]').click();
const arrive = (path: string) => page.waitForURL(`${origin}/account/${path}`);

async function enterPassword(email: string): Promise<void> {
  await page.goto(`${origin}/account/sign-in`);
  await page.locator('input[name=email]').fill(email);
  await page.locator('input[name=password]').fill(goodPassword);
  await submit();
}

async function visitProvider(): Promise<void> {
  await page.goto(`${origin}/account/sign-in`);
  await page.locator('[data-part=provider-buttons] button').click();
}

describe.each(looks)('In the look $name', { timeout: 120_000 }, ({ name, options }) => {
  beforeEach(async () => {
    watched = await openWatched(browser, options);
    ({ page } = watched);
    page.setDefaultTimeout(10_000);
  });
  afterEach(async () => {
    await watched.close();
    expect(watched.complaints.filter((text) => !refusedOperation.test(text))).toEqual([]);
  });

  async function check(step: string): Promise<void> {
    await settled(page);
    if (SCREENSHOTS) await page.screenshot({ path: `${SCREENSHOTS}/${step}-${name}.png`, fullPage: true });
    expect([step, await accessibilityProblems(page)]).toEqual([step, []]);
    expect([step, await sidewaysPixels(page)]).toEqual([step, 0]);
  }

  test('the second step is accessible in each of its ways, and with an error', async () => {
    const app = await enrol(gateway);
    await enterPassword(app.email);
    await arrive('second-step');
    const code = page.locator('input[name=code]');
    await check('second-step-app');
    expect(await code.evaluate((input) => input === document.activeElement)).toBe(true);
    await code.fill(wrongCode(app));
    await page.locator('[aria-invalid=true]').waitFor();
    await check('second-step-error');
    await page.locator('.way').click();
    await check('second-step-backup-code');
    await code.fill(app.backupCodes[0] ?? '');
    await submit();
    await arrive('security');
  });

  test('a sign-up with a provider is accessible', async () => {
    const email = newAddress();
    user(email);
    await visitProvider();
    await arrive('finish-sign-up');
    await check('finish-sign-up');
    expect(await page.locator('input[name=displayName]').inputValue()).toBe('Ada <b>Lovelace</b>');
    await submit();
    await arrive('security');
  });

  test('the link of an account is accessible', async () => {
    const email = await registerUser(gateway);
    user(email);
    await visitProvider();
    await arrive('link');
    await check('link');
    await page.locator('input[name=password]').fill(goodPassword);
    await submit();
    await arrive('security');
  });
});
