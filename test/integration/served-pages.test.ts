/** `/account` and `/console`: their paths, headers, files, theme and logo, and what is off. Needs `npm run build`. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { print } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { loadPages } from '../../src/http/pages/built/load.ts';
import { answerOf, errorOf } from '../support/gateway/answer.ts';
import { goodPassword, newAddress, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { sendRaw } from '../support/gateway/raw-http.ts';
import { LoginDocument, PasswordPolicyDocument, RegisterDocument } from '../support/generated/graphql.ts';

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const logo = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1H0z"/></svg>';
const theme = {
  '--postern-accent': { light: '#ffcc00', dark: '#0b6e4f' },
  '--postern-radius': '2px',
  '--postern-acent': '#000',
};

let folder: string;
/** Without a theme, in a database that the others share. */
let gateway: TestGateway;
/** Below a path, with a theme and a logo. */
let themed: TestGateway;
let off: TestGateway;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-pages-'));
  const files = {
    theme: join(folder, 'theme.json'),
    logo: join(folder, 'logo.svg'),
    documents: join(folder, 'd.json'),
  };
  await writeFile(files.theme, JSON.stringify(theme));
  await writeFile(files.logo, logo);
  await writeFile(files.documents, JSON.stringify({ one: '{ viewer { id } }' }));
  gateway = await startTestGateway({ PAGES: 'all', APP_URL: '', TRUSTED_DOCUMENTS: files.documents });
  const appearance = { PAGES_THEME: files.theme, PAGES_LOGO: files.logo, PRODUCT_NAME: 'A<b>&"c' };
  themed = await startTestGateway({ PAGES: 'all', PUBLIC_URL: 'https://example.com/auth', ...appearance }, gateway);
  off = await startTestGateway({ PAGES: 'off' }, gateway);
});
afterAll(async () => {
  for (const one of [themed, off, gateway]) await one?.stop();
  await rm(folder, { recursive: true });
});

const read = (path: string, headers: Record<string, string> = {}, from = gateway) =>
  answerOf(fetch(`${from.url}${path}`, { headers, redirect: 'manual' }));

/** The addresses that the HTML of a page loads. */
async function assetsOf(path: string, from = gateway): Promise<string[]> {
  const { text } = await read(path, {}, from);
  return [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address);
}

describe('A page', () => {
  test.each([
    ['/account', '/account/sign-in'],
    ['/account/', '/account/sign-in'],
    ['/console', '/console/overview'],
  ])('%s continues at the first screen', async (path, target) => {
    const { status, headers } = await read(path);
    expect([status, headers.get('location')]).toEqual([302, target]);
    expect((await read(target)).status).toBe(200);
  });

  test.each(['/account/sign-in', '/account/verify-email', '/console/users/0198c2a4'])(
    '%s may load its own origin only, and is not stored',
    async (path) => {
      const { status, headers } = await read(path);
      expect(status).toBe(200);
      expect(headers.get('content-security-policy')).toBe(policy);
      expect(headers.get('permissions-policy')).toMatch(
        /^publickey-credentials-get=\(self\), publickey-credentials-create=\(self\), camera=\(\), microphone=\(\), geolocation=\(\), /,
      );
      expect(headers.get('permissions-policy')).toContain('usb=()');
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'strict-transport-security': expect.stringContaining('max-age='),
      });
    },
  );

  test('answers a HEAD request with the same headers', async () => {
    const response = await fetch(`${gateway.url}/account/sign-in`, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-security-policy')]).toEqual([200, policy]);
  });

  test('has no script and no style of its own in the HTML', async () => {
    const { text } = await read('/account/sign-in');
    expect(text).not.toMatch(/<style|style=|<script(?![^>]*\ssrc=)|\son\w+=/i);
    expect(text).toContain('<noscript>');
  });

  test('takes its addresses from PUBLIC_URL', async () => {
    expect((await read('/account', {}, themed)).headers.get('location')).toBe('/auth/account/sign-in');
    for (const address of await assetsOf('/account/sign-in', themed))
      expect(address).toMatch(/^\/auth\/account\/assets\//);
  });
});

describe('An asset', () => {
  test('is cached for good, and compressed as the browser accepts it', async () => {
    for (const address of [...(await assetsOf('/account/sign-in')), ...(await assetsOf('/console/users'))]) {
      const plain = await fetch(`${gateway.url}${address}`, { headers: { 'accept-encoding': 'identity' } });
      expect([address, plain.status, plain.headers.get('cache-control')]).toEqual([
        address,
        200,
        'public, max-age=31536000, immutable',
      ]);
      const content = Buffer.from(await plain.arrayBuffer());
      if (!/\.(js|css|svg)$/.test(address)) continue;
      for (const [encoding, decompress] of [
        ['br', brotliDecompressSync],
        ['gzip', gunzipSync],
      ] as const) {
        const response = await rawBody(`${gateway.url}${address}`, encoding);
        expect([address, response.encoding]).toEqual([address, encoding]);
        expect(decompress(response.body).equals(content)).toBe(true);
      }
    }
  });

  test.each([
    '/account/../../package.json',
    '/account/assets/../../../package.json',
    '/account/assets/..%2f..%2f..%2fpackage.json',
    '/account/assets/%2e%2e%2fpages.json',
    '/account/assets/..\\pages.json',
    '/account/pages.json',
    '/account/manifest.json',
    '/account/index.html',
    '/account/assets/__proto__',
    '/account/assets/index-00000000.js',
    '/account/unknown',
    '/account/sign-in/more',
    '/console/users/1/2',
  ])('%s is unknown', async (path) => {
    const { status, headers, text } = await sendRaw(
      gateway.url,
      `GET ${path} HTTP/1.1\r\nHost: auth.example.com\r\nAccept: text/html\r\nConnection: close\r\n\r\n`,
    );
    expect([status, headers.get('cache-control')]).toEqual([404, 'no-store']);
    expect(text).toContain('"NOT_FOUND"');
  });
});

async function rawBody(url: string, encoding: string): Promise<{ encoding: string | null; body: Buffer }> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': encoding } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ encoding: response.headers['content-encoding'] ?? null, body: Buffer.concat(chunks) }),
      );
    }).on('error', reject);
  });
}

describe('PAGES_THEME and PAGES_LOGO', () => {
  test('replace variables and the name', async () => {
    const addresses = await assetsOf('/account/sign-in', themed);
    const stylesheet = addresses.find((address) => /theme-[\w-]+\.css$/.test(address)) ?? '';
    const css = await read(stylesheet.replace('/auth', ''), {}, themed);
    expect(css.text).toBe(
      ':root{--postern-accent-hover:light-dark(#e0b400,#0a6146);--postern-accent-active:light-dark(#c29b00,#08543c);--postern-accent:light-dark(#ffcc00,#0b6e4f);--postern-radius:2px;--postern-acent:#000;}\n',
    );
    const { text } = await read('/console/overview', {}, themed);
    const [, shown = ''] = /(\/auth\/console\/assets\/logo-[\w-]+\.svg)/.exec(text) ?? [];
    const image = await read(shown.replace('/auth', ''), {}, themed);
    expect([image.headers.get('content-type'), image.text]).toEqual(['image/svg+xml', logo]);
    expect(image.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('warn of colours that are hard to read, and of unknown variables', () => {
    const warnings = themed.logs.filter((line) => line.includes('PAGES_THEME'));
    expect(warnings.join()).toContain('the pages have no variable --postern-acent');
    expect(warnings.join()).toContain(
      '--postern-on-accent on --postern-accent has a contrast of 1.51 in light mode; use 4.5',
    );
    expect(warnings.join()).not.toContain('in dark mode');
  });

  test('put the name of the product into the HTML as text', async () => {
    const { text } = await read('/account/sign-in', {}, themed);
    expect(text).toContain('<title>A&#60;b&#62;&#38;&#34;c</title>');
    expect(text).not.toContain('A<b>');
  });
});

describe('PAGES', () => {
  test('off serves nothing and reads nothing', async () => {
    for (const path of ['/account', '/account/sign-in', '/console', ...(await assetsOf('/account/sign-in'))]) {
      const answer = await read(path, {}, off);
      expect([path, answer.status, errorOf(answer).extensions.code]).toEqual([path, 404, 'NOT_FOUND']);
    }
    const { pages } = readConfig({ PAGES: 'off' });
    expect(await loadPages(pages, '/nowhere')).toEqual({
      served: [],
      applications: [],
      documents: [],
      warnings: [],
    });
  });

  test('does not start without a build', async () => {
    const { pages } = readConfig({ PAGES: 'account' });
    await expect(loadPages(pages, folder)).rejects.toThrow(
      'PAGES: the pages of account are not built; run "npm run build", or set PAGES=off',
    );
  });

  test('lets mails link to the account pages', async () => {
    // Gateways with one database share their outbox.
    const alone = await startTestGateway({ PAGES: 'account', APP_URL: '' });
    const email = newAddress();
    await alone.send(RegisterDocument, { input: { email, password: goodPassword } });
    const { text } = await alone.mail.take(email);
    await alone.stop();
    expect(text).toMatch(/https:\/\/auth\.example\.com\/account\/verify-email#token=[\w-]+/);
  });

  test('lets the pages send their documents where TRUSTED_DOCUMENTS is set', async () => {
    for (const document of [LoginDocument, PasswordPolicyDocument]) {
      const variables = { input: { email: 'ada@example.com', password: 'wrong' } };
      const { errors } = await (await gateway.post({ query: print(document), variables })).json();
      expect(errors?.[0]?.extensions.code ?? 'none').toMatch(/INVALID_CREDENTIALS|none/);
    }
    expect((await gateway.post({ query: '{ __typename }' })).status).toBe(400);
  });
});
