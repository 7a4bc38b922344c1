/** The nginx of the example in front of a service: which callers it admits, and which headers the service gets. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createVerifier } from '../../packages/verify/src/verifier.ts';
import { bearer } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { LogoutDocument, RevokeApiKeyDocument } from '../support/generated/graphql.ts';
import { createApiKey, createServiceAccount } from '../support/people/api-keys.ts';
import { registerUserWithRole } from '../support/people/users-with-roles.ts';
import { findOrFetch } from '../support/processes/debian-package.ts';
import { nginx } from '../support/processes/debian-programs.ts';
import { type Nginx, startNginx } from '../support/proxies/nginx.ts';
import { freePort } from '../support/servers/free-port.ts';

interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

let service: Server;
let proxy: Nginx;
let seen: Seen[];
const gateway = useGateway({ TRUSTED_PROXIES: '127.0.0.1' });
beforeAll(async () => {
  service = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ method: request.method, url: request.url, headers: request.headers, body });
    response.end('the service');
  });
  const [port, servicePort] = [await freePort(), await freePort()];
  await once(service.listen(servicePort, '127.0.0.1'), 'listening');
  const example = await readFile(new URL('../../examples/nginx/postern.conf', import.meta.url), 'utf8');
  const configuration = example
    .replace('127.0.0.1:4000', new URL(gateway.url).host)
    .replace('127.0.0.1:8000', `127.0.0.1:${servicePort}`)
    .replace('127.0.0.1:8080', `127.0.0.1:${port}`);
  proxy = await startNginx(port, configuration);
  // The first run on a machine without nginx downloads it.
}, 240_000);
beforeEach(() => {
  seen = [];
});
afterAll(async () => {
  await proxy?.stop();
  service?.close();
  service?.closeAllConnections();
});

const ask = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
  fetch(`${proxy.url}${path}`, { headers, ...init });

/** What a service reads from the proof of Postern. */
function identityIn(request: Seen | undefined) {
  const verify = createVerifier({
    issuer: 'https://auth.example.com',
    jwksUrl: `${gateway.url}/.well-known/jwks.json`,
    tokens: 'identity',
    now: () => gateway.clock.now(),
  });
  return verify(String(request?.headers['x-auth-token']));
}

describe('a signed-in user', () => {
  test('is admitted, and the service receives the identity', async () => {
    const session = await registerUserWithRole(gateway, 'USER');
    const response = await ask('/any/path?x=1', bearer(session.accessToken));
    expect([response.status, await response.text()]).toEqual([200, 'the service']);
    expect(seen).toMatchObject([{ method: 'GET', url: '/any/path?x=1' }]);
    expect(seen[0]?.headers).toMatchObject({
      'x-auth-user': session.viewer.id,
      'x-auth-role': 'USER',
      'x-auth-scopes': 'profile:write sessions:own mfa:own keys:own',
    });
  });

  test('is admitted with the request body', async () => {
    const session = await registerUserWithRole(gateway, 'USER');
    const body = 'x'.repeat(20_000);
    await ask('/upload', bearer(session.accessToken), { method: 'POST', body });
    expect(seen).toMatchObject([{ method: 'POST', body }]);
  });

  test('cannot claim another identity', async () => {
    const session = await registerUserWithRole(gateway, 'USER');
    const claimed = {
      'x-auth-user': 'root',
      'x-auth-role': 'SUPER_ADMIN',
      'x-auth-scopes': 'all',
      'x-auth-token': 'x',
    };
    await ask('/', { ...claimed, x_auth_user: 'root', ...bearer(session.accessToken) });
    expect(seen[0]?.headers).toMatchObject({ 'x-auth-user': session.viewer.id, 'x-auth-role': 'USER' });
    expect(JSON.stringify(seen)).not.toMatch(/root|SUPER_ADMIN|x_auth_user/);
  });

  test('is shown to the service without the access token, with a proof from Postern', async () => {
    const session = await registerUserWithRole(gateway, 'USER');
    await ask('/', bearer(session.accessToken));
    expect(JSON.stringify(seen)).not.toContain(session.accessToken);
    const { caller } = await identityIn(seen[0]);
    expect(caller?.userId).toBe(session.viewer.id);
  });

  test('is refused where administrators are required', async () => {
    const response = await ask('/admin/panel', bearer((await registerUserWithRole(gateway, 'USER')).accessToken));
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    expect(seen).toEqual([]);
    const admin = await registerUserWithRole(gateway, 'ADMIN');
    expect((await ask('/admin/panel', bearer(admin.accessToken))).status).toBe(200);
    expect(seen).toMatchObject([{ url: '/admin/panel' }]);
  });
});

describe('a program with an API key', () => {
  test('is admitted, and the service receives its rights and a proof without the key', async () => {
    const { accessToken, viewer } = await registerUserWithRole(gateway, 'ADMIN');
    const { id, key } = await createApiKey(gateway, accessToken, { scopes: ['users:read'] });
    expect((await ask('/', bearer(key))).status).toBe(200);
    expect(seen[0]?.headers).toMatchObject({
      'x-auth-user': viewer.id,
      'x-auth-kind': 'key',
      'x-auth-role': 'ADMIN',
      'x-auth-scopes': 'users:read',
    });
    expect(JSON.stringify(seen)).not.toContain(key);
    const { caller } = await identityIn(seen[0]);
    expect(caller).toMatchObject({ kind: 'key', userId: viewer.id, apiKeyId: id, sessionId: null });
  });

  test('of a service account is admitted, and is refused from its revocation on', async () => {
    const { accessToken } = await registerUserWithRole(gateway, 'ADMIN');
    const serviceAccountId = await createServiceAccount(gateway, accessToken);
    const { id, key } = await createApiKey(gateway, accessToken, { serviceAccountId });
    expect((await ask('/', { ...bearer(key), 'x-auth-kind': 'user' })).status).toBe(200);
    expect(seen[0]?.headers['x-auth-kind']).toBe('service');
    expect((await identityIn(seen[0])).caller).toMatchObject({ kind: 'service', sessionId: null });
    await gateway.send(RevokeApiKeyDocument, { input: { id } }, accessToken);
    expect((await ask('/', bearer(key))).status).toBe(401);
    expect(seen).toHaveLength(1);
  });
});

describe('another caller', () => {
  test.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['an invalid token', bearer('x.y.z')],
    ['headers that nginx would set', { 'x-auth-user': 'root', 'x-auth-role': 'SUPER_ADMIN' }],
  ])('is refused with %s', async (_what, headers) => {
    for (const path of ['/', '/admin/', '/admin/../', '/%61dmin/']) {
      const response = await ask(path, headers);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    }
    expect(seen).toEqual([]);
  });

  test('is refused from the sign-out on', async () => {
    const session = await registerUserWithRole(gateway, 'USER');
    expect((await ask('/', bearer(session.accessToken))).status).toBe(200);
    await gateway.send(LogoutDocument, { input: {} }, session.accessToken);
    expect((await ask('/', bearer(session.accessToken))).status).toBe(401);
    expect(seen).toHaveLength(1);
  });

  test('cannot call nginx’s internal route', async () => {
    const session = await registerUserWithRole(gateway, 'ADMIN');
    for (const path of ['/_postern', '/_postern/admin']) {
      expect((await ask(path, bearer(session.accessToken))).status).toBe(404);
    }
    expect(seen).toEqual([]);
  });
});

test('the configuration of the example is valid in an empty folder', async () => {
  const { path, environment } = await findOrFetch(nginx);
  const folder = await mkdtemp(join(tmpdir(), 'postern-nginx-'));
  const example = fileURLToPath(new URL('../../examples/nginx/nginx.conf', import.meta.url));
  const { stderr } = await promisify(execFile)(path, ['-t', '-p', folder, '-c', example, '-e', 'stderr'], {
    env: environment,
  });
  expect(stderr).toContain('test is successful');
  expect((await readdir(folder)).sort()).toEqual(['body', 'fastcgi', 'nginx.pid', 'proxy', 'scgi', 'uwsgi']);
  await rm(folder, { recursive: true });
});

test('without Postern every request is refused', async () => {
  const session = await registerUserWithRole(gateway, 'USER');
  const [port, nowhere] = [await freePort(), await freePort()];
  const example = await readFile(new URL('../../examples/nginx/postern.conf', import.meta.url), 'utf8');
  const nginxAlone = await startNginx(
    port,
    example.replace('127.0.0.1:4000', `127.0.0.1:${nowhere}`).replace('127.0.0.1:8080', `127.0.0.1:${port}`),
  );
  try {
    const response = await fetch(nginxAlone.url, { headers: bearer(session.accessToken) });
    expect(response.status).toBe(500);
  } finally {
    await nginxAlone.stop();
  }
});
