/** The screens of webhooks of the console in a real browser. Needs `npm run build`. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '../support/browser/browser.ts';
import { accessibilityProblems, complaintsOf, sidewaysPixels, signInPages } from '../support/browser/served-pages.ts';
import { startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import {
  createUserWithRole,
  lockoutAndVerificationOff,
  type UserWithRole,
} from '../support/people/users-with-roles.ts';
import { createWebhook } from '../support/people/webhooks.ts';
import { freePort } from '../support/servers/free-port.ts';
import { answering, startWebhookReceiver, verify, type WebhookReceiver } from '../support/servers/webhook-receiver.ts';

/** A first run may have to fetch the browser. */
const fetchingMs = 600_000;
const slowMs = 120_000;
/** A folder for screenshots. */
const { SCREENSHOTS } = process.env;
const hostile = '<img src=x onerror="document.title=1"><b>broken</b>';

let gateway: TestGateway;
let origin: string;
let browser: Browser;
let context: BrowserContext | undefined;
let admin: UserWithRole;
let receiver: WebhookReceiver;

beforeAll(async () => {
  origin = `http://localhost:${await freePort()}`;
  const settings = { PORT: new URL(origin).port, PUBLIC_URL: origin, APP_URL: origin, PAGES: 'all' };
  [gateway, browser, receiver] = await Promise.all([
    startTestGateway({ ...lockoutAndVerificationOff, ...settings }),
    startBrowser(),
    startWebhookReceiver(),
  ]);
  admin = await createUserWithRole(gateway, 'ADMIN', 'Ada Lovelace');
}, fetchingMs);
afterEach(() => context?.close());
afterAll(async () => {
  await browser?.close();
  await receiver?.stop();
  await gateway?.stop();
});

async function open(user: UserWithRole, { path = '', width = 1440, locale = 'en-GB', dark = false } = {}) {
  context = await browser.newContext({
    viewport: { width, height: 900 },
    locale,
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await signInPages(page, origin, user.email);
  const complaints = complaintsOf(page);
  await page.goto(`${origin}/console/webhooks${path}`);
  await page.locator('h1').waitFor();
  return { page, complaints };
}

const dialogOf = (page: Page, name: string) => page.getByRole('dialog', { name });

/** The secret that the page shows once, after the page no longer has it. */
async function takeSecret(page: Page): Promise<string> {
  const shown = dialogOf(page, 'Save the secret');
  const secret = await shown.locator('code').innerText();
  await shown.getByRole('checkbox').check();
  await shown.getByRole('button', { name: 'Done' }).click();
  await expect.poll(() => shown.count()).toBe(0);
  expect(await page.content()).not.toContain(secret);
  return secret;
}

test(
  'An administrator creates a webhook, tests it, sends a message again, and takes it back',
  async () => {
    const { page, complaints } = await open(admin);
    await page.getByText('No webhook yet').waitFor();
    await page.getByRole('button', { name: 'Create webhook' }).click();
    const creation = dialogOf(page, 'Create webhook');
    await creation.getByRole('textbox', { name: 'Address' }).fill(receiver.url);
    await creation.getByRole('textbox', { name: 'Description' }).fill('Billing <b>system</b>');
    await creation.getByRole('checkbox', { name: 'user.created' }).check();
    expect(await accessibilityProblems(page)).toEqual([]);
    await creation.getByRole('button', { name: 'Create webhook' }).click();
    const secret = await takeSecret(page);
    await page.getByRole('heading', { level: 1, name: `127.0.0.1:${receiver.port}` }).waitFor();
    await page.getByText('Billing <b>system</b>').waitFor();

    receiver.answer(answering(500, {}, hostile));
    await page.getByRole('button', { name: 'Send test event' }).click();
    await page.getByText('webhook.test failed and is retried').waitFor();
    const [message] = receiver.received;
    expect(message && verify(secret, message)).toMatchObject({ type: 'webhook.test' });
    expect(await page.locator('.entries').getByText(hostile).count()).toBe(1);
    expect(await page.locator('.entries img, .entries b').count()).toBe(0);
    expect(await page.title()).toContain('127.0.0.1');
    expect(await accessibilityProblems(page)).toEqual([]);
    if (SCREENSHOTS) await page.screenshot({ path: `${SCREENSHOTS}/webhook-1440-light.png`, fullPage: true });

    receiver.answer(answering(204));
    await page.getByRole('button', { name: 'Deliver again: webhook.test' }).click();
    await page.getByText('webhook.test was delivered').waitFor();
    await page.getByRole('button', { name: 'Rotate secret' }).click();
    await dialogOf(page, 'Rotate the secret?').getByRole('button', { name: 'Rotate secret' }).click();
    expect(await takeSecret(page)).not.toBe(secret);
    await page.getByRole('button', { name: 'Disable' }).click();
    await dialogOf(page, 'Disable this webhook?').getByRole('button', { name: 'Disable' }).click();
    await page.locator('.page-head .chip', { hasText: 'Disabled' }).waitFor();
    await page.getByRole('button', { name: 'Enable' }).click();
    await page.locator('.page-head', { hasText: 'Enabled' }).waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await dialogOf(page, 'Delete this webhook?').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No webhook yet').waitFor();
    expect(complaints).toEqual([]);
  },
  slowMs,
);

test('An address that the gateway may not call is refused beside its field', async () => {
  const { page } = await open(admin);
  await page.getByRole('button', { name: 'Create webhook' }).click();
  const creation = dialogOf(page, 'Create webhook');
  await creation.getByRole('textbox', { name: 'Address' }).fill('https://169.254.169.254/');
  await creation.getByRole('checkbox', { name: 'user.created' }).check();
  await creation.getByRole('button', { name: 'Create webhook' }).click();
  await expect.poll(() => creation.getByRole('textbox', { name: 'Address' }).getAttribute('aria-invalid')).toBe('true');
});

test('The screens fit a phone, in German and in the dark', async () => {
  const { id } = await createWebhook(gateway, admin, {
    url: `${receiver.url}/${'long'.repeat(60)}`,
    events: ['USER_CREATED', 'USER_ROLE_CHANGED', 'API_KEY_CREATED', 'SESSION_STARTED'],
  });
  const { page } = await open(admin, { width: 390, locale: 'de-DE', dark: true });
  await page.getByRole('link', { name: 'longlong' }).waitFor();
  expect(await sidewaysPixels(page)).toBe(0);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.goto(`${origin}/console/webhooks/${id}`);
  await page.getByRole('heading', { name: 'Zustellungen' }).waitFor();
  expect(await sidewaysPixels(page)).toBe(0);
  expect(await accessibilityProblems(page)).toEqual([]);
  if (SCREENSHOTS) await page.screenshot({ path: `${SCREENSHOTS}/webhook-390-dark.png`, fullPage: true });
});

test('The screen needs the permission webhooks:write', async () => {
  const { page } = await open(await createUserWithRole(gateway, 'MODERATOR'));
  expect(await page.locator('main').innerText()).toContain('webhooks:write');
});
