/**
 * A visit to an OpenID Connect provider in a real browser, with `@postern/client`: register, sign out, sign in again, link,
 * prove a second factor, reauthenticate, unlink. The page and the gateway share one origin.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PosternClient } from '../../packages/client/src/client.ts';
import { startBrowser } from '../support/browser/browser.ts';
import { serveModules } from '../support/browser/module-server.ts';
import {
  goodPassword,
  newAddress,
  registerUser,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { enrol, periodSeconds } from '../support/people/authenticator.ts';
import { entryOf, type ProvidersFile, writeProviders } from '../support/people/federated.ts';
import { type LossyProxy, startLossyProxy } from '../support/proxies/lossy-proxy.ts';
import { type IdentityProvider, startIdentityProvider } from '../support/servers/identity-provider.ts';

/** A first run may have to fetch the browser. */
const fetchingMs = 600_000;

declare global {
  interface Window {
    client: PosternClient;
  }
}

let site: LossyProxy;
let home: string;
let provider: IdentityProvider;
let file: ProvidersFile;
let gateway: TestGateway;
let browser: Browser;
let context: BrowserContext;
let requests: string[];

beforeAll(async () => {
  site = await startLossyProxy(() => gateway.url, serve);
  home = `${site.url.replace('127.0.0.1', 'localhost')}/`;
  provider = await startIdentityProvider(`${home}auth/callback/test`);
  file = await writeProviders([entryOf(provider)]);
  const origin = home.slice(0, -1);
  const settings = { PUBLIC_URL: origin, APP_URL: origin, RETURN_URLS: `${home},${home}?bearer,com.example.app:/back` };
  [gateway, browser] = await Promise.all([
    startTestGateway({ ...settings, FEDERATED_PROVIDERS: file.path }),
    startBrowser(),
  ]);
}, fetchingMs);
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
  await file?.remove();
  await provider?.stop();
  await site?.close();
});

beforeEach(async () => {
  context = await browser.newContext();
  requests = [];
  context.on('request', (request) => requests.push(request.url()));
});
afterEach(() => context.close());

/** The callback of the gateway, and the modules of the app. */
function serve(request: IncomingMessage, response: ServerResponse): void {
  if (!request.url?.startsWith('/auth/callback/')) {
    serveModules(request, response);
    return;
  }
  const headers = { cookie: request.headers.cookie ?? '' };
  const answer = fetch(`${gateway.url}${request.url}`, { redirect: 'manual', headers });
  const passOn = async (answered: Response) => {
    response.writeHead(answered.status, Object.fromEntries(answered.headers)).end(await answered.text());
  };
  answer.then(passOn).catch(() => response.destroy());
}

let serial = 0;
function user(email: string): void {
  serial += 1;
  provider.user = { subject: `subject-${serial}`, email, email_verified: true, name: 'Ada Lovelace' };
}

async function openPage(address = home): Promise<Page> {
  const page = await context.newPage();
  await page.goto(address);
  await page.waitForFunction(() => 'client' in window);
  return page;
}

type Begin = 'signInWith' | 'linkWith' | 'reauthenticateWith';

/** Leaves for the provider, and waits for the page that the browser returns to. */
async function visit(page: Page, begin: Begin): Promise<void> {
  await page.evaluate(() => history.replaceState(null, '', location.pathname + location.search));
  const returned = page.waitForURL(/#code=|#error=/);
  await page
    .evaluate(async (name) => {
      const [first] = await window.client.federatedProviders();
      await window.client[name](first?.id ?? '', { returnTo: location.href });
    }, begin)
    .catch(() => undefined);
  await returned;
  await page.waitForFunction(() => 'client' in window);
}

const finish = (page: Page) => page.evaluate(() => window.client.completeSignIn());
const emailOf = (page: Page) => page.evaluate(async () => (await window.client.viewer())?.email ?? null);

test('a browser registers, signs out and signs in again', async () => {
  const email = newAddress();
  user(email);
  const page = await openPage();
  await visit(page, 'signInWith');
  const proposal = await finish(page);
  if (!proposal || !('ticket' in proposal)) throw new Error('no proposal');
  await page.evaluate((ticket) => window.client.finishFederatedSignUp({ ticket }), proposal.ticket);
  expect(await emailOf(page)).toBe(email);
  await page.evaluate(() => window.client.logout());
  expect(await emailOf(page)).toBeNull();
  await visit(page, 'signInWith');
  expect(await finish(page)).toMatchObject({ __typename: 'AuthSession', viewer: { email } });
  expect((await context.cookies()).map(({ name }) => name)).toContain('__Host-postern_refresh');
});

test('an app that keeps its tokens itself registers and signs in without a cookie', async () => {
  const email = newAddress();
  user(email);
  const page = await openPage(`${home}?bearer`);
  await visit(page, 'signInWith');
  const proposal = await finish(page);
  if (!proposal || !('ticket' in proposal)) throw new Error('no proposal');
  await page.evaluate((ticket) => window.client.finishFederatedSignUp({ ticket }), proposal.ticket);
  expect(await emailOf(page)).toBe(email);
  await page.evaluate(() => window.client.logout());
  await visit(page, 'signInWith');
  expect(await finish(page)).toMatchObject({ __typename: 'AuthSession', viewer: { email } });
  await page.reload();
  await page.waitForFunction(() => 'client' in window);
  expect(await emailOf(page)).toBe(email);
  expect((await context.cookies(home)).map(({ name }) => name)).toEqual([]);
});

test('the owner of an account with a second factor links an identity, and proves the factor at each sign-in', async () => {
  const app = await enrol(gateway);
  user(app.email);
  const page = await openPage();
  await visit(page, 'signInWith');
  const proposal = await finish(page);
  if (!proposal || !('proofs' in proposal)) throw new Error('no proposal');
  const accept = { ticket: proposal.ticket, password: goodPassword };
  const first = await page.evaluate((input) => window.client.acceptLink(input), accept);
  expect(first).toMatchObject({ __typename: 'MfaChallenge' });
  const prove = async (result: object) => {
    if (!('ticket' in result) || typeof result.ticket !== 'string') throw new Error('no challenge');
    const input = { ticket: result.ticket, code: app.code(), method: 'TOTP' } as const;
    return page.evaluate((proof) => window.client.verifyMfa(proof), input);
  };
  expect(await prove(first)).toMatchObject({ session: { assurance: 'AAL2' } });
  await page.evaluate(() => window.client.logout());
  gateway.clock.travel(periodSeconds);
  await visit(page, 'signInWith');
  const second = await finish(page);
  expect(second).toMatchObject({ __typename: 'MfaChallenge' });
  expect(await prove(second ?? {})).toMatchObject({ session: { methods: ['FEDERATED', 'TOTP'] } });
});

test('the way back from the provider works in the browser that left for it, and in no other one', async () => {
  user(newAddress());
  const page = await openPage();
  const authorizationUrl = await page.evaluate(async () => {
    const [first] = await window.client.federatedProviders();
    return new Promise<string>((resolve, reject) => {
      window.client.signInWith(first?.id ?? '', { open: resolve }).catch(reject);
    });
  });
  const { href: address } = await provider.visit(authorizationUrl);
  const other = await browser.newContext();
  const planted = await (await other.newPage()).goto(address);
  expect([planted?.status(), planted?.url()]).toEqual([400, address]);
  await other.close();
  await page.goto(address);
  await page.waitForURL(/#code=/);
  await page.waitForFunction(() => 'client' in window);
  expect(await finish(page)).toMatchObject({ __typename: 'SignUpProposal' });
});

// One after the other: the provider of the tests refuses two sign-ins of one browser at the same moment.
test('two tabs that both returned from the provider each finish their own sign-in', async () => {
  user(newAddress());
  const [one, two] = [await openPage(), await openPage()];
  await visit(one, 'signInWith');
  await visit(two, 'signInWith');
  for (const page of [two, one]) expect(await finish(page)).toMatchObject({ __typename: 'SignUpProposal' });
});

test('a signed-in user links an identity, authenticates again with it, and unlinks it', async () => {
  const email = await registerUser(gateway);
  user(newAddress());
  const page = await openPage();
  await page.evaluate((input) => window.client.login(input), { email, password: goodPassword });
  await visit(page, 'linkWith');
  const linked = await finish(page);
  if (!Array.isArray(linked)) throw new Error('not linked');
  await visit(page, 'reauthenticateWith');
  expect(await finish(page)).toMatchObject({ __typename: 'AuthSession', viewer: { email } });
  const identityId = linked[0]?.id ?? '';
  expect(await page.evaluate((id) => window.client.unlinkIdentity({ identityId: id }), identityId)).toEqual([]);
});

test('another browser cannot use the address that the first one returned to', async () => {
  user(newAddress());
  const page = await openPage();
  await visit(page, 'signInWith');
  const stolen = page.url();
  const other = await (await browser.newContext()).newPage();
  await other.goto(stolen);
  await other.waitForFunction(() => 'client' in window);
  const code = await other.evaluate(() => window.client.completeSignIn().catch((error) => error.code));
  expect(code).toBe('INVALID_TOKEN');
  await other.context().close();
});

test('an app with a custom scheme gets the code in the query', async () => {
  user(newAddress());
  const page = await openPage();
  await page
    .evaluate(async () => {
      const [first] = await window.client.federatedProviders();
      await window.client.signInWith(first?.id ?? '', { returnTo: 'com.example.app:/back' });
    })
    .catch(() => undefined);
  await expect.poll(() => requests.at(-1)).toMatch(/^com\.example\.app:\/back\?code=[\w-]{43}&flow=/);
});
