/** API keys of users: creation, use, rotation and revocation, and that a key never holds more than its owner. */
import { request } from 'node:http';
import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { mintApiKey } from '../../src/security/api-key.ts';
import { answerOf, errorOf } from '../support/gateway/answer.ts';
import { bearer, goodPassword, refusal } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  ApiKeysOfUserDocument,
  CreateApiKeyDocument,
  DeleteAccountDocument,
  ExportMyDataDocument,
  FullRotateApiKeyDocument,
  OwnApiKeysDocument,
  RevokeApiKeyDocument,
  RotateApiKeyDocument,
  SuspendUserDocument,
  UpdateApiKeyDocument,
} from '../support/generated/graphql.ts';
import { createApiKey, day, machineOf } from '../support/people/api-keys.ts';
import { auditTrail } from '../support/people/audit.ts';
import { registerUserWithRole } from '../support/people/users-with-roles.ts';

const gateway = useGateway({ TRUSTED_PROXIES: '127.0.0.1/32' });

const refusalOf = (key: string) => refusal(machineOf(gateway, key));
const as = (key: string, query: string, headers: Record<string, string> = {}) =>
  answerOf(gateway.post({ query }, { ...bearer(key), ...headers }));
const verify = (key: string, query = '', headers: Record<string, string> = {}) =>
  answerOf(fetch(`${gateway.url}/auth/verify${query}`, { headers: { ...bearer(key), ...headers } }));

/** Two headers of one name: `fetch` joins them. */
function rawStatus(authorization: string[], body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = ['content-type', 'application/json', ...authorization.flatMap((value) => ['authorization', value])];
    const sent = request(`${gateway.url}/graphql`, { method: 'POST', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', reject).end(body);
  });
}

describe('a key', () => {
  test('answers who calls, with its scopes', async () => {
    const ada = await gateway.person();
    const { key, ...apiKey } = await createApiKey(gateway, ada.accessToken, { scopes: ['mfa:own', 'profile:write'] });
    expect(key).toMatch(/^pst_pat_/);
    expect(key.startsWith(apiKey.hint.slice(0, -1))).toBe(true);
    expect(apiKey.owner).toEqual({ __typename: 'User', id: ada.viewer.id });
    const machine = await machineOf(gateway, key);
    expect(machine).toMatchObject({ id: apiKey.id, name: 'nightly build', scopes: ['profile:write', 'mfa:own'] });
    expect(machine?.key).toMatchObject({ id: apiKey.id, limitPerMinute: null, rotating: null });
  });

  test('is listed for its owner without its secret', async () => {
    const ada = await gateway.person();
    const first = await createApiKey(gateway, ada.accessToken);
    const second = await createApiKey(gateway, ada.accessToken, { name: 'deploy' });
    const { viewer } = await gateway.send(OwnApiKeysDocument, {}, ada.accessToken);
    expect(viewer?.apiKeys.totalCount).toBe(2);
    expect(viewer?.apiKeys.nodes.map(({ id }) => id)).toEqual([second.id, first.id]);
    const rows = JSON.stringify(await gateway.database.query('select *, secret_hash::text as hash from api_keys'));
    for (const { key } of [first, second])
      expect(rows).not.toContain(key.slice('pst_pat_0123456789abcdef_'.length, -6));
  });

  test('is rejected once it is revoked, with both of its secrets', async () => {
    const ada = await gateway.person();
    const { id, key } = await createApiKey(gateway, ada.accessToken);
    const { rotateApiKey } = await gateway.send(RotateApiKeyDocument, { input: { id } }, ada.accessToken);
    await gateway.send(RevokeApiKeyDocument, { input: { id } }, ada.accessToken);
    for (const secret of [key, rotateApiKey.secret])
      expect(await refusalOf(secret)).toMatchObject({
        code: 'UNAUTHENTICATED',
        extensions: { reason: 'TOKEN_INVALID' },
      });
    expect(await auditTrail(gateway.database, 'api_key.revoked')).toContainEqual(
      expect.objectContaining({ targetId: ada.viewer.id, details: { apiKeyId: id, by: 'owner' } }),
    );
    expect(await refusal(gateway.send(RevokeApiKeyDocument, { input: { id } }, ada.accessToken))).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('is rejected with another reason once it has expired', async () => {
    const ada = await gateway.person();
    const { key } = await createApiKey(gateway, ada.accessToken, { expiresIn: 60 });
    gateway.clock.travel(61);
    expect(await refusalOf(key)).toMatchObject({ code: 'UNAUTHENTICATED', extensions: { reason: 'TOKEN_EXPIRED' } });
  });

  test.each([
    ['an unknown id', () => mintApiKey('pat').key],
    ['a wrong checksum', (key: string) => key.replace(/.$/, (letter) => (letter === 'a' ? 'b' : 'a'))],
    ['much text', (key: string) => key.repeat(50)],
  ])('with %s is one answer', async (_case, change) => {
    const ada = await gateway.person();
    const { key } = await createApiKey(gateway, ada.accessToken);
    expect(await refusalOf(change(key))).toMatchObject({
      code: 'UNAUTHENTICATED',
      extensions: { reason: 'TOKEN_INVALID' },
    });
  });

  test('is no value of a query string, a cookie or a variable', async () => {
    const ada = await gateway.person();
    const { key } = await createApiKey(gateway, ada.accessToken);
    const body = { query: '{ machine { id } }', variables: { key } };
    const answer = await answerOf(gateway.post(body, { cookie: `pst=${key}` }));
    expect(answer.data).toEqual({ machine: null });
  });

  test('in an address is refused, and not logged', async () => {
    const ada = await gateway.person();
    const { key } = await createApiKey(gateway, ada.accessToken);
    for (const path of [
      `/graphql?query={machine{id}}&key=${key}`,
      `/x/${key}`,
      `/auth/verify/${key.replaceAll('_', '%5F')}`,
    ])
      expect((await answerOf(fetch(`${gateway.url}${path}`))).status).toBe(400);
    expect(gateway.logs.join('')).not.toContain(key.slice(30, 60));
  });

  test('beside another credential is refused', async () => {
    const ada = await gateway.person();
    const { key } = await createApiKey(gateway, ada.accessToken);
    const beside = await as(key, '{ machine { id } }', { cookie: `__Host-postern_refresh=${ada.refreshToken}` });
    expect(beside.status).toBe(400);
    const authorization = [`Bearer ${ada.accessToken}`, `Bearer ${key}`];
    for (const order of [authorization, authorization.toReversed()]) {
      const body = JSON.stringify({ query: '{ machine { id } viewer { id } }' });
      expect(await rawStatus(order, body)).toBe(400);
    }
  });

  test('and an access token are never one caller', async () => {
    const ada = await gateway.person();
    const { key } = await createApiKey(gateway, ada.accessToken);
    expect((await as(key, '{ viewer { id } machine { id } }')).errors[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      reason: 'MACHINE_NOT_ALLOWED',
    });
    expect((await as(ada.accessToken, '{ machine { id } }')).data).toEqual({ machine: null });
  });

  test('carries its id into the audit entries of what it does', async () => {
    const admin = await registerUserWithRole(gateway, 'ADMIN');
    const { id, key } = await createApiKey(gateway, admin.accessToken, { scopes: ['profile:write'] });
    expect(errorOf(await as(key, '{ users { totalCount } }')).extensions).toMatchObject({
      requiredPermission: 'users:read',
    });
    expect(await auditTrail(gateway.database, 'access.denied')).toContainEqual(
      expect.objectContaining({
        actorId: admin.viewer.id,
        details: expect.objectContaining({ caller: 'machine', missing: 'permission', apiKeyId: id }),
      }),
    );
  });
});

describe('the rights of a key', () => {
  test('are its scopes, and not those of its owner', async () => {
    const admin = await registerUserWithRole(gateway, 'ADMIN');
    const { key } = await createApiKey(gateway, admin.accessToken, { scopes: ['users:read'] });
    expect((await as(key, '{ users(first: 1) { nodes { id } } }')).errors).toEqual([]);
    expect(errorOf(await as(key, '{ auditEntries { totalCount } }')).extensions).toMatchObject({
      code: 'FORBIDDEN',
      requiredPermission: 'audit:read',
    });
  });

  test('end with those of its owner, on the next request', async () => {
    const admin = await registerUserWithRole(gateway, 'ADMIN');
    const { key } = await createApiKey(gateway, admin.accessToken, { scopes: ['users:read', 'profile:write'] });
    expect((await machineOf(gateway, key))?.scopes).toEqual(['profile:write', 'users:read']);
    await gateway.database.query(`update users set role_name = 'USER' where id = $1`, [admin.viewer.id]);
    expect((await machineOf(gateway, key))?.scopes).toEqual(['profile:write']);
    expect(errorOf(await as(key, '{ users { totalCount } }')).extensions).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('end when the role of the owner loses the permission', async () => {
    const admin = await registerUserWithRole(gateway, 'MODERATOR');
    const { key } = await createApiKey(gateway, admin.accessToken, { scopes: ['users:read'] });
    await gateway.database.query(
      `update roles set permissions = array_remove(permissions, 'users:read') where name = 'MODERATOR'`,
    );
    try {
      expect((await machineOf(gateway, key))?.scopes).toEqual([]);
    } finally {
      await gateway.database.query(
        `update roles set permissions = permissions || '{users:read}' where name = 'MODERATOR'`,
      );
    }
  });

  test('end while the owner is suspended, and for ever once the account is deleted', async () => {
    const admin = await registerUserWithRole(gateway, 'ADMIN');
    const ada = await gateway.person();
    const { key } = await createApiKey(gateway, ada.accessToken);
    await gateway.send(SuspendUserDocument, { input: { userId: ada.viewer.id } }, admin.accessToken);
    expect(await refusalOf(key)).toMatchObject({ code: 'UNAUTHENTICATED', extensions: { reason: 'TOKEN_INVALID' } });
    await gateway.database.query(`update users set status = 'ACTIVE' where id = $1`, [ada.viewer.id]);
    expect((await machineOf(gateway, key))?.name).toBe('nightly build');
    const { accessToken } = await ada.signIn();
    await gateway.send(DeleteAccountDocument, { input: { password: goodPassword } }, accessToken);
    await gateway.database.query(`update users set status = 'ACTIVE', deleted_at = null where id = $1`, [
      ada.viewer.id,
    ]);
    expect(await refusalOf(key)).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('never exceed those of the owner at the creation', async () => {
    const ada = await gateway.person();
    expect(await refusal(createApiKey(gateway, ada.accessToken, { scopes: ['users:read'] }))).toMatchObject({
      code: 'FORBIDDEN',
      extensions: { requiredPermission: 'users:read' },
    });
    for (const scopes of [['*'], ['users:*'], ['unknown'], []])
      expect(await refusal(createApiKey(gateway, ada.accessToken, { scopes }))).toMatchObject({
        code: 'BAD_USER_INPUT',
      });
  });

  test('only become narrower', async () => {
    const admin = await registerUserWithRole(gateway, 'ADMIN');
    const { id, key } = await createApiKey(gateway, admin.accessToken, { scopes: ['users:read', 'audit:read'] });
    const update = (scopes: string[]) =>
      gateway.send(UpdateApiKeyDocument, { input: { id, scopes } }, admin.accessToken);
    await update(['users:read']);
    expect((await machineOf(gateway, key))?.scopes).toEqual(['users:read']);
    expect(await refusal(update(['users:read', 'audit:read']))).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  test.each([
    'mutation { createApiKey(input: { name: "x", scopes: ["profile:write"], expiresIn: 3600 }) { secret } }',
    'mutation { reauthenticate(input: { password: "x" }) { accessToken } }',
    'mutation { logout(input: {}) { __typename } }',
    'mutation { updateProfile(input: { displayName: "x" }) { viewer { id } } }',
    'mutation { deleteAccount(input: { password: "x" }) { purgeAt } }',
    'mutation { createUser(input: { email: "x@example.com", role: "USER" }) { user { id } } }',
    'mutation { login(input: { email: "x@example.com", password: "x" }) { __typename } }',
    '{ viewer { id } }',
    '{ passwordPolicy { preset } }',
  ])('do not contain %s', async (query) => {
    const admin = await registerUserWithRole(gateway, 'ADMIN');
    const scopes = ['profile:write', 'mfa:own', 'sessions:own', 'keys:own', 'users:write'];
    const { key } = await createApiKey(gateway, admin.accessToken, { scopes });
    expect(errorOf(await as(key, query)).extensions).toMatchObject({
      code: 'FORBIDDEN',
      reason: 'MACHINE_NOT_ALLOWED',
    });
  });

  test('do not contain the entities of a federation router', async () => {
    const ada = await gateway.person();
    const { key } = await createApiKey(gateway, ada.accessToken);
    const query = `{ _entities(representations: [{ __typename: "User", id: "${ada.viewer.id}" }]) { __typename } }`;
    expect(errorOf(await as(key, query)).extensions).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('networks', () => {
  const from = (address: string) => ({ 'x-forwarded-for': address });

  test('are judged by the address of the client behind the proxy', async () => {
    const ada = await gateway.person();
    const { id, key, ipAllowlist } = await createApiKey(gateway, ada.accessToken, {
      ipAllowlist: ['192.0.2.77/24', '2001:db8::1'],
    });
    expect(ipAllowlist).toEqual(['192.0.2.0/24', '2001:db8::1/128']);
    const query = '{ machine { id } }';
    for (const address of ['192.0.2.9', '::ffff:192.0.2.9', '2001:db8::1'])
      expect((await as(key, query, from(address))).errors).toEqual([]);
    for (const address of ['198.51.100.1', '::ffff:198.51.100.1', '2001:db8::2', 'nonsense'])
      expect(errorOf(await as(key, query, from(address))).extensions).toMatchObject({
        code: 'FORBIDDEN',
        reason: 'NETWORK_NOT_ALLOWED',
      });
    expect(await verify(key, '', from('198.51.100.1'))).toMatchObject({ status: 403 });
    await gateway.send(UpdateApiKeyDocument, { input: { id, ipAllowlist: [] } }, ada.accessToken);
    expect((await as(key, query, from('198.51.100.1'))).errors).toEqual([]);
  });

  test.each(['10.0.0.0/33', '10.0.0', '::ffff:10.0.0.1', 'fe80::1%eth0', '', '1.2.3.4/8/8', '0x7f000001'])(
    'are not accepted as %j',
    async (network) => {
      const ada = await gateway.person();
      expect(await refusal(createApiKey(gateway, ada.accessToken, { ipAllowlist: [network] }))).toMatchObject({
        code: 'BAD_USER_INPUT',
        extensions: { fields: [{ path: 'input.ipAllowlist' }] },
      });
    },
  );
});

describe('the creation', () => {
  test('requires recent authentication', async () => {
    const ada = await gateway.person();
    gateway.clock.travel(601);
    expect(await refusal(createApiKey(gateway, ada.accessToken))).toMatchObject({ code: 'REAUTHENTICATION_REQUIRED' });
  });

  test.each([
    [{ name: '' }, 'input.name'],
    [{ name: 'x'.repeat(101) }, 'input.name'],
    [{ expiresIn: 59 }, 'input.expiresIn'],
    [{ expiresIn: 366 * day }, 'input.expiresIn'],
    [{ limitPerMinute: 0 }, 'input.limitPerMinute'],
    [{ ipAllowlist: Array.from({ length: 21 }, (_, place) => `10.0.0.${place}`) }, 'input.ipAllowlist'],
  ])('refuses %j', async (choices, path) => {
    const ada = await gateway.person();
    const { code, extensions } = await refusal(createApiKey(gateway, ada.accessToken, choices));
    expect([code, extensions.fields]).toEqual(['BAD_USER_INPUT', [expect.objectContaining({ path })]]);
  });

  test('refuses the 26th key of a user', async () => {
    const ada = await gateway.person();
    for (let count = 0; count < 25; count += 1) await createApiKey(gateway, ada.accessToken);
    expect(await refusal(createApiKey(gateway, ada.accessToken))).toMatchObject({ code: 'CONFLICT' });
  });

  test('needs the permission keys:own, also for a user of another role', async () => {
    const guest = await registerUserWithRole(gateway, 'GUEST');
    const input = { name: 'x', scopes: ['profile:write'], expiresIn: 3600 };
    expect(await refusal(gateway.send(CreateApiKeyDocument, { input }, guest.accessToken))).toMatchObject({
      code: 'FORBIDDEN',
      extensions: { requiredPermission: 'keys:own' },
    });
  });
});

describe('a rotation', () => {
  test('keeps the former secret for the overlap', async () => {
    const ada = await gateway.person();
    const { id, key, hint, expiresAt } = await createApiKey(gateway, ada.accessToken);
    const { rotateApiKey } = await gateway.send(
      FullRotateApiKeyDocument,
      { input: { id, overlap: 3600 } },
      ada.accessToken,
    );
    expect(rotateApiKey.apiKey).toMatchObject({ id, hint, expiresAt });
    expect(rotateApiKey.secret).not.toBe(key);
    for (const secret of [key, rotateApiKey.secret]) expect((await machineOf(gateway, secret))?.key?.id).toBe(id);
    gateway.clock.travel(3601);
    expect(await refusalOf(key)).toMatchObject({ code: 'UNAUTHENTICATED' });
    const machine = await machineOf(gateway, rotateApiKey.secret);
    expect(machine?.key?.rotating).toBeNull();
  });

  test('without an overlap ends the former secret at once', async () => {
    const ada = await gateway.person();
    const { id, key } = await createApiKey(gateway, ada.accessToken);
    await gateway.send(RotateApiKeyDocument, { input: { id, overlap: 0 } }, ada.accessToken);
    expect(await refusalOf(key)).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('does not begin while another one lasts', async () => {
    const ada = await gateway.person();
    const { id } = await createApiKey(gateway, ada.accessToken);
    const rotate = (overlap?: number) =>
      gateway.send(RotateApiKeyDocument, { input: { id, overlap: overlap ?? null } }, ada.accessToken);
    await rotate();
    expect(await refusal(rotate())).toMatchObject({ code: 'CONFLICT' });
    expect(await refusal(rotate(8 * day))).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('keys of others', () => {
  test('do not exist for users', async () => {
    const [ada, bob] = [await gateway.person(), await gateway.person()];
    const { id, key } = await createApiKey(gateway, ada.accessToken);
    for (const named of [id, 'nonsense', '00000000-0000-7000-8000-000000000000']) {
      const input = { id: named };
      const calls = [
        refusal(gateway.send(RotateApiKeyDocument, { input }, bob.accessToken)),
        refusal(gateway.send(UpdateApiKeyDocument, { input }, bob.accessToken)),
        refusal(gateway.send(RevokeApiKeyDocument, { input }, bob.accessToken)),
      ];
      for (const error of await Promise.all(calls)) expect(error).toMatchObject({ code: 'NOT_FOUND' });
    }
    expect((await machineOf(gateway, key))?.name).toBe('nightly build');
  });

  test('are listed for administrators, without the secret', async () => {
    const ada = await registerUserWithRole(gateway, 'USER');
    const admin = await registerUserWithRole(gateway, 'ADMIN');
    const { id, key } = await createApiKey(gateway, ada.accessToken);
    const listed = (by: string) => gateway.send(ApiKeysOfUserDocument, { id: ada.viewer.id }, by);
    const { user } = await listed(admin.accessToken);
    expect(user?.apiKeys).toMatchObject({ totalCount: 1, nodes: [{ id, name: 'nightly build' }] });
    expect(JSON.stringify(user)).not.toContain(key.slice(-20));
    expect((await refusal(listed(ada.accessToken))).code).toBe('FORBIDDEN');
    await gateway.send(RevokeApiKeyDocument, { input: { id } }, admin.accessToken);
    expect((await listed(admin.accessToken)).user?.apiKeys.nodes).toEqual([]);
  });

  test('can be revoked by administrators of a higher rank only', async () => {
    const moderator = await registerUserWithRole(gateway, 'MODERATOR');
    const admin = await registerUserWithRole(gateway, 'ADMIN');
    const peer = await registerUserWithRole(gateway, 'ADMIN');
    const { id, key } = await createApiKey(gateway, admin.accessToken);
    for (const { accessToken } of [moderator, peer])
      expect(await refusal(gateway.send(RevokeApiKeyDocument, { input: { id } }, accessToken))).toMatchObject({
        code: 'NOT_FOUND',
      });
    const superAdmin = await registerUserWithRole(gateway, 'SUPER_ADMIN');
    await gateway.send(RevokeApiKeyDocument, { input: { id } }, superAdmin.accessToken);
    expect(await refusalOf(key)).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((await auditTrail(gateway.database, 'api_key.revoked')).at(-1)).toMatchObject({
      actorId: superAdmin.viewer.id,
      details: { apiKeyId: id, by: 'administrator' },
    });
  });
});

describe('forward auth with a key', () => {
  test('admits by the scopes of the key and the rank of the role', async () => {
    const moderator = await registerUserWithRole(gateway, 'MODERATOR');
    const { key } = await createApiKey(gateway, moderator.accessToken, { scopes: ['users:read'] });
    const { status, headers } = await verify(key, '?scope=users:read&role=MODERATOR');
    expect(status).toBe(204);
    expect(headers.get('x-auth-user')).toBe(moderator.viewer.id);
    expect(headers.get('x-auth-kind')).toBe('key');
    expect(headers.get('x-auth-scopes')).toBe('users:read');
    expect((await verify(key, '?scope=users:moderate')).status).toBe(403);
    expect((await verify(key, '?role=ADMIN')).status).toBe(403);
    expect((await verify(mintApiKey('pat').key)).status).toBe(401);
  });

  test('gives a token without a session', async () => {
    const ada = await gateway.person();
    const { id, key } = await createApiKey(gateway, ada.accessToken);
    const claims = decodeJwt((await verify(key)).headers.get('x-auth-token') ?? '');
    expect(claims).toMatchObject({ sub: ada.viewer.id, amr: [], scope: 'profile:write', api_key: id });
    for (const absent of ['sid', 'auth_time', 'acr', 'client_id']) expect(claims).not.toHaveProperty(absent);
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(60);
  });
});

test('an export names the keys of the user without their secrets', async () => {
  const ada = await gateway.person();
  const { id, key } = await createApiKey(gateway, ada.accessToken);
  const { exportMyData } = await gateway.send(ExportMyDataDocument, { input: {} }, ada.accessToken);
  expect(exportMyData.data.apiKeys).toEqual([expect.objectContaining({ id, name: 'nightly build' })]);
  expect(JSON.stringify(exportMyData)).not.toContain(key.slice(25, -6));
});

describe('with API_KEYS=off', () => {
  const closed = useGateway({ API_KEYS: 'off' });

  test('every key is invalid', async () => {
    const ada = await closed.person();
    const { key } = await createApiKey(closed, ada.accessToken);
    expect(await refusal(machineOf(closed, key))).toMatchObject({
      code: 'UNAUTHENTICATED',
      extensions: { reason: 'TOKEN_INVALID' },
    });
  });
});
