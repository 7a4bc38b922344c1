/** Pages for browsers: their paths, the accepted host names, and the origins that may call the gateway. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf, errorOf } from '../support/gateway/answer.ts';
import { goodPassword, newAddress, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { sendRaw } from '../support/gateway/raw-http.ts';
import { RegisterDocument } from '../support/generated/graphql.ts';
import { freePort } from '../support/servers/free-port.ts';

const html = { accept: 'text/html,*/*;q=0.8' };
const mailPages = ['/verify-email', '/reset-password', '/accept-invitation', '/confirm-email', '/not-me'];

/** Its database is shared by the other gateways. */
let first: TestGateway;
/** A development gateway on the local machine. */
let development: TestGateway;
/** A development gateway without a frontend and without the account pages. */
let withoutPages: TestGateway;
/** A production gateway without a frontend, as with docker-compose.yml. */
let production: TestGateway;
/** A production gateway with a frontend. */
let withFrontend: TestGateway;
beforeAll(async () => {
  first = await startTestGateway({ EMAIL_VERIFICATION: 'off' });
  const port = String(await freePort());
  development = await startTestGateway(
    { NODE_ENV: 'development', PORT: port, PUBLIC_URL: `http://localhost:${port}`, APP_URL: '', SMTP_URL: '' },
    first,
  );
  const hidden = { SANDBOX: 'false', INTROSPECTION: 'false' };
  production = await startTestGateway({ ...hidden, APP_URL: '' }, first);
  withFrontend = await startTestGateway(hidden, first);
  withoutPages = await startTestGateway({ ...hidden, APP_URL: '', PAGES: 'off' }, first);
});
afterAll(async () => {
  for (const gateway of [development, production, withFrontend, withoutPages, first]) await gateway?.stop();
});

/** Creates an account without a mail, because the gateways of this suite share one outbox. */
async function createAccount(): Promise<string> {
  const email = newAddress();
  await first.send(RegisterDocument, { input: { email, password: goodPassword } });
  return email;
}

const read = (gateway: TestGateway, path: string, headers: Record<string, string> = {}) =>
  answerOf(fetch(`${gateway.url}${path}`, { headers }));

describe('The page at /', () => {
  test('lists what a development gateway serves, and each link works', async () => {
    const { status, text } = await read(development, '/', html);
    expect(status).toBe(200);
    const links = [...text.matchAll(/<a href="([^"]+)"/g)].map(([, path = '']) => path);
    expect(links).toEqual([
      'account',
      'console',
      'graphql',
      'graphql/console',
      'dev/mailbox',
      '.well-known/jwks.json',
      'readyz',
    ]);
    for (const path of links) expect([path, (await read(development, `/${path}`, html)).status]).toEqual([path, 200]);
  });

  test('is a 404 in JSON for a program', async () => {
    const answer = await read(development, '/', { accept: 'application/json' });
    expect([answer.status, errorOf(answer).extensions.code]).toEqual([404, 'NOT_FOUND']);
  });

  test('tells a browser at /graphql how to turn the console on', async () => {
    const { status, text } = await read(production, '/graphql', html);
    expect(status).toBe(200);
    expect(text).toContain('SANDBOX=true');
    expect(text).not.toMatch(/csrf|preflight|apollo-/i);
  });
});

describe('The pages of mail links', () => {
  test.each(mailPages)('are served at %s without a frontend and without account pages', async (path) => {
    for (const gateway of [withoutPages, production]) {
      const { status, headers, text } = await read(gateway, path);
      expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(policy).not.toContain('unsafe');
      expect(text).toContain('<form');
    }
  });

  test.each(mailPages)('leave %s to the frontend when APP_URL is set', async (path) => {
    expect((await read(withFrontend, path, html)).status).toBe(404);
  });
});

describe('The console and the mailbox', () => {
  const hostOf = (gateway: TestGateway) => new URL(gateway.url).host;
  const askAs = (host: string, path: string) =>
    sendRaw(development.url, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept: text/html\r\nConnection: close\r\n\r\n`);

  test.each(['/dev/mailbox', '/graphql', '/graphql/console'])('refuse a foreign host name at %s', async (path) => {
    for (const host of ['attacker.example', 'localhost.attacker.example', 'attacker.example:4000']) {
      expect([host, (await askAs(host, path)).status]).toEqual([host, 403]);
    }
  });

  test.each(['/dev/mailbox', '/graphql', '/graphql/console'])(
    'accept the local names of the machine at %s',
    async (path) => {
      for (const host of [
        hostOf(development),
        'localhost',
        'app.localhost:4000',
        '127.0.0.1',
        '[::1]:4000',
        '192.0.2.7',
      ]) {
        expect([host, (await askAs(host, path)).status]).toEqual([host, 200]);
      }
    },
  );
});

describe('A browser origin', () => {
  const signInFrom = async (gateway: TestGateway, origin: string) => {
    const email = await createAccount();
    const query = `mutation { login(input: { email: "${email}", password: "${goodPassword}", delivery: COOKIE }) { ... on AuthSession { csrfToken } } }`;
    return answerOf(gateway.post({ query }, { origin }));
  };

  test.each(['http://localhost:5398', 'http://127.0.0.1:4000', 'http://[::1]:3000', 'https://app.localhost'])(
    'of the local machine may call a development gateway: %s',
    async (origin) => {
      const { headers } = await signInFrom(development, origin);
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      expect((await signInFrom(withFrontend, origin)).headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  test.each([
    'http://localhost.attacker.example',
    'http://localhost:1@attacker.example',
    'null',
    'http://127.0.0.1.example',
  ])('of another site is refused: %s', async (origin) => {
    expect((await signInFrom(development, origin)).headers.get('access-control-allow-origin')).toBeNull();
  });

  test('that is refused is logged once', async () => {
    const origin = 'https://forgotten.example.com';
    await signInFrom(withFrontend, origin);
    await signInFrom(withFrontend, origin);
    const lines = withFrontend.logs.filter((line) => line.includes(origin));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('CORS_ORIGINS');
  });
});

test('A development gateway over plain HTTP sets cookies that every browser keeps on localhost', async () => {
  const email = await createAccount();
  const query = `mutation { login(input: { email: "${email}", password: "${goodPassword}", delivery: COOKIE }) { __typename } }`;
  const cookiesOf = async (gateway: TestGateway) => (await gateway.post({ query })).headers.getSetCookie();
  const plain = await cookiesOf(development);
  expect(plain.map((cookie) => cookie.split('=')[0])).toEqual(['postern_refresh', 'postern_device']);
  for (const cookie of plain) {
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).not.toMatch(/Secure|__Host-/);
  }
  for (const cookie of await cookiesOf(production)) expect(cookie).toMatch(/^__Host-postern_\w+=.*; Secure/);
});
