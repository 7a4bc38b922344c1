/**
 * The administration console in a real browser: the daily work of an administrator, the states of its pages, both themes, narrow and
 * wide windows, the keyboard, and names that try to break it. Needs `npm run build`.
 */
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startBrowser } from '../support/browser/browser.ts';
import {
  accessibilityProblems,
  complaintsOf,
  settled,
  sidewaysPixels,
  signInPages,
} from '../support/browser/served-pages.ts';
import { startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import {
  createUserWithRole,
  lockoutAndVerificationOff,
  type UserWithRole,
} from '../support/people/users-with-roles.ts';
import { freePort } from '../support/servers/free-port.ts';

/** A first run may have to fetch the browser. */
const fetchingMs = 600_000;

let gateway: TestGateway;
let origin: string;
let browser: Browser;
const contexts: BrowserContext[] = [];
let admin: UserWithRole;
let moderator: UserWithRole;
let grace: UserWithRole;

beforeAll(async () => {
  const port = await freePort();
  origin = `http://localhost:${port}`;
  const settings = { PORT: `${port}`, PUBLIC_URL: origin, APP_URL: origin, PAGES: 'all' };
  [gateway, browser] = await Promise.all([
    startTestGateway({ ...lockoutAndVerificationOff, ...settings }),
    startBrowser(),
  ]);
  admin = await createUserWithRole(gateway, 'SUPER_ADMIN', 'Ada Lovelace');
  moderator = await createUserWithRole(gateway, 'MODERATOR', 'Mary Jackson');
  grace = await createUserWithRole(gateway, 'USER', 'Grace Hopper');
}, fetchingMs);
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});

interface Window {
  width?: number;
  theme?: 'light' | 'dark';
  locale?: string;
}

/** A window of a signed-in user at a page of the console, and what the browser complains about. */
async function open(path: string, user = admin, { width = 1440, theme = 'light', locale = 'en-GB' }: Window = {}) {
  const viewport = { width, height: 900 };
  const context = await browser.newContext({ viewport, colorScheme: theme, locale, reducedMotion: 'reduce' });
  contexts.push(context);
  const page = await context.newPage();
  await signInPages(page, origin, user.email);
  const complaints = complaintsOf(page);
  await page.goto(`${origin}/console/${path}`);
  await page.locator('h1').waitFor();
  return { page, complaints };
}

describe('An administrator', { timeout: 120_000 }, () => {
  test('finds a user, suspends and reactivates the account', async () => {
    const { page, complaints } = await open('users');
    await page.getByRole('searchbox').fill('hop gra');
    await page.waitForURL(/q=hop/);
    await page.getByRole('link', { name: 'Grace Hopper' }).click();
    await page.getByRole('heading', { level: 1, name: 'Grace Hopper' }).waitFor();

    await page.getByRole('button', { name: 'Suspend' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.innerText()).toContain('1 session ends now.');
    await dialog.getByRole('button', { name: 'Suspend account' }).click();
    expect(await dialog.getByLabel('Reason').getAttribute('aria-invalid')).toBe('true');
    await dialog.getByLabel('Reason').fill('Shared password, ticket 4130');
    await dialog.getByRole('button', { name: 'Suspend account' }).click();
    await page.getByText('Grace Hopper is suspended. 1 session ended.').waitFor();
    await page.locator('.page-head .chip', { hasText: 'Suspended' }).waitFor();
    expect(await page.getByText('Grace Hopper is signed out everywhere.').isVisible()).toBe(true);

    await page.getByRole('button', { name: 'Reactivate' }).click();
    await dialog.getByRole('button', { name: 'Reactivate account' }).click();
    await page.locator('.page-head .state', { hasText: 'Active' }).waitFor();

    await page.getByRole('link', { name: 'Audit', exact: true }).last().click();
    const trail = page.locator('.entries');
    await trail.getByText('You reactivated Grace Hopper').waitFor();
    const suspension = trail.getByRole('link', { name: /You suspended Grace Hopper/ });
    expect(await suspension.innerText()).toContain('Shared password, ticket 4130');
    await suspension.click();
    await page.waitForURL(/\/console\/audit\?.*entry=/);
    await page.locator('.inspector', { hasText: 'Shared password, ticket 4130' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('confirms that it is them, and the interrupted action runs once', async () => {
    const { page } = await open(`users/${grace.id}`);
    await gateway.database.query(
      "update token_families set authenticated_at = authenticated_at - interval '1 day' where user_id = $1",
      [admin.id],
    );
    await page.getByRole('button', { name: 'Change role' }).click();
    const change = page.getByRole('dialog', { name: /^Change the role/ });
    await change.getByLabel('Role', { exact: true }).selectOption('MODERATOR');
    await change.getByLabel('Reason').fill('Joins the support team');
    await change.getByRole('button', { name: 'Change role' }).click();
    const proof = page.locator('[data-part="step-up"]');
    await proof.locator('input[type="password"]').fill('Wander 7 lanterns');
    await proof.locator('button[type="submit"]').click();
    await page.locator('.page-head .role', { hasText: 'MODERATOR' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('invites a user, and learns at the field when the address is taken', async () => {
    const { page } = await open('users?invite=true');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Email address').fill(grace.email);
    await dialog.getByRole('button', { name: 'Invite user' }).click();
    await dialog.locator('[aria-invalid="true"]').waitFor();
    await dialog.getByLabel('Email address').fill('dorothy@example.com');
    await dialog.getByLabel('Name (optional)').fill('Dorothy Vaughan');
    await dialog.getByRole('button', { name: 'Invite user' }).click();
    await page.getByText('The invitation to dorothy@example.com is on its way.').waitFor();
    await page.getByRole('link', { name: 'Dorothy Vaughan' }).waitFor();
  });

  test('works with the keyboard alone', async () => {
    const { page } = await open('users');
    await settled(page);
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('hopp');
    await page.getByRole('option', { name: /Grace Hopper/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/users/${grace.id}`);
    await page.waitForFunction(() => document.activeElement?.textContent === 'Grace Hopper');

    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await help.getByRole('checkbox').press('Space');
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    expect(await page.getByRole('dialog').count()).toBe(0);

    await page.getByRole('button', { name: 'Actions for Grace Hopper' }).press('ArrowDown');
    await page.keyboard.press('End');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Delete');
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-haspopup'))).toBe('menu');
  });

  test('leaves for the sign-in page when the session ends elsewhere', async () => {
    const { page } = await open('users');
    await settled(page);
    await gateway.database.query('update token_families set revoked_at = now() where user_id = $1', [admin.id]);
    await page.getByRole('link', { name: 'Ada Lovelace' }).click();
    await page.waitForURL((url) => url.pathname === '/account/sign-in');
    expect(new URL(page.url()).searchParams.get('returnTo')).toMatch(/^\/console\/users/);
  });

  test('can repeat what failed while the gateway was away', async () => {
    const { page } = await open('users');
    await settled(page);
    await page.route('**/graphql', (route) => route.abort());
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByText('The server cannot be reached').waitFor();
    await page.unroute('**/graphql');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('ACCESS_TOKEN_TTL').waitFor();
    expect(await page.locator('main').innerText()).not.toContain('nC1k0yYkTn2CVdTqDqX3m3r7ZC1r8VnLZbGmXy0cQ2E');
  });
});

describe('A role with fewer permissions', { timeout: 60_000 }, () => {
  test('sees its pages only, and why another page is closed', async () => {
    const { page, complaints } = await open('', moderator);
    await page.waitForURL('**/console/users');
    expect(await page.locator('.side nav a').allInnerTexts()).toEqual(['Users', 'Roles']);
    await page.goto(`${origin}/console/settings`);
    await page.getByText('It needs the permission settings:read.').waitFor();
    await page.goto(`${origin}/console/users/${admin.id}`);
    await page.getByText('Your rank is too low to change this user.').waitFor();
    expect(await page.getByRole('button', { name: 'Suspend' }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});

test('A list is asked for once, beside the user, and only with its permission', { timeout: 60_000 }, async () => {
  const operationsAt = async (user: UserWithRole) => {
    const { page } = await open('settings', user);
    const operations: string[] = [];
    page.on('request', (request) =>
      operations.push(/^\{"query":"query (\w+)/.exec(request.postData() ?? '')?.[1] ?? ''),
    );
    await page.goto(`${origin}/console/users`);
    await settled(page);
    return operations.filter((name) => name === 'Users' || name === 'Viewer').sort();
  };
  expect(await operationsAt(admin)).toEqual(['Users', 'Viewer']);
  // Other tests change the role of Grace.
  const visitor = await createUserWithRole(gateway, 'USER', 'Vera Visitor');
  expect(await operationsAt(visitor)).toEqual(['Viewer']);
});

const paths = ['overview', 'users', 'user', 'settings', 'signing-keys'] as const;

describe.each(['light', 'dark'] as const)('In the %s theme', (theme) => {
  test.each(paths)('the page %s is accessible, in narrow and wide windows', { timeout: 120_000 }, async (name) => {
    const path = name === 'user' ? `users/${grace.id}` : name;
    const { page, complaints } = await open(path, admin, { theme });
    for (const width of [320, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      await settled(page);
      expect(await sidewaysPixels(page)).toBe(0);
      expect(await accessibilityProblems(page)).toEqual([]);
    }
    expect(complaints).toEqual([]);
  });
});

test.each([
  ['markup', '<img src=x onerror=alert(1)>'],
  ['other directions of writing', '\u202Emoc.elpmaxe\u202C \u2067שלום\u2069'],
  ['a word of 100 letters', 'x'.repeat(100)],
  ['a word of 10,000 letters', 'y'.repeat(10_000)],
])('A name with %s changes nothing on the page', { timeout: 60_000 }, async (_kind, name) => {
  const strange = await createUserWithRole(gateway, 'USER', 'Plain Name');
  const { page, complaints } = await open('overview', admin, { width: 320 });
  // The gateway itself refuses some of these names.
  await page.route('**/graphql', async (route) => {
    // The stream of session events has no end.
    if (route.request().headers().accept?.includes('text/event-stream')) return route.continue();
    const response = await route.fetch();
    const body = (await response.text()).replaceAll('"Plain Name"', JSON.stringify(name));
    await route.fulfill({ response, body });
  });
  for (const path of [`users/${strange.id}`, 'users']) {
    await page.goto(`${origin}/console/${path}`);
    await settled(page);
    expect(await page.locator('main').textContent()).toContain(name);
    expect(await sidewaysPixels(page)).toBe(0);
  }
  expect(complaints).toEqual([]);
});

test('The console speaks German where the browser does', async () => {
  const { page, complaints } = await open('users', admin, { locale: 'de-DE' });
  expect(await page.locator('h1').innerText()).toBe('Benutzer');
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('de-DE');
  expect(complaints).toEqual([]);
}, 60_000);
