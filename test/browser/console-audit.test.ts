/** The screens Audit and Roles in a real browser: what they say, how they are used, and what the browser reports. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { plantHistory } from '../support/browser/audit-history.ts';
import { startBrowser } from '../support/browser/browser.ts';
import { accessibilityProblems, complaintsOf, sidewaysPixels, signInPages } from '../support/browser/served-pages.ts';
import { startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { UpdateProfileDocument } from '../support/generated/graphql.ts';
import { auditTrail } from '../support/people/audit.ts';
import { createUserWithRole, lockoutAndVerificationOff } from '../support/people/users-with-roles.ts';
import { freePort } from '../support/servers/free-port.ts';

/** A first run may have to fetch the browser. */
const fetchingMs = 600_000;
/** A folder for pictures of every screen, to look at beside the design. */
const pictures = process.env.SCREENSHOTS;

let gateway: TestGateway;
let browser: Browser;
let page: Page;
let complaints: string[];
let email: string;
let origin: string;
let grace: string;

beforeAll(async () => {
  const port = String(await freePort());
  origin = `http://localhost:${port}`;
  const settings = { PORT: port, PUBLIC_URL: origin, APP_URL: '', PAGES: 'all', ACCESS_TOKEN_TTL: '1h' };
  [gateway, browser] = await Promise.all([
    startTestGateway({ ...lockoutAndVerificationOff, ...settings }),
    startBrowser(),
  ]);
  ({ grace } = await plantHistory(gateway));
  email = (await createUserWithRole(gateway, 'SUPER_ADMIN', 'Dorothy Vaughan')).email;
}, fetchingMs);
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});
afterEach(async () => {
  await page.context().close();
  expect(complaints).toEqual([]);
});

/** Signs in and opens a page of the console. */
async function open(path: string, options: BrowserContextOptions = {}, as = email): Promise<void> {
  const viewport = { width: 1440, height: 900 };
  const context = await browser.newContext({ viewport, locale: 'en-GB', reducedMotion: 'reduce', ...options });
  page = await context.newPage();
  await signInPages(page, origin, as);
  complaints = complaintsOf(page);
  await page.goto(`${origin}/console/${path}`);
  await page.locator('h1').waitFor();
}

async function look(name: string): Promise<void> {
  if (pictures) await page.screenshot({ path: `${pictures}/${name}.png` });
}

const widths = [1440, 390, 320] as const;
const themes = ['light', 'dark'] as const;
const roleChanges = 'audit?action=user.role_changed';

describe('the audit trail', () => {
  test('says each entry as a sentence, on a rail that shows what is sealed', async () => {
    await open('audit');
    const entry = page.locator('.entry', { hasText: 'Grace Hopper’s role' }).first();
    await entry.waitFor();
    expect(await entry.locator('.say').textContent()).toBe(
      'Ada Lovelace changed Grace Hopper’s role from USER to MODERATOR',
    );
    expect(await entry.locator('.meta').textContent()).toContain('Joins the support team, ticket 4127');
    expect(await entry.locator('.meta').textContent()).toContain('Firefox on macOS');
    expect(await entry.locator('.sealed').textContent()).toMatch(/^Sealed, [0-9a-f]{6}$/);
    await page.locator('.trust b', { hasText: 'The trail is whole.' }).waitFor();
  });

  test('opens an entry with its change, its facts and its seal, and keeps it in the address', async () => {
    await open('audit');
    await page.locator('.entry', { hasText: 'Grace Hopper’s role' }).first().click();
    const inspector = page.locator('.inspector');
    await inspector.waitFor();
    expect(await inspector.locator('.diff').textContent()).toContain('before: USER');
    expect(await inspector.locator('.diff').textContent()).toContain('after: MODERATOR');
    expect(await inspector.textContent()).toContain('Chained to the entry before it');
    expect(await inspector.locator('a', { hasText: 'Grace Hopper' }).getAttribute('href')).toContain(grace);
    expect(new URL(page.url()).searchParams.get('entry')).toMatch(/^[0-9a-f-]{36}$/);
    await page.reload();
    await inspector.waitFor();
    await page.keyboard.press('Escape');
    await inspector.waitFor({ state: 'detached' });
  });

  test('moves with J and K, opens with Enter, and closes with Escape', async () => {
    await open('audit');
    await page.locator('.entry').first().waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-entry') ?? null);
    const ids = await page
      .locator('[data-entry]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-entry')));
    await page.keyboard.press('j');
    expect(await focused()).toBe(ids[0]);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    expect(await focused()).toBe(ids[1]);
    await page.keyboard.press('Enter');
    await page.locator('.inspector').waitFor();
    expect(new URL(page.url()).searchParams.get('entry')).toBe(ids[1]);
    await page.keyboard.press('Escape');
    await page.locator('.inspector').waitFor({ state: 'detached' });
    expect(await focused()).toBe(ids[1]);
  });

  test('filters by the address bar, and by chips that change it', async () => {
    await open('audit?outcome=DENIED');
    await page.locator('.filter', { hasText: 'Denied' }).waitFor();
    await page.locator('.entry').first().waitFor();
    const said = await page.locator('.say').allTextContents();
    expect(said.some((text) => text.includes('was refused'))).toBe(true);
    expect(said.some((text) => text.includes('suspended'))).toBe(false);
    await page.getByRole('button', { name: 'Remove the filter Outcome' }).click();
    await page.locator('.entry', { hasText: 'suspended' }).first().waitFor();
    expect(new URL(page.url()).searchParams.get('outcome')).toBeNull();
    await page.getByRole('button', { name: 'Action' }).click();
    await page.getByLabel('Find action').fill('suspended');
    await page.getByRole('button', { name: 'user.suspended' }).click();
    await page.locator('.filter', { hasText: 'user.suspended' }).waitFor();
    await expect.poll(() => page.locator('.entry').count()).toBe(1);
  });

  test('shows the filters of a phone behind one button', async () => {
    await open('audit', { viewport: { width: 390, height: 900 } });
    const outcome = page.getByRole('button', { name: 'Outcome' });
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await outcome.click();
    await page.getByRole('menuitemradio', { name: 'Denied' }).click();
    await page.locator('.filter', { hasText: 'Denied' }).waitFor();
  });

  test('shows markup and long words of users as text', async () => {
    const writer = await createUserWithRole(gateway, 'USER', '<b>Eve</b>');
    await gateway.send(UpdateProfileDocument, { input: { displayName: `<i>${'w'.repeat(90)}` } }, writer.accessToken);
    await open(`audit?by=${writer.id}`, { viewport: { width: 320, height: 700 } });
    await page.locator('.say', { hasText: '<i>www' }).first().waitFor();
    expect(await sidewaysPixels(page)).toBe(0);
  });

  test('holds new entries behind a button while the reader has scrolled', async () => {
    await open('audit', { viewport: { width: 1440, height: 300 } });
    await page.locator('.entry').nth(5).waitFor();
    await page.mouse.wheel(0, 600);
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(200);
    const count = await page.locator('.entry').count();
    await createUserWithRole(gateway, 'USER', 'Late Comer');
    const button = page.locator('.fresh button');
    await button.waitFor({ timeout: 20_000 });
    expect(await button.textContent()).toMatch(/^\d+ new entr(y|ies)$/);
    expect(await page.locator('.entry').count()).toBe(count);
    await button.click();
    await page.locator('.entry', { hasText: 'Late Comer' }).first().waitFor();
  });

  test('names the permission that a role lacks', async () => {
    const user = await createUserWithRole(gateway, 'MODERATOR');
    await open('audit', {}, user.email);
    await page.locator('.empty', { hasText: 'audit:read' }).waitFor();
  });

  test.each(themes.flatMap((theme) => widths.map((width) => [theme, width] as const)))(
    'has no violation of accessibility and fits, in %s at %i pixels',
    async (theme, width) => {
      await open('audit', { colorScheme: theme, viewport: { width, height: 900 } });
      await page.locator('.entry').first().waitFor();
      await page.locator('.trust b').waitFor();
      await look(`audit-${width}-${theme}`);
      expect(await accessibilityProblems(page)).toEqual([]);
      // The sign-ins of the other tests have newer entries.
      await page.goto(`${origin}/console/${roleChanges}`);
      await page.locator('.entry', { hasText: 'Grace Hopper’s role' }).first().click();
      await page.locator('.inspector').waitFor();
      await look(`audit-entry-${width}-${theme}`);
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(await sidewaysPixels(page)).toBeLessThanOrEqual(0);
    },
  );

  test('speaks German', async () => {
    await open(roleChanges, { locale: 'de-DE' });
    await page
      .locator('.say', { hasText: 'die Rolle von Grace Hopper von USER zu MODERATOR geändert' })
      .first()
      .waitFor();
    await page.locator('.trust b', { hasText: 'Das Protokoll ist vollständig.' }).waitFor();
  });
});

describe('the roles', () => {
  test('change one column at a time, after a review', async () => {
    await open('roles');
    await page.getByRole('button', { name: 'Edit MODERATOR' }).click();
    await page.getByLabel('MODERATOR: users:write').check();
    await page.locator('.savebar', { hasText: '1 change to MODERATOR.' }).waitFor();
    await look('roles-edit-1440');
    await page.getByRole('button', { name: 'Review and save' }).click();
    await page.locator('dialog .diff', { hasText: 'users:write' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save role' }).click();
    await page.locator('dialog').waitFor({ state: 'detached' });
    const [entry] = (await auditTrail(gateway.database, 'role.updated')).slice(-1);
    expect(entry).toMatchObject({ targetId: 'MODERATOR' });
    await page.locator('.savebar').waitFor({ state: 'detached' });
  });

  test('unfold the operations that a permission opens', async () => {
    await open('roles');
    await page.getByRole('button', { name: 'operations of users:moderate' }).click();
    await page.locator('.ops', { hasText: 'suspendUser' }).waitFor();
  });

  test.each(themes.flatMap((theme) => widths.map((width) => [theme, width] as const)))(
    'have no violation of accessibility and fit, in %s at %i pixels',
    async (theme, width) => {
      await open('roles', { colorScheme: theme, viewport: { width, height: 900 } });
      await page.locator('.matrix .perm b').first().waitFor();
      await look(`roles-${width}-${theme}`);
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(await sidewaysPixels(page)).toBeLessThanOrEqual(0);
    },
  );
});
