/** examples/next in a real browser: sign-in, renewal, sign-out, and requests that a browser would not send. */
import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSealer } from '../../packages/react/src/next/sealer.ts';
import { startBrowser } from '../support/browser/browser.ts';
import {
  goodPassword,
  lockoutOff,
  registerUser,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { buildNextExample, type NextExample, startNextExample } from '../support/processes/next-example.ts';
import { freePort } from '../support/servers/free-port.ts';

/** A first run may have to fetch the browser and the packages of the example. */
const fetchingMs = 900_000;
const hour = 3600;
const cookie = '__Host-postern_next';

let gateway: TestGateway;
let example: NextExample;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let email: string;

beforeAll(async () => {
  const PORT = String(await freePort());
  const PUBLIC_URL = `http://127.0.0.1:${PORT}`;
  [gateway, browser] = await Promise.all([
    startTestGateway({ ...lockoutOff, PORT, PUBLIC_URL, MFA_REQUIRED_FOR: 'none' }),
    startBrowser(),
    buildNextExample(),
  ]);
  example = await startNextExample(PUBLIC_URL);
}, fetchingMs);
afterAll(async () => {
  await example?.stop();
  await browser?.close();
  await gateway?.stop();
});

beforeEach(async () => {
  email = await registerUser(gateway);
  context = await browser.newContext();
  page = await context.newPage();
});
afterEach(() => context.close());

async function signIn(): Promise<void> {
  await page.goto(`${example.origin}/sign-in`);
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(goodPassword);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(`${example.origin}/`);
}

/** Signs in so that the access token has ended by the time of the Next.js server, and the session has not. */
async function signInWithExpiredToken(): Promise<void> {
  gateway.clock.travel(-hour);
  await signIn();
  gateway.clock.travel(hour);
}

async function sessionState() {
  const [row] = await gateway.database.query<{ generation: number; reason: string | null }>(
    `select generation, revoked_reason as reason from token_families
     where user_id = (select id from users where email = $1) order by created_at desc limit 1`,
    [email],
  );
  return row;
}

const cookieHeader = async () => (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');

/** A request as a program sends it, with any header. */
async function request(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${example.origin.replace('localhost', '127.0.0.1')}${path}`, {
    headers,
    redirect: 'manual',
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('a user', { timeout: 120_000 }, () => {
  test('signs in, is known to pages and to scripts, which read no token, and signs out', async () => {
    const readable: string[] = [];
    page.on('response', async (response) => {
      const { 'set-cookie': _hidden, ...headers } = await response.allHeaders();
      readable.push(JSON.stringify(headers));
      if (response.url().includes('/api/postern/')) readable.push(await response.text().catch(() => ''));
    });
    await signIn();
    expect(await page.textContent('main')).toContain('Signed in as');
    await page.goto(`${example.origin}/account`);
    await page.getByTestId('address').getByText(email).waitFor();
    const stored = await page.evaluate(() => JSON.stringify([document.cookie, { ...localStorage }]));
    const [kept] = (await context.cookies()).filter(({ name }) => name === cookie);
    expect(kept).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' });
    expect(readable.join()).toContain('kept-by-the-server-');
    for (const text of [stored, ...readable]) {
      expect(text).not.toMatch(/eyJ[\w-]+\.[\w-]+\./);
      expect(text).not.toContain(kept?.value);
    }
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('Signed out.').waitFor();
    expect(await sessionState()).toMatchObject({ reason: expect.any(String) });
    await page.goto(`${example.origin}/account`);
    expect(page.url()).toBe(`${example.origin}/sign-in?returnTo=%2Faccount`);
  });

  test('stays signed in while ten requests renew an expired token at once, and no script reads the new one', async () => {
    await signInWithExpiredToken();
    expect(await sessionState()).toMatchObject({ generation: expect.any(Number), reason: null });
    const before = (await sessionState())?.generation ?? 0;
    const answers = await page.evaluate(() =>
      Promise.all(
        Array.from({ length: 10 }, async () => {
          const response = await fetch('/');
          return { headers: JSON.stringify([...response.headers]), text: await response.text() };
        }),
      ),
    );
    for (const { text, headers } of answers) {
      expect(text).toContain('Signed in as');
      expect(headers).not.toContain(cookie);
      expect(headers).not.toContain('x-middleware');
    }
    expect(await sessionState()).toEqual({ generation: before + 1, reason: null });
    await page.goto(`${example.origin}/account`);
    await page.getByTestId('address').getByText(email).waitFor();
  });

  test('stays signed in when the browser drops the answer to a prefetch', async () => {
    await signInWithExpiredToken();
    const before = await sessionState();
    const cookies = await cookieHeader();
    for (const headers of [
      { 'next-router-prefetch': '1' },
      { purpose: 'prefetch' },
      { 'sec-purpose': 'prefetch;prerender' },
    ]) {
      const { headers: answered } = await request('/', { cookie: cookies, ...headers });
      expect(answered.getSetCookie().filter((line) => line.startsWith(cookie))).toEqual([]);
    }
    expect(await sessionState()).toEqual(before);
  });

  test('whose session was revoked elsewhere is signed out at once where the page asks the gateway', async () => {
    await signIn();
    await gateway.database.query(
      `update token_families set revoked_at = now(), revoked_reason = 'logout'
       where user_id = (select id from users where email = $1)`,
      [email],
    );
    await page.goto(example.origin);
    expect(await page.textContent('main')).toContain('Signed in as');
    await page.goto(`${example.origin}/account`);
    expect(page.url()).toBe(`${example.origin}/sign-in?returnTo=/account`);
  });

  test('reaches a page with a permission only when the role has it', async () => {
    await signIn();
    const answer = await page.goto(`${example.origin}/admin`);
    expect(answer?.status()).toBe(404);
    await gateway.database.query(`update users set role_name = 'ADMIN' where email = $1`, [email]);
    await context.clearCookies();
    await signIn();
    await page.goto(`${example.origin}/admin`);
    expect(await page.textContent('h1')).toBe('Administration for ADMIN');
  });
});

describe('a program', { timeout: 120_000 }, () => {
  const forged: [string, Record<string, string>][] = [
    ['no cookie', {}],
    ['a header that once skipped the proxy', { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' }],
    [
      'the headers of the proxy',
      { 'x-middleware-set-cookie': `${cookie}=x; Path=/`, 'x-middleware-request-cookie': `${cookie}=x` },
    ],
    ['a prefetch, which the proxy ignores', { 'next-router-prefetch': '1', rsc: '1' }],
    ['a made-up cookie', { cookie: `${cookie}=${'A'.repeat(200)}` }],
    ['a long cookie', { cookie: `${cookie}=${'A'.repeat(3500)}; ${cookie}.1=${'A'.repeat(3500)}` }],
  ];

  test.each(forged)('reads no protected page with %s', async (_what, headers) => {
    for (const path of ['/admin', '/account']) {
      const { text, status } = await request(path, headers);
      expect(text).not.toMatch(/Administration for|Sign out/);
      expect(status).toBeLessThan(500);
    }
  });

  test('reads no page with a session that another secret has sealed', async () => {
    await signIn();
    const sealer = (secret: string) => createSealer([Uint8Array.from(Buffer.from(secret, 'base64'))]);
    const value = (await context.cookies()).find(({ name }) => name === cookie)?.value ?? '';
    const session = (await sealer(example.cookieSecret).open(cookie, value)) ?? '';
    expect(session).toContain('refreshToken');
    const other = await sealer(randomBytes(32).toString('base64')).seal(cookie, session);
    expect((await request('/account', { cookie: `${cookie}=${other}` })).status).toBe(307);
    // The same content, sealed with the right one: the page is served.
    const right = await sealer(example.cookieSecret).seal(cookie, session);
    expect((await request('/account', { cookie: `${cookie}=${right}` })).text).toContain('Sign out');
  });
});
