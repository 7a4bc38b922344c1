/**
 * How a real browser applies the headers and cookies of the gateway: the app works on its own origin. Foreign pages can
 * neither read nor act, on a sibling host name (the same site, where SameSite has no effect) or on another site.
 */
import { print } from 'graphql';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startBrowser } from '../support/browser/browser.ts';
import { type PageServer, startPageServer } from '../support/browser/page-server.ts';
import { familyState, refreshCookie } from '../support/browser/tabs.ts';
import { goodPassword, newAddress, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import {
  FullLoginDocument,
  FullRefreshDocument,
  FullViewerDocument,
  LogoutDocument,
  RegisterDocument,
} from '../support/generated/graphql.ts';

/** A first run may have to fetch the browser. */
const fetchingMs = 600_000;
/** Browsers keep Secure cookies for names under localhost without TLS. */
const gatewayName = 'auth.localhost';

let gateway: TestGateway;
let sites: PageServer;
let browser: Browser;
let context: BrowserContext;
/** The page of the app, with a signed-in user. */
let app: Page;
let session: { id: string; csrfToken: string };
/** The address of the gateway in the browser. */
let home: string;
let email: string;

beforeAll(async () => {
  [sites, browser] = await Promise.all([startPageServer(), startBrowser()]);
  gateway = await startTestGateway({ EMAIL_VERIFICATION: 'off', CORS_ORIGINS: sites.origin(`app.${gatewayName}`) });
  home = gateway.url.replace('127.0.0.1', gatewayName);
  email = newAddress();
  await gateway.send(RegisterDocument, { input: { email, password: goodPassword } });
}, fetchingMs);
afterAll(async () => {
  await browser?.close();
  await sites?.stop();
  await gateway?.stop();
});

beforeEach(async () => {
  context = await browser.newContext();
  app = await visit(`app.${gatewayName}`);
  const answer = await ask(app, FullLoginDocument, { email, password: goodPassword, delivery: 'COOKIE' });
  const { login } = JSON.parse(answer).data;
  session = { id: login.session.id, csrfToken: login.csrfToken };
});
afterEach(() => context.close());

async function visit(name: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(sites.origin(name));
  return page;
}

interface Asked {
  url: string;
  body: string;
  headers: Record<string, string>;
  mode: 'cors' | 'no-cors';
}

/** What the page can read of the response: its text, `opaque`, or `refused`. */
function fetchFrom(page: Page, asked: Asked): Promise<string> {
  return page.evaluate(async ({ url, body, headers, mode }) => {
    try {
      const response = await fetch(url, { method: 'POST', credentials: 'include', mode, headers, body });
      return response.type === 'opaque' ? 'opaque' : await response.text();
    } catch {
      return 'refused';
    }
  }, asked);
}

function ask(
  page: Page,
  document: typeof FullLoginDocument | typeof FullRefreshDocument | typeof LogoutDocument,
  input: object,
  headers = {},
): Promise<string> {
  const body = JSON.stringify({ query: print(document), variables: { input } });
  return fetchFrom(page, {
    url: `${home}/graphql`,
    body,
    headers: { 'content-type': 'application/json', ...headers },
    mode: 'cors',
  });
}

const untouched = { generation: 0, reason: null };
const cookieNames = async () => (await context.cookies(home)).map(({ name }) => name).sort();

describe('the app', { timeout: 60_000 }, () => {
  test('signs in with a cookie that scripts cannot read, and refreshes with its CSRF token', async () => {
    const cookies = await context.cookies(home);
    expect(
      cookies.map(({ name, httpOnly, secure, sameSite, domain, path }) => ({
        name,
        httpOnly,
        secure,
        sameSite,
        domain,
        path,
      })),
    ).toEqual(
      [refreshCookie, '__Host-postern_device'].map((name) => ({
        name,
        httpOnly: true,
        secure: true,
        sameSite: 'Strict',
        domain: gatewayName,
        path: '/',
      })),
    );
    const answer = await ask(app, FullRefreshDocument, {}, { 'x-csrf-token': session.csrfToken });
    expect(JSON.parse(answer).data.refresh.session.id).toBe(session.id);
    expect(answer).not.toContain(cookies[0]?.value);
    expect(await familyState(gateway, session)).toEqual({ generation: 1, reason: null });
    const atHome = await context.newPage();
    await atHome.goto(`${home}/livez`);
    expect(await atHome.evaluate('document.cookie')).toBe('');
  });

  test('is refused without the token, and can read the reason', async () => {
    expect(JSON.parse(await ask(app, FullRefreshDocument, {})).errors[0].extensions.code).toBe('CSRF_FAILED');
    expect(await familyState(gateway, session)).toEqual(untouched);
  });
});

describe.each([
  ['of the same site', `evil.${gatewayName}`],
  ['of another site', 'evil.localhost'],
])('a page %s', { timeout: 60_000 }, (_what, name) => {
  let evil: Page;
  beforeEach(async () => {
    evil = await visit(name);
  });
  afterEach(async () => {
    expect(await familyState(gateway, session)).toEqual(untouched);
    expect(await cookieNames()).toEqual(['__Host-postern_device', refreshCookie]);
  });

  test('cannot send a request with fetch, even with the CSRF token', async () => {
    for (const document of [FullRefreshDocument, LogoutDocument, FullLoginDocument]) {
      expect(await ask(evil, document, {}, { 'x-csrf-token': session.csrfToken })).toBe('refused');
    }
  });

  test('gains nothing with a request that needs no preflight', async () => {
    const bodies = [FullRefreshDocument, LogoutDocument].map((document) =>
      JSON.stringify({ query: print(document), variables: { input: {} } }),
    );
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json']) {
      for (const body of bodies) {
        const headers = { 'content-type': type, 'x-csrf-token': session.csrfToken };
        // Browsers omit headers that need a preflight, and refuse to show the remaining responses to another site.
        expect(await fetchFrom(evil, { url: `${home}/graphql`, body, headers, mode: 'no-cors' })).toBeOneOf([
          'opaque',
          'refused',
        ]);
      }
    }
  });

  test('that submits a form gets a refusal', async () => {
    for (const [method, enctype] of [
      ['post', 'text/plain'],
      ['post', 'application/x-www-form-urlencoded'],
      ['post', 'multipart/form-data'],
      ['get', 'application/x-www-form-urlencoded'],
    ] as const) {
      const form = await visit(name);
      const landed = form.waitForResponse((response) => response.url().startsWith(`${home}/graphql`));
      await form.evaluate(
        ({ action, method, enctype, query }) => {
          const form = document.body.appendChild(document.createElement('form'));
          Object.assign(form, { action, method, enctype });
          const field = form.appendChild(document.createElement('input'));
          Object.assign(field, { name: 'query', value: query });
          form.submit();
        },
        { action: `${home}/graphql?x=1`, method, enctype, query: 'mutation { logout(input: {}) { revoked } }' },
      );
      const response = await landed;
      // A GET of a browser gets Sandbox, which ignores the parameters of the address.
      if (method === 'get') expect(response.headers()['content-type']).toContain('text/html');
      else expect(response.status()).toBe(415);
    }
  });

  test('gets nothing as an image, a script or a style sheet', async () => {
    const url = `${home}/graphql?query=${encodeURIComponent(print(FullViewerDocument))}`;
    for (const [tag, property] of [
      ['img', 'src'],
      ['script', 'src'],
      ['link', 'href'],
    ] as const) {
      const outcome = await evil.evaluate(
        ({ tag, property, url }) =>
          new Promise<string>((resolve) => {
            const element = document.createElement(tag);
            element.onload = () => resolve('loaded');
            element.onerror = () => resolve('refused');
            if (tag === 'link') element.setAttribute('rel', 'stylesheet');
            element.setAttribute(property, url);
            document.body.append(element);
          }),
        { tag, property, url },
      );
      expect([tag, outcome]).toEqual([tag, 'refused']);
    }
  });

  test('cannot embed our pages in a frame, an object or an embed', async () => {
    for (const path of ['/graphql', '/graphql/console', '/livez', '/.well-known/jwks.json', '/nowhere']) {
      for (const tag of ['iframe', 'object', 'embed']) {
        await evil.evaluate(
          ({ tag, url }) => {
            const element = document.createElement(tag);
            element.setAttribute(tag === 'object' ? 'data' : 'src', url);
            document.body.replaceChildren(element);
          },
          { tag, url: `${home}${path}` },
        );
        await evil.waitForLoadState('networkidle');
        const shown = evil
          .frames()
          .slice(1)
          .map((frame) => frame.url())
          .filter((url) => url.startsWith(home));
        const texts = await Promise.all(
          evil
            .frames()
            .slice(1)
            .map((frame) => frame.evaluate('document.body?.innerText ?? ""').catch(() => '')),
        );
        expect([path, tag, shown]).toEqual([path, tag, []]);
        expect(texts.join('')).not.toMatch(/Sandbox|GraphiQL|ok\n|"keys"/);
      }
    }
  });

  test('in a sandboxed frame is refused in the same way', async () => {
    const answer = await evil.evaluate(
      ({ url, csrfToken }) =>
        new Promise<string>((resolve) => {
          addEventListener('message', ({ data }) => resolve(String(data)));
          const frame = document.createElement('iframe');
          frame.setAttribute('sandbox', 'allow-scripts');
          frame.srcdoc = `<script>fetch(${JSON.stringify(url)}, { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json', 'x-csrf-token': ${JSON.stringify(csrfToken)} }, body: '{"query":"mutation { refresh(input: {}) { accessToken } }"}' }).then((answer) => answer.text()).catch(() => 'refused').then((text) => parent.postMessage(text, '*'))</script>`;
          document.body.append(frame);
        }),
      { url: `${home}/graphql`, csrfToken: session.csrfToken },
    );
    expect(answer).toBe('refused');
  });

  test('that opens one of our pages gets no handle on it', async () => {
    const [opened] = await Promise.all([
      context.waitForEvent('page'),
      evil.evaluate((url) => {
        Object.assign(globalThis, { opened: open(url) });
      }, `${home}/graphql/console`),
    ]);
    await opened.waitForSelector('#graphiql');
    expect(await opened.evaluate('opener')).toBeNull();
    expect(await evil.evaluate('opened.closed')).toBe(true);
  });

  test('cannot plant one of our cookies, nor a cookie that is read as one', async () => {
    const before = await context.cookies(`${home}/graphql`);
    await evil.evaluate(
      ({ names, domain }) => {
        for (const name of names) {
          for (const attributes of [
            '',
            `; Domain=${domain}`,
            '; Secure',
            `; Secure; Domain=${domain}`,
            `; Secure; Path=/; Domain=.${domain}`,
          ]) {
            Reflect.set(document, 'cookie', `${name}=planted${attributes}`);
          }
        }
      },
      {
        names: [refreshCookie, refreshCookie.toLowerCase(), ` ${refreshCookie}`, `=${refreshCookie}`],
        domain: gatewayName,
      },
    );
    expect(await context.cookies(`${home}/graphql`)).toEqual(before);
  });
});
