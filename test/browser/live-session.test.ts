/** `live: true` in the served pages: a session that ends elsewhere leads every tab to the sign-in page. Needs `npm run build`. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '../support/browser/browser.ts';
import { complaintsOf, signInPages } from '../support/browser/served-pages.ts';
import { signIn, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { RevokeOtherSessionsDocument } from '../support/generated/graphql.ts';
import { createUserWithRole, lockoutAndVerificationOff } from '../support/people/users-with-roles.ts';
import { until } from '../support/races/until.ts';
import { freePort } from '../support/servers/free-port.ts';

/** A first run may have to fetch the browser. */
const fetchingMs = 600_000;
/** The promised second, and the drawing of the page. */
const promisedMs = 2000;

let gateway: TestGateway;
let origin: string;
let browser: Browser;
let context: BrowserContext | undefined;

beforeAll(async () => {
  origin = `http://localhost:${await freePort()}`;
  const settings = {
    PORT: new URL(origin).port,
    PUBLIC_URL: origin,
    APP_URL: origin,
    PAGES: 'all',
    METRICS_TOKEN: metricsToken,
  };
  [gateway, browser] = await Promise.all([
    startTestGateway({ ...lockoutAndVerificationOff, ...settings }),
    startBrowser(),
  ]);
}, fetchingMs);
afterEach(() => context?.close());
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});

const metricsToken = 'metrics-token-0123456789';

async function openStreams(): Promise<number> {
  const headers = { authorization: `Bearer ${metricsToken}` };
  const text = await (await fetch(`${origin}/metrics`, { headers })).text();
  return Number(/^postern_streams\{kind="sessionEvents"\} (\d+)$/m.exec(text)?.[1]);
}

const isSignIn = (page: Page) => page.url().includes('/account/sign-in');

test('two tabs hold one stream, follow a closed leader, and both reach the sign-in page when the session is revoked', async () => {
  const { email } = await createUserWithRole(gateway, 'USER');
  context = await browser.newContext();
  const [first, second] = [await context.newPage(), await context.newPage()];
  await signInPages(first, origin, email);
  const complaints = [first, second].map(complaintsOf);
  for (const page of [first, second]) {
    await page.goto(`${origin}/account/sessions`);
    await page.getByRole('heading', { level: 1 }).waitFor();
  }
  await until('one stream for both tabs', async () => (await openStreams()) === 1);

  const third = await context.newPage();
  await third.goto(`${origin}/account/profile`);
  await third.getByRole('heading', { level: 1 }).waitFor();
  await first.close();
  await until('a stream of another tab', async () => (await openStreams()) === 1);

  const elsewhere = await signIn(gateway, email);
  await gateway.send(RevokeOtherSessionsDocument, { input: {} }, elsewhere.accessToken);
  await until('both tabs at the sign-in page', () => isSignIn(second) && isSignIn(third), promisedMs);
  expect(complaints.flat()).toEqual([]);
});
