/** The screens of service accounts of the console in a real browser. Needs `npm run build`. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '../support/browser/browser.ts';
import { accessibilityProblems, complaintsOf, sidewaysPixels, signInPages } from '../support/browser/served-pages.ts';
import { refusal, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { AuditEntriesDocument } from '../support/generated/graphql.ts';
import { createApiKey, createServiceAccount, machineOf } from '../support/people/api-keys.ts';
import {
  createUserWithRole,
  lockoutAndVerificationOff,
  type UserWithRole,
} from '../support/people/users-with-roles.ts';
import { freePort } from '../support/servers/free-port.ts';

/** A first run may have to fetch the browser. */
const fetchingMs = 600_000;
const slowMs = 120_000;
/** A folder for screenshots. */
const { SCREENSHOTS } = process.env;

let gateway: TestGateway;
let origin: string;
let browser: Browser;
let context: BrowserContext | undefined;
let admin: UserWithRole;

beforeAll(async () => {
  origin = `http://localhost:${await freePort()}`;
  const settings = { PORT: new URL(origin).port, PUBLIC_URL: origin, APP_URL: origin, PAGES: 'all' };
  [gateway, browser] = await Promise.all([
    startTestGateway({ ...lockoutAndVerificationOff, ...settings }),
    startBrowser(),
  ]);
  admin = await createUserWithRole(gateway, 'SUPER_ADMIN', 'Ada Lovelace');
}, fetchingMs);
afterEach(() => context?.close());
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});

async function open(user: UserWithRole, path = '', { width = 1440, locale = 'en-GB', dark = false } = {}) {
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
  await page.goto(`${origin}/console/service-accounts${path}`);
  await page.locator('h1').waitFor();
  return { page, complaints };
}

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });
const dialogOf = (page: Page, name: string) => page.getByRole('dialog', { name });

/** The secret that the page shows once, after the page no longer has it. */
async function takeSecret(page: Page, title: string): Promise<string> {
  const shown = dialogOf(page, title);
  const secret = await shown.locator('code').innerText();
  await shown.getByRole('checkbox').check();
  await shown.getByRole('button', { name: 'Done' }).click();
  await expect.poll(() => shown.count()).toBe(0);
  expect(await page.content()).not.toContain(secret);
  return secret;
}

/** The status of an answer of the token endpoint. */
async function tokenStatus(id: string, secret: string): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  return (await fetch(`${gateway.url}/oauth/token`, { method: 'POST', headers: { authorization }, body })).status;
}

async function reasonOf(action: string): Promise<string | null | undefined> {
  const { auditEntries } = await gateway.send(AuditEntriesDocument, { where: { action } }, admin.accessToken);
  return auditEntries.nodes[0]?.reason;
}

test('An administrator creates a service account, gives it a key and a client secret, and takes all back', async () => {
  const { page, complaints } = await open(admin);
  await page.getByText('No service account yet').waitFor();
  await page.getByRole('button', { name: 'Create service account' }).click();
  const creation = dialogOf(page, 'Create a service account');
  await creation.getByLabel('Name').fill('Nightly <b>build</b>');
  await creation.getByLabel('Role').selectOption('ADMIN');
  expect(await creation.getByRole('option', { name: 'SUPER_ADMIN' }).count()).toBe(0);
  expect(await accessibilityProblems(page)).toEqual([]);
  await creation.getByRole('button', { name: 'Create service account' }).click();
  await heading(page, 'Nightly <b>build</b>').waitFor();
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';

  await page.getByRole('button', { name: 'Create key' }).click();
  const keyDialog = dialogOf(page, 'Create an API key');
  await keyDialog.getByLabel('Name').fill('Runner');
  await keyDialog.getByRole('checkbox', { name: 'users:read' }).check();
  expect(await accessibilityProblems(page)).toEqual([]);
  await keyDialog.getByRole('button', { name: 'Create key' }).click();
  const key = await takeSecret(page, 'Save your API key');
  expect(await machineOf(gateway, key)).toMatchObject({ id, scopes: ['users:read'] });
  await page.getByRole('button', { name: 'Rotate key Runner' }).click();
  const rotation = dialogOf(page, 'Rotate the key Runner?');
  await rotation.getByLabel('The former secret still works for').selectOption('0');
  await rotation.getByRole('button', { name: 'Rotate key' }).click();
  const rotated = await takeSecret(page, 'Save your API key');
  expect((await refusal(machineOf(gateway, key))).code).toBe('UNAUTHENTICATED');
  expect((await machineOf(gateway, rotated))?.id).toBe(id);

  await page.getByRole('button', { name: 'Create secret' }).click();
  await dialogOf(page, 'Create a client secret').getByRole('button', { name: 'Create secret' }).click();
  const secret = await takeSecret(page, 'Save the client secret');
  expect(await tokenStatus(id, secret)).toBe(200);
  expect(await accessibilityProblems(page)).toEqual([]);
  if (SCREENSHOTS) await page.screenshot({ path: `${SCREENSHOTS}/service-account-1440-light.png`, fullPage: true });

  await page.getByRole('button', { name: 'Suspend' }).click();
  const suspension = dialogOf(page, 'Suspend Nightly <b>build</b>?');
  await suspension.getByRole('button', { name: 'Suspend service account' }).click();
  expect(await suspension.getByLabel('Reason').getAttribute('aria-invalid')).toBe('true');
  await suspension.getByLabel('Reason').fill('Leaked, ticket 7');
  await suspension.getByRole('button', { name: 'Suspend service account' }).click();
  await page.locator('.page-head .chip', { hasText: 'Suspended' }).waitFor();
  expect(await page.getByRole('button', { name: /Create|Rotate|Edit/ }).count()).toBe(0);
  expect(await reasonOf('service_account.suspended')).toBe('Leaked, ticket 7');
  expect((await refusal(machineOf(gateway, rotated))).code).toBe('UNAUTHENTICATED');
  expect(await tokenStatus(id, secret)).toBe(401);

  await page.getByRole('button', { name: 'Reactivate' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Reactivate service account' }).click();
  await page.locator('.page-head', { hasText: 'Active' }).waitFor();
  expect(await tokenStatus(id, secret)).toBe(200);
  await page.getByRole('button', { name: 'Revoke client secret' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke secret' }).click();
  await page.getByText('No client secret').waitFor();
  expect(await tokenStatus(id, secret)).toBe(401);

  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByLabel('Reason').fill('Replaced');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete service account' }).click();
  await page.locator('.page-head .chip', { hasText: 'Deleted' }).waitFor();
  expect(await page.locator('.page-head').getByRole('button').count()).toBe(0);
  expect(await reasonOf('service_account.deleted')).toBe('Replaced');
  expect((await refusal(machineOf(gateway, rotated))).code).toBe('UNAUTHENTICATED');
  await page.locator('main').getByRole('link', { name: 'Service accounts' }).click();
  await page.getByText('No service account yet').waitFor();
  expect(complaints).toEqual([]);
}, 180_000);

test(
  'A key that was not used for 90 days is marked, on a phone and in the dark',
  async () => {
    const id = await createServiceAccount(gateway, admin.accessToken, 'MODERATOR');
    const choices = { serviceAccountId: id, scopes: ['users:read'], name: 'Forgotten '.repeat(9).trim() };
    await createApiKey(gateway, admin.accessToken, choices);
    await gateway.database.query("update api_keys set created_at = now() - interval '91 days'");
    const { page, complaints } = await open(admin, `/${id}`, { width: 390, dark: true });
    await page.getByText('Unused for 90 days').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await sidewaysPixels(page)).toBe(0);
    if (SCREENSHOTS) await page.screenshot({ path: `${SCREENSHOTS}/service-account-390-dark.png`, fullPage: true });
    await page.goto(`${origin}/console/service-accounts`);
    await page.locator('.rows a').first().waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await sidewaysPixels(page)).toBe(0);
    if (SCREENSHOTS) await page.screenshot({ path: `${SCREENSHOTS}/service-accounts-390-dark.png`, fullPage: true });
    expect(complaints).toEqual([]);
  },
  slowMs,
);

test(
  'An administrator changes no service account whose role has the own rank',
  async () => {
    const id = await createServiceAccount(gateway, admin.accessToken, 'ADMIN');
    const { page } = await open(await createUserWithRole(gateway, 'ADMIN'), `/${id}`);
    await page.getByText('Your role may not change this service account.').waitFor();
    expect(
      await page
        .locator('main')
        .getByRole('button', { name: /Create|Suspend|Delete/ })
        .count(),
    ).toBe(0);
  },
  slowMs,
);

test(
  'An id without a service account is said to be one',
  async () => {
    const { page } = await open(admin, `/${admin.id}`);
    await page.getByText('There is no such service account').waitFor();
  },
  slowMs,
);

test(
  'The screen needs the permission service-accounts:write',
  async () => {
    const { page } = await open(await createUserWithRole(gateway, 'MODERATOR'));
    expect(await page.locator('main').innerText()).toContain('service-accounts:write');
    expect(await page.getByRole('link', { name: 'Service accounts' }).count()).toBe(0);
  },
  slowMs,
);

test(
  'The screen speaks German where the browser does',
  async () => {
    const { page } = await open(admin, '', { locale: 'de-DE' });
    expect(await page.locator('h1').innerText()).toBe('Dienstkonten');
    await page.getByRole('button', { name: 'Dienstkonto anlegen' }).waitFor();
  },
  slowMs,
);
