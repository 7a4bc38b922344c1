/** Captchas on the account pages, in a real browser under the policy of the pages. Needs `npm run build`. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startBrowser } from '../support/browser/browser.ts';
import { accessibilityProblems } from '../support/browser/served-pages.ts';
import { openWatched, type WatchedPage } from '../support/browser/watched-page.ts';
import { goodPassword, newAddress, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { createUser } from '../support/people/password-attempts.ts';
import { type FakeCaptchaService, serviceSecret, startCaptchaService } from '../support/servers/captcha-service.ts';
import { freePort } from '../support/servers/free-port.ts';

const fetchingMs = 600_000;
/** Chromium reports the HTTP status of a refused operation; the page shows the refusal. */
const refusedOperation = /the server responded with a status of 401/;
const slow = { timeout: 120_000 };

let browser: Browser;
let watched: WatchedPage;
let page: Page;
beforeAll(async () => {
  browser = await startBrowser();
}, fetchingMs);
afterAll(() => browser?.close());
beforeEach(async () => {
  watched = await openWatched(browser);
  ({ page } = watched);
  page.setDefaultTimeout(20_000);
});
afterEach(async () => {
  await watched.close();
  expect(watched.complaints.filter((text) => !refusedOperation.test(text))).toEqual([]);
});

/** Without captchas, for the preparation of a test. */
const plain = useGateway();

async function startPages(settings: Record<string, string>): Promise<TestGateway> {
  const port = String(await freePort());
  const pages = { PORT: port, PUBLIC_URL: `http://localhost:${port}`, APP_URL: '', PAGES: 'all' };
  return startTestGateway({ ...pages, ...settings }, plain);
}

const open = (gateway: TestGateway, path: string) =>
  page.goto(`http://localhost:${new URL(gateway.url).port}/account/${path}`);
const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name });

async function fillRegistration(email: string): Promise<void> {
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(goodPassword);
}

/** The names of the operations that the page sends from now on. */
function operationsOf(): string[] {
  const names: string[] = [];
  page.on('request', (request) => {
    const name = /(?:query|mutation) (\w+)/.exec(request.postData() ?? '')?.[1];
    if (name !== undefined) names.push(name);
  });
  return names;
}

describe('proof of work', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startPages({ CAPTCHA: 'altcha', RATE_LIMIT_ALLOWLIST: '' });
  });
  afterAll(() => gateway?.stop());

  test('opens a registration: it is solved while the user types, and the form is sent once', slow, async () => {
    const operations = operationsOf();
    await open(gateway, 'register');
    await fillRegistration(newAddress());
    await page.getByRole('button', { name: 'Create account' }).click();
    await heading('Look into your mail').waitFor();
    expect(operations.filter((name) => name === 'Captcha' || name === 'Register')).toEqual(['Captcha', 'Register']);
  });

  test('opens a password reset', slow, async () => {
    await open(gateway, 'forgot-password');
    await page.getByLabel('Email address').fill(newAddress());
    await page.getByRole('button', { name: /Send/ }).click();
    await heading(/mail/i).waitFor();
  });

  test('is asked at the fourth wrong password, and the user only waits', slow, async () => {
    const email = await createUser(plain);
    const operations = operationsOf();
    await open(gateway, 'sign-in');
    for (let failed = 0; failed < 4; failed += 1) {
      await page.getByLabel('Email address').fill(email);
      await page.getByLabel('Password', { exact: true }).fill(`Wrong guess ${failed}`);
      const answered = page.waitForResponse(async (response) =>
        (await response.text()).includes('INVALID_CREDENTIALS'),
      );
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await answered;
    }
    await page.getByLabel('Password', { exact: true }).fill(goodPassword);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await heading('Security').waitFor();
    expect(operations.filter((name) => name === 'Captcha')).toHaveLength(2);
  });

  test('an expired token is replaced without a word', slow, async () => {
    await open(gateway, 'register');
    const offered = page.waitForResponse(async (response) => (await response.text()).includes('"captcha"'));
    await fillRegistration(newAddress());
    await offered;
    gateway.clock.travel(301);
    await page.getByRole('button', { name: 'Create account' }).click();
    await heading('Look into your mail').waitFor();
  });
});

describe('a hosted service', () => {
  let service: FakeCaptchaService;
  let gateway: TestGateway;
  beforeAll(async () => {
    service = await startCaptchaService('turnstile');
    const keys = { CAPTCHA_SITE_KEY: 'a-site-key', CAPTCHA_SECRET: serviceSecret, CAPTCHA_VERIFY_URL: service.url };
    gateway = await startPages({ CAPTCHA: 'turnstile', ...keys });
  });
  afterAll(async () => {
    await gateway?.stop();
    await service?.stop();
  });

  /** In place of the script of the service: a widget with one button. */
  const script = `window.turnstile = { render(element, { sitekey, action, callback }) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'I am ' + sitekey + ' for ' + action;
    button.addEventListener('click', () => callback('widget-token-' + action));
    element.append(button);
  } };`;

  test('shows its widget in a dialog, and the form is sent with the token', slow, async () => {
    service.tokens.set('widget-token-REGISTER', { hostname: 'localhost', action: 'REGISTER' });
    await page.route('https://challenges.cloudflare.com/**', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: script }),
    );
    await open(gateway, 'register');
    await fillRegistration(newAddress());
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('dialog', { name: 'One more check' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'I am a-site-key for REGISTER' }).click();
    await heading('Look into your mail').waitFor();
  });

  test('that cannot be loaded says so, and cancelling keeps what was typed', slow, async () => {
    await page.route('https://challenges.cloudflare.com/**', (route) => route.abort());
    const email = newAddress();
    await open(gateway, 'register');
    await fillRegistration(email);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText('The check could not be loaded.').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('The check against automated requests did not succeed.').waitFor();
    expect(await page.getByLabel('Email address').inputValue()).toBe(email);
    watched.complaints.splice(0);
  });
});
