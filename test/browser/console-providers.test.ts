/** The screen Providers of the console in a real browser. Needs `npm run build`. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '../support/browser/browser.ts';
import { accessibilityProblems, complaintsOf, sidewaysPixels, signInPages } from '../support/browser/served-pages.ts';
import { startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { FederatedProvidersDocument } from '../support/generated/graphql.ts';
import { type ProvidersFile, writeProviders } from '../support/people/federated.ts';
import {
  createUserWithRole,
  lockoutAndVerificationOff,
  type UserWithRole,
} from '../support/people/users-with-roles.ts';
import { type FakeProvider, startFakeProvider } from '../support/servers/fake-provider.ts';
import { freePort } from '../support/servers/free-port.ts';

/** A first run may have to fetch the browser. */
const fetchingMs = 600_000;

let gateway: TestGateway;
let origin: string;
let browser: Browser;
let context: BrowserContext | undefined;
let provider: FakeProvider;
let file: ProvidersFile;
let admin: UserWithRole;

beforeAll(async () => {
  origin = `http://localhost:${await freePort()}`;
  provider = await startFakeProvider();
  const fixed = { slug: 'fixed', kind: 'OIDC', displayName: 'Fixed', issuer: 'http://127.0.0.1:9', clientId: 'id' };
  file = await writeProviders([fixed]);
  const settings = { PORT: new URL(origin).port, PUBLIC_URL: origin, APP_URL: origin, PAGES: 'all' };
  [gateway, browser] = await Promise.all([
    startTestGateway({ ...lockoutAndVerificationOff, ...settings, FEDERATED_PROVIDERS: file.path }),
    startBrowser(),
  ]);
  admin = await createUserWithRole(gateway, 'SUPER_ADMIN', 'Ada Lovelace');
}, fetchingMs);
afterEach(() => context?.close());
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
  await file?.remove();
  await provider?.stop();
});

async function open(user: UserWithRole, { width = 1440, locale = 'en-GB' } = {}) {
  context = await browser.newContext({ viewport: { width, height: 900 }, locale, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await signInPages(page, origin, user.email);
  const complaints = complaintsOf(page);
  await page.goto(`${origin}/console/providers`);
  await page.locator('h1').waitFor();
  return { page, complaints };
}

const rowOf = (page: Page, name: string) => page.locator('.rows > li', { hasText: name });
const offered = async () =>
  (await gateway.send(FederatedProvidersDocument, {})).federatedProviders.map(({ displayName }) => displayName);

test('An administrator adds a provider, tests it, changes it, disables it and deletes it', async () => {
  const { page, complaints } = await open(admin);
  await page.getByRole('button', { name: 'Add a provider' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Short name').fill('Company');
  await dialog.getByLabel('Name on the button').fill('Company');
  await dialog.getByLabel('Issuer').fill(provider.url);
  await dialog.getByLabel('Client ID').fill('client');
  await dialog.getByLabel('Client secret').fill('planted-client-secret');
  expect(await accessibilityProblems(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Add a provider' }).click();
  await expect.poll(() => dialog.getByLabel('Short name').getAttribute('aria-invalid')).toBe('true');
  await dialog.getByLabel('Short name').fill('company');
  await dialog.getByRole('button', { name: 'Add a provider' }).click();
  await page.getByText('Company was added.').waitFor();
  expect(await offered()).toEqual(['Fixed', 'Company']);
  expect(await rowOf(page, 'Company').innerText()).toContain(`${origin}/auth/callback/company`);

  await page.getByRole('button', { name: 'Test Company' }).click();
  await rowOf(page, 'Company').getByText('The gateway can use this provider.').waitFor();

  await page.getByRole('button', { name: 'Edit Company' }).click();
  expect(await dialog.getByLabel('Client secret').inputValue()).toBe('');
  await dialog.getByLabel('Name on the button').fill('The company');
  await dialog.getByLabel('Allowed domains').fill('example.com, example.org');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The company was saved.').waitFor();
  await page.getByRole('button', { name: 'Edit The company' }).click();
  expect(await dialog.getByLabel('Allowed domains').inputValue()).toBe('example.com, example.org');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Disable The company' }).click();
  await page.getByText('The company is disabled.').waitFor();
  expect(await rowOf(page, 'The company').innerText()).toContain('Disabled');
  expect(await offered()).toEqual(['Fixed']);
  await page.getByRole('button', { name: 'Delete The company' }).click();
  await dialog.getByRole('button', { name: 'Delete the provider' }).click();
  await expect.poll(() => rowOf(page, 'The company').count()).toBe(0);
  expect(await page.content()).not.toContain('planted-client-secret');
  expect(complaints).toEqual([]);
}, 60_000);

test('A provider of the file can be tested and not changed', async () => {
  const { page } = await open(admin, { width: 390 });
  const row = rowOf(page, 'Fixed');
  await row.getByText('From the file').waitFor();
  expect(await row.getByRole('button', { name: /Edit|Disable|Delete/ }).count()).toBe(0);
  await row.getByRole('button', { name: 'Test Fixed' }).click();
  await row.getByText('The gateway cannot use this provider.').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(await sidewaysPixels(page)).toBe(0);
}, 60_000);

test('The screen needs the permission providers:write', async () => {
  const { page } = await open(await createUserWithRole(gateway, 'ADMIN'));
  expect(await page.locator('main').innerText()).toContain('providers:write');
  expect(await page.getByRole('link', { name: 'Providers' }).count()).toBe(0);
}, 60_000);

test('The screen speaks German where the browser does', async () => {
  const { page } = await open(admin, { locale: 'de-DE' });
  expect(await page.locator('h1').innerText()).toBe('Anbieter');
  await page.getByRole('button', { name: 'Anbieter hinzufügen' }).waitFor();
}, 60_000);
