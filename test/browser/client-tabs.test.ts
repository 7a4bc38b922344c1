/**
 * `@postern/client` from its package in a real browser: two tabs that share a cookie stay signed in through 200
 * renewals with lost responses, and passkeys work with the prompt of the browser.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PosternClient } from '../../packages/client/src/client.ts';
import { startBrowser } from '../support/browser/browser.ts';
import { serveModules } from '../support/browser/module-server.ts';
import {
  goodPassword,
  lockoutOff,
  registerUser,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { type LossyProxy, type ResponseAction, startLossyProxy } from '../support/proxies/lossy-proxy.ts';

/** A first run may have to fetch the browser. */
const fetchingMs = 600_000;
const rounds = 200;
const seed = 20261121;
const accessTokenSeconds = 15 * 60;

declare global {
  interface Window {
    client: PosternClient;
    events: string[];
  }
}

let gateway: TestGateway;
let proxy: LossyProxy;
let browser: Browser;
let context: BrowserContext;
let email: string;

beforeAll(async () => {
  proxy = await startLossyProxy(() => gateway.url, serveModules);
  // The WebAuthn RP ID must be a host name, not an IP address.
  const origin = proxy.url.replace('127.0.0.1', 'localhost');
  [gateway, browser] = await Promise.all([
    startTestGateway({ ...lockoutOff, PUBLIC_URL: origin, APP_URL: origin }),
    startBrowser(),
  ]);
}, fetchingMs);
afterAll(async () => {
  await browser?.close();
  await proxy?.close();
  await gateway?.stop();
});

beforeEach(async () => {
  email = await registerUser(gateway);
  context = await browser.newContext();
});
afterEach(async () => {
  proxy.responseAction = () => 'answer';
  proxy.asked.length = 0;
  await context.close();
});

/** Opens a tab with the app. */
async function openTab(): Promise<Page> {
  const page = await context.newPage();
  await page.goto(proxy.url.replace('127.0.0.1', 'localhost'));
  await page.waitForFunction(() => 'client' in window);
  return page;
}

const login = (page: Page) =>
  page.evaluate(async (input) => (await window.client.login(input)).__typename, { email, password: goodPassword });
const eventsOf = (page: Page) => page.evaluate(() => window.events);
/** Sends requests in parallel, and checks that each response has the address of the signed-in user. */
const askAtOnce = (page: Page, times: number) =>
  page.evaluate(async (count) => {
    const asked = Array.from({ length: count }, () => window.client.viewer());
    return (await Promise.all(asked)).map((viewer) => viewer?.email ?? null);
  }, times);

/** A seeded sequence of numbers between 0 and 1 (mulberry32), so that each run is the same. */
function createRandom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function generation(): Promise<unknown> {
  const rows = await gateway.database.query<{ generation: number; reason: string | null }>(
    'select generation, revoked_reason as reason from token_families where user_id = (select id from users where email = $1)',
    [email],
  );
  return rows;
}

describe('two tabs', { timeout: 300_000 }, () => {
  test(`keep every client signed in through ${rounds} renewals with lost responses`, async () => {
    const [one, two] = [await openTab(), await openTab()];
    expect(await login(one)).toBe('AuthSession');
    expect(await askAtOnce(two, 1)).toEqual([email]);
    const random = createRandom(seed);
    const lost: ResponseAction[] = ['lose', 'halve', 502, 'refuse'];
    let losses = 0;
    proxy.asked.length = 0;
    proxy.responseAction = (operation) => {
      if (operation !== 'Refresh' || random() >= 0.3) return 'answer';
      losses += 1;
      return lost[Math.floor(random() * lost.length)] ?? 'lose';
    };
    for (let round = 0; round < rounds; round += 1) {
      gateway.clock.travel(accessTokenSeconds + 60);
      const answers = await Promise.all([askAtOnce(one, 3), askAtOnce(two, 3)]);
      expect(answers.flat(), `round ${round} of seed ${seed}`).toEqual(Array.from({ length: 6 }, () => email));
    }
    expect(await eventsOf(one)).toEqual(['start']);
    expect(await eventsOf(two)).toEqual(['start']);
    expect(losses).toBeGreaterThan(rounds / 5);
    // One exchange in each round for both tabs, and one more for each lost response.
    expect(proxy.count('Refresh')).toBe(rounds + losses);
  });

  test('share the access token of the first tab, also with a page opened later', async () => {
    const [one, two] = [await openTab(), await openTab()];
    await login(one);
    await askAtOnce(two, 5);
    expect(proxy.count('Refresh')).toBe(0);
    await one.close();
    await two.close();
    const later = await openTab();
    expect(await askAtOnce(later, 5)).toEqual(Array.from({ length: 5 }, () => email));
    expect(proxy.count('Refresh')).toBe(1);
    expect(await eventsOf(later)).toEqual(['start']);
  });

  test('sign out together, and scripts never see the refresh token', async () => {
    const [one, two] = [await openTab(), await openTab()];
    await login(one);
    await askAtOnce(two, 1);
    const cookie = (await context.cookies()).find(({ name }) => name === '__Host-postern_refresh');
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict' });
    const seen = await two.evaluate(() => JSON.stringify([{ ...localStorage }, document.cookie]));
    expect(seen).not.toContain(cookie?.value ?? '');
    expect(seen).not.toContain(await two.evaluate(() => window.client.session.heldToken ?? 'none'));
    await one.evaluate(() => window.client.logout());
    await two.waitForFunction(() => window.events.includes('SIGNED_OUT'));
    expect(await askAtOnce(two, 1)).toEqual([null]);
    expect(await generation()).toMatchObject([{ reason: 'logout' }]);
    expect(await two.evaluate(() => Object.keys(localStorage))).toEqual([]);
  });

  test('switch to the user that signs in in one of them', async () => {
    const [one, two] = [await openTab(), await openTab()];
    await login(one);
    await askAtOnce(two, 1);
    email = await registerUser(gateway);
    await login(two);
    await one.waitForFunction(() => window.events.length === 3);
    expect(await eventsOf(one)).toEqual(['start', 'REPLACED', 'start']);
    gateway.clock.travel(accessTokenSeconds + 60);
    expect([await askAtOnce(one, 1), await askAtOnce(two, 1)]).toEqual([[email], [email]]);
  });
});

/** Opens a tab whose device has a passkey authenticator. */
async function openTabWithAuthenticator(): Promise<Page> {
  const page = await openTab();
  const authenticator = await context.newCDPSession(page);
  await authenticator.send('WebAuthn.enable');
  await authenticator.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    },
  });
  return page;
}

const browsers: [string, () => void][] = [
  ['a current browser', () => undefined],
  [
    'a browser without the JSON conversions of WebAuthn',
    () => {
      for (const name of ['parseRequestOptionsFromJSON', 'parseCreationOptionsFromJSON'])
        Reflect.deleteProperty(PublicKeyCredential, name);
      Reflect.deleteProperty(PublicKeyCredential.prototype, 'toJSON');
    },
  ],
  [
    'a browser without BroadcastChannel, Web Locks, AbortSignal.timeout and storage',
    () => {
      Reflect.deleteProperty(window, 'BroadcastChannel');
      for (const name of ['timeout', 'any']) Reflect.deleteProperty(AbortSignal, name);
      Reflect.deleteProperty(Navigator.prototype, 'locks');
      const get = () => {
        throw new DOMException('Storage is blocked.', 'SecurityError');
      };
      Object.defineProperty(window, 'localStorage', { get });
    },
  ],
];

test.each(browsers)('a passkey is registered and signs in (%s)', { timeout: 60_000 }, async (_name, prepare) => {
  await context.addInitScript(prepare);
  const page = await openTabWithAuthenticator();
  await login(page);
  const made = await page.evaluate(async () => (await window.client.addPasskey({ name: 'Loom' })).passkey.name);
  expect(made).toBe('Loom');
  await page.evaluate(() => window.client.logout());
  const alone = await page.evaluate(async () => (await window.client.signInWithPasskey()).session);
  expect(alone).toMatchObject({ assurance: 'AAL2', methods: ['PASSKEY'] });

  await page.evaluate(() => window.client.logout());
  const second = await page.evaluate(
    async (input) => {
      const answer = await window.client.login(input);
      if (answer.__typename !== 'MfaChallenge') throw new Error(answer.__typename);
      return (await window.client.signInWithPasskey({ ticket: answer.ticket })).session;
    },
    { email, password: goodPassword },
  );
  expect(second).toMatchObject({ assurance: 'AAL2', methods: ['PASSWORD', 'PASSKEY'] });
});

test('errors of the passkey prompt are client errors', { timeout: 60_000 }, async () => {
  const page = await openTabWithAuthenticator();
  await login(page);
  const codes = await page.evaluate(async () => {
    const codeOf = (error: { name: string; code: string }) => `${error.name} ${error.code}`;
    const first = await window.client.addPasskey({ name: 'Loom' }).then(() => 'made', codeOf);
    const second = await window.client.addPasskey({ name: 'Loom again' }).then(() => 'made', codeOf);
    const aborted = AbortSignal.abort();
    const cancelled = await window.client.signInWithPasskey({ signal: aborted }).then(() => 'signed in', codeOf);
    Reflect.deleteProperty(window, 'PublicKeyCredential');
    const unsupported = await window.client.signInWithPasskey().then(() => 'signed in', codeOf);
    return [first, second, cancelled, unsupported];
  });
  expect(codes).toEqual([
    'made',
    'PosternError PASSKEY_ALREADY_REGISTERED',
    'PosternError PASSKEY_CANCELLED',
    'PosternError PASSKEY_UNSUPPORTED',
  ]);
});
