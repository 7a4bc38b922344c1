/** The access check of the console in a real browser. Needs `npm run build`. */
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '../support/browser/browser.ts';
import { accessibilityProblems, complaintsOf, sidewaysPixels, signInPages } from '../support/browser/served-pages.ts';
import { startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import {
  createUserWithRole,
  lockoutAndVerificationOff,
  type UserWithRole,
} from '../support/people/users-with-roles.ts';
import { freePort } from '../support/servers/free-port.ts';

/** A first run may have to fetch the browser. */
const fetchingMs = 600_000;
const slow = { timeout: 120_000 };

let gateway: TestGateway;
let origin: string;
let browser: Browser;
let context: BrowserContext;
let admin: UserWithRole;
let grace: UserWithRole;

beforeAll(async () => {
  origin = `http://localhost:${await freePort()}`;
  const settings = { PORT: new URL(origin).port, PUBLIC_URL: origin, APP_URL: origin, PAGES: 'all' };
  [gateway, browser] = await Promise.all([
    startTestGateway({ ...lockoutAndVerificationOff, ...settings }),
    startBrowser(),
  ]);
  admin = await createUserWithRole(gateway, 'SUPER_ADMIN', 'Ada Lovelace');
  grace = await createUserWithRole(gateway, 'USER', 'Grace Hopper');
}, fetchingMs);
afterEach(() => context?.close());
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});

async function open(path: string, { width = 1440, locale = 'en-GB', user = admin } = {}) {
  context = await browser.newContext({ viewport: { width, height: 900 }, locale, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await signInPages(page, origin, user.email);
  const complaints = complaintsOf(page);
  await page.goto(`${origin}/console/${path}`);
  await page.locator('h1').waitFor();
  return { page, complaints };
}

test('names the requirement that a user does not meet, before the others', slow, async () => {
  const { page, complaints } = await open('overview');
  await page.getByRole('link', { name: 'Access check' }).click();
  await page.getByRole('heading', { level: 1, name: 'Access check' }).waitFor();
  await page.getByRole('searchbox', { name: 'Search by name or email' }).fill('hopp');
  await page.getByRole('button', { name: /Grace Hopper/ }).click();
  await page.waitForURL(`**/access?user=${grace.id}`);

  await page.getByLabel('Operation').fill('noSuchOperation');
  await page.getByRole('button', { name: 'Check access' }).click();
  await page.locator('[aria-invalid="true"]').waitFor();
  await page.getByLabel('Operation').fill('suspendUser');
  await page.getByRole('button', { name: 'Check access' }).click();
  const answer = page.getByRole('status', { name: 'Answer' });
  await answer.getByText('suspendUser is denied').waitFor();
  const first = answer.getByRole('listitem').first();
  expect(await first.innerText()).toMatch(/^Permission\s+Required users:moderate[\s\S]*Not met$/);
  expect(await answer.getByText('Met', { exact: true }).count()).toBeGreaterThan(0);
  expect(await accessibilityProblems(page)).toEqual([]);

  await page.getByRole('button', { name: 'Choose another' }).click();
  await page.getByRole('button', { name: /Ada Lovelace/ }).click();
  await page.getByLabel('Operation').fill('suspendUser');
  await page.getByRole('button', { name: 'Check access' }).click();
  await answer.getByText('suspendUser is allowed').waitFor();
  expect(complaints.filter((text) => !text.includes('400'))).toEqual([]);
});

test('is a tab of a user, and fits a phone in German', slow, async () => {
  const { page } = await open(`users/${grace.id}?tab=access`, { width: 320, locale: 'de-DE' });
  await page.getByLabel('Operation').fill('Query.users');
  await page.getByRole('button', { name: 'Zugriff prüfen' }).click();
  await page.getByText('Query.users wird abgelehnt').waitFor();
  expect(await sidewaysPixels(page)).toBe(0);
  expect(await accessibilityProblems(page)).toEqual([]);
});

test.each([1440, 390])('compares the rank of the concerned user, at %d pixels', slow, async (width) => {
  const { id } = await createUserWithRole(gateway, 'MODERATOR');
  const { page, complaints } = await open(`users/${id}?tab=access`, { width });
  const answer = page.getByRole('status', { name: 'Answer' });
  const check = async (target: string) => {
    await page.getByRole('button', { name: /^Concerned user/ }).click();
    const picker = page.getByRole('dialog', { name: 'Concerned user' });
    await picker.getByRole('searchbox').fill(target);
    await picker.getByRole('button', { name: new RegExp(target) }).click();
    await page.getByRole('button', { name: 'Check access' }).click();
  };
  await page.getByLabel('Operation').fill('suspendUser');
  await check('Grace Hopper');
  await answer.getByText('suspendUser is allowed').waitFor();
  await check('Ada Lovelace');
  await answer.getByText('suspendUser is denied').waitFor();
  expect(await answer.getByRole('listitem').first().innerText()).toMatch(/^Rank[\s\S]*Not met$/);
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(await sidewaysPixels(page)).toBe(0);
  await page.getByRole('button', { name: 'Remove the concerned user' }).click();
  await page.getByRole('button', { name: 'Check access' }).click();
  await answer.getByText('suspendUser is allowed').waitFor();
  expect(complaints).toEqual([]);
});

test('needs the permission audit:read', slow, async () => {
  const { page } = await open('access', { user: await createUserWithRole(gateway, 'MODERATOR') });
  expect(await page.locator('main').innerText()).toContain('audit:read');
});
