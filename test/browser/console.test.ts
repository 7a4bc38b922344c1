/** The console in a real browser that cannot reach Apollo's CDN: what the page shows, and what the browser stores. */
import { createHash } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { consoleOperations } from '../../src/http/pages/console-operations.ts';
import { startBrowser } from '../support/browser/browser.ts';
import { answerOf } from '../support/gateway/answer.ts';
import { registerUser, type SignedIn, signIn, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { until } from '../support/races/until.ts';

/** A first run may have to fetch the browser. */
const fetchingMs = 600_000;
const timeoutMs = 30_000;
const apolloCdn = /^https:\/\/embeddable-sandbox\.cdn\.apollographql\.com\//;

let gateway: TestGateway;
let email: string;
let session: SignedIn;
let browser: Browser;
/** One browser context for all pages, as for a user that returns: stored data stays. */
let context: BrowserContext;
let page: Page;
/** Problems that the browser reports: errors, violations of the policy, missing files. */
let complaints: string[];

beforeAll(async () => {
  [gateway, browser] = await Promise.all([startTestGateway(), startBrowser()]);
  context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  email = await registerUser(gateway);
}, fetchingMs);
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});

beforeEach(async () => {
  session = await signIn(gateway, email);
  complaints = [];
  page = await context.newPage();
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    const isOurs = !apolloCdn.test(message.location().url);
    if (isOurs && ['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
});
afterEach(() => page.close());

async function open(path: string): Promise<void> {
  await page.goto(`${gateway.url}${path}`);
  await page.waitForSelector('.graphiql-query-editor .view-line');
}

async function chooseTab(name: string): Promise<void> {
  const [first = ''] = consoleOperations.find((operation) => operation.name === name)?.text.split('(') ?? [];
  await page.click(`.graphiql-tab-button[title="${name}"]`);
  await waitForText('.graphiql-query-editor .view-lines', first.replace(/ \{[\s\S]*/, ''));
}

/** The editor shows spaces as no-break spaces. */
async function waitForText(selector: string, text: string): Promise<void> {
  const shown = async () => (await page.locator(selector).first().innerText()).replaceAll('\u00a0', ' ');
  await until(`"${text}" in ${selector}`, async () => (await shown()).includes(text), timeoutMs);
}

/** Replaces the whole text of an editor with the keyboard. */
async function write(section: string, text: string): Promise<void> {
  await page.click(`${section} .view-lines`);
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}

async function run(): Promise<void> {
  await page.click('.graphiql-execute-button');
}

const answerHas = (text: string) => waitForText('.result-window .view-lines', text);
const tokenField = () => page.inputValue('#token');

describe('the console', { timeout: 120_000 }, () => {
  test('opens when Sandbox cannot load from Apollo’s CDN, and says so', async () => {
    await open('/graphql');
    expect(new URL(page.url()).pathname).toBe('/graphql/console');
    const header = await page.innerText('header');
    expect(header).toContain('Apollo Sandbox could not be loaded');
    expect(header).toContain('This is GraphiQL');
  });

  test('shows no failure message when the user opens it directly', async () => {
    await open('/graphql/console');
    expect(await page.innerText('header')).not.toContain('could not be loaded');
  });

  test('is the same page with a trailing slash', async () => {
    await open('/graphql/console/');
    await run();
    await answerHas('"CLASSIC"');
    expect(complaints).toEqual([]);
  });

  test('runs an operation without a violation of the policy or an error in the browser', async () => {
    await open('/graphql');
    await run();
    await answerHas('"minLength": 8');
    expect(complaints).toEqual([]);
  });

  test('opens the common tasks, each in a tab with its variables', async () => {
    await open('/graphql/console');
    const titles = await page.locator('.graphiql-tab-button').allInnerTexts();
    expect(titles).toEqual(consoleOperations.map(({ name }) => name));
    await chooseTab('ChangeRole');
    await waitForText('.graphiql-editor-tool .view-lines', '"role": "MODERATOR"');
  });

  test('runs the operation of the selected tab, even immediately after the selection', async () => {
    await open('/graphql/console');
    await run();
    await answerHas('"CLASSIC"');
    await page.evaluate(`document.querySelector('.graphiql-tab-button[title="WhoAmI"]').click();
      document.querySelector('.graphiql-execute-button').click();`);
    await answerHas('"viewer": null');
  });

  test('underlines input that does not match the schema while the user types', async () => {
    await open('/graphql/console');
    await write('.graphiql-query-editor', '{ passwordPolicy { nothingOfTheKind } }');
    await page.waitForSelector('.graphiql-query-editor .squiggly-error');
    expect(complaints).toEqual([]);
  });

  test('sends the access token of a response with the next operation', async () => {
    await open('/graphql/console');
    expect(await tokenField()).toBe('');
    await chooseTab('Refresh');
    await write('.graphiql-editor-tool', JSON.stringify({ refreshToken: session.refreshToken }));
    await run();
    await answerHas('accessTokenExpiresAt');
    expect(await tokenField()).toMatch(/^ey[\w-]+\.[\w-]+\.[\w-]+$/);
    await chooseTab('WhoAmI');
    await run();
    await answerHas(`"email": "${email}"`);
  });

  test('accepts a token in its own field and in the headers', async () => {
    await open('/graphql/console');
    await chooseTab('WhoAmI');
    await run();
    await answerHas('"viewer": null');
    await page.fill('#token', session.accessToken);
    await run();
    await answerHas(`"email": "${email}"`);
    await page.fill('#token', '');
    await page.click('button[data-name="headers"]');
    await write('.graphiql-editor-tool > :not(.hidden)', JSON.stringify({ Authorization: 'Bearer garbage' }));
    await run();
    await answerHas('TOKEN_INVALID');
  });

  test('stores no token, password or document after the page closes', async () => {
    await open('/graphql/console');
    await chooseTab('SignIn');
    await write('.graphiql-editor-tool', JSON.stringify({ email, password: 'Planted in the console 1!' }));
    await page.fill('#token', session.accessToken);
    await run();
    await page.waitForTimeout(1500);
    const kept = await page.evaluate(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href])',
    );
    expect(kept).toBe(JSON.stringify([{}, {}, '', `${gateway.url}/graphql/console`]));
    await page.reload();
    await page.waitForSelector('.graphiql-query-editor .view-line');
    expect(await tokenField()).toBe('');
    expect(await page.content()).not.toContain('Planted in the console');
  });
});

describe('the files of the console', () => {
  const filesOf = async () => {
    const { text, headers } = await answerOf(fetch(`${gateway.url}/graphql/console`));
    const names = [...text.matchAll(/(?:src|href)="(console\/[^"]+)"/g)].map(([, name = '']) => name);
    return { names, policy: headers.get('content-security-policy') ?? '', text };
  };

  test('have their content hash in their name, and are cached permanently', async () => {
    const { names } = await filesOf();
    expect(names.length).toBe(4);
    for (const name of names) {
      const { headers, status, text } = await answerOf(fetch(`${gateway.url}/graphql/${name}`));
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(headers.get('content-type')).toMatch(/^text\/(css|javascript); charset=utf-8$/);
      expect(name).toContain(createHash('sha256').update(text).digest('hex').slice(0, 16));
    }
  });

  test('answers any other name with 404, and forbids caching it', async () => {
    for (const name of ['nothing.js', '..%2f..%2fpackage.json', 'graphiql.js', '%00']) {
      const { status, headers } = await answerOf(fetch(`${gateway.url}/graphql/console/${name}`));
      expect([name, status, headers.get('cache-control')]).toEqual([name, 404, 'no-store']);
    }
  });

  test('are served under a policy without inline scripts and without other origins', async () => {
    const { policy, text } = await filesOf();
    expect(text).not.toMatch(/<script(?! src=)|\son\w+=/);
    expect(/script-src ([^;]*)/.exec(policy)?.[1]).toBe("'self'");
    expect(policy).not.toMatch(/https?:|unsafe-eval|\*/);
    expect(policy).toContain("default-src 'none'");
  });

  test('are not served when Sandbox is off', async () => {
    const strict = await startTestGateway({ SANDBOX: 'false' }, gateway);
    const { names } = await filesOf();
    for (const path of ['console', ...names]) {
      expect((await fetch(`${strict.url}/graphql/${path}`)).status).toBe(404);
    }
    await strict.stop();
  });
});
