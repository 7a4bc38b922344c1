/** Service accounts: who may create and manage them, and what their keys may do. */
import { describe, expect, test } from 'vitest';
import { refusal } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  AuditEntriesDocument,
  CreateApiKeyDocument,
  CreateClientSecretDocument,
  CreateServiceAccountDocument,
  CreateUserDocument,
  DeleteRoleDocument,
  DeleteServiceAccountDocument,
  OneServiceAccountDocument,
  ReactivateServiceAccountDocument,
  RevokeApiKeyDocument,
  RevokeClientSecretDocument,
  ServiceAccountsDocument,
  SetServiceAccountJwksDocument,
  SuspendServiceAccountDocument,
  SuspendUserDocument,
} from '../support/generated/graphql.ts';
import { createApiKey, createClientSecret, createServiceAccount, machineOf } from '../support/people/api-keys.ts';
import { auditTrail } from '../support/people/audit.ts';
import { insertRole, registerUserWithRole } from '../support/people/users-with-roles.ts';

const gateway = useGateway();
const administrator = (role = 'ADMIN') => registerUserWithRole(gateway, role);

describe('a service account', () => {
  test('calls with its keys, and its actions are on the audit trail under its id', async () => {
    const { accessToken } = await administrator('SUPER_ADMIN');
    const id = await createServiceAccount(gateway, accessToken, 'ADMIN');
    const { key, owner, ...apiKey } = await createApiKey(gateway, accessToken, {
      serviceAccountId: id,
      scopes: ['users:write', 'users:moderate', 'users:read', 'audit:read'],
    });
    expect(key).toMatch(/^pst_svc_/);
    expect(owner).toEqual({ __typename: 'ServiceAccount', id });
    expect(await machineOf(gateway, key)).toMatchObject({ id, key: { id: apiKey.id } });
    const ada = await gateway.person();
    await gateway.send(SuspendUserDocument, { input: { userId: ada.viewer.id } }, key);
    await ada.expectSignedOut();
    expect((await auditTrail(gateway.database, 'user.suspended')).at(-1)).toMatchObject({
      actorId: id,
      sessionId: null,
      details: { apiKeyId: apiKey.id },
    });
    const { auditEntries } = await gateway.send(AuditEntriesDocument, { first: 5 }, key);
    expect(auditEntries.nodes.find(({ action }) => action === 'user.suspended')?.actor).toBeNull();
  });

  test('invites users, and cannot give them power', async () => {
    const { accessToken } = await administrator('SUPER_ADMIN');
    const id = await createServiceAccount(gateway, accessToken, 'ADMIN');
    const scopes = 'users:write users:read roles:assign profile:write sessions:own mfa:own keys:own'.split(' ');
    const { key } = await createApiKey(gateway, accessToken, { serviceAccountId: id, scopes });
    const invite = (role: string) =>
      gateway.send(CreateUserDocument, { input: { email: `${role.toLowerCase()}@invited.example`, role } }, key);
    expect((await invite('USER')).createUser.user.status).toBe('INVITED');
    expect(await refusal(invite('MODERATOR'))).toMatchObject({ code: 'FORBIDDEN' });
    const narrow = await createApiKey(gateway, accessToken, { serviceAccountId: id, scopes: ['users:write'] });
    const input = { email: 'narrow@invited.example', role: 'USER' };
    expect(await refusal(gateway.send(CreateUserDocument, { input }, narrow.key))).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('is rejected while it is suspended, and for ever once it is deleted', async () => {
    const { accessToken } = await administrator();
    const id = await createServiceAccount(gateway, accessToken);
    const { key } = await createApiKey(gateway, accessToken, { serviceAccountId: id });
    const input = { id, reason: 'ticket 7' };
    const { suspendServiceAccount } = await gateway.send(SuspendServiceAccountDocument, { input }, accessToken);
    expect(suspendServiceAccount.serviceAccount.status).toBe('SUSPENDED');
    expect(await refusal(machineOf(gateway, key))).toMatchObject({ extensions: { reason: 'TOKEN_INVALID' } });
    expect(await refusal(gateway.send(SuspendServiceAccountDocument, { input }, accessToken))).toMatchObject({
      code: 'CONFLICT',
    });
    await gateway.send(ReactivateServiceAccountDocument, { input }, accessToken);
    expect((await machineOf(gateway, key))?.id).toBe(id);
    await gateway.send(DeleteServiceAccountDocument, { input }, accessToken);
    await gateway.database.query(`update service_accounts set status = 'ACTIVE' where id = $1`, [id]);
    expect(await refusal(machineOf(gateway, key))).toMatchObject({ extensions: { reason: 'TOKEN_INVALID' } });
  });

  test('is listed until it is deleted, with its keys and secrets', async () => {
    const { accessToken } = await administrator();
    const id = await createServiceAccount(gateway, accessToken);
    const { key } = await createApiKey(gateway, accessToken, { serviceAccountId: id });
    const { secret } = await createClientSecret(gateway, accessToken, id);
    const { serviceAccounts } = await gateway.send(ServiceAccountsDocument, { first: 1 }, accessToken);
    expect(serviceAccounts.nodes[0]).toMatchObject({ id, status: 'ACTIVE', role: { name: 'USER' } });
    const { serviceAccount } = await gateway.send(OneServiceAccountDocument, { id }, accessToken);
    expect(serviceAccount?.keys.nodes).toHaveLength(1);
    expect(serviceAccount?.clientSecrets).toEqual([expect.objectContaining({ hint: `…${secret.slice(-4)}` })]);
    expect(JSON.stringify(serviceAccount)).not.toContain(key);
    await gateway.send(DeleteServiceAccountDocument, { input: { id } }, accessToken);
    const after = await gateway.send(ServiceAccountsDocument, { first: 100 }, accessToken);
    expect(after.serviceAccounts.nodes.map((each) => each.id)).not.toContain(id);
  });

  test('keeps its role from being deleted', async () => {
    const { accessToken } = await administrator('SUPER_ADMIN');
    await insertRole(gateway, { name: 'ROBOTS', rank: 10, permissions: ['profile:write'] });
    await createServiceAccount(gateway, accessToken, 'ROBOTS');
    const input = { name: 'ROBOTS' };
    expect(await refusal(gateway.send(DeleteRoleDocument, { input }, accessToken))).toMatchObject({ code: 'CONFLICT' });
  });
});

describe('the creation', () => {
  test.each([
    ['SUPER_ADMIN', 'SUPER_ADMIN', 'FORBIDDEN'],
    ['ADMIN', 'ADMIN', 'FORBIDDEN'],
    ['ADMIN', 'SUPER_ADMIN', 'FORBIDDEN'],
    ['ADMIN', 'UNKNOWN', 'BAD_USER_INPUT'],
    ['ADMIN', 'x\u0000', 'BAD_USER_INPUT'],
    ['MODERATOR', 'USER', 'FORBIDDEN'],
  ])('by %s with the role %j is %s', async (caller, role, code) => {
    const { accessToken } = await administrator(caller);
    expect(await refusal(createServiceAccount(gateway, accessToken, role))).toMatchObject({ code });
  });

  test('needs a name that no other one has', async () => {
    const { accessToken } = await administrator();
    const create = (name: string) =>
      gateway.send(CreateServiceAccountDocument, { input: { name, role: 'USER' } }, accessToken);
    await create('unique');
    expect(await refusal(create('unique'))).toMatchObject({ code: 'CONFLICT' });
    expect(await refusal(create(' '))).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  test('requires recent authentication', async () => {
    const { accessToken } = await administrator();
    gateway.clock.travel(601);
    expect(await refusal(createServiceAccount(gateway, accessToken))).toMatchObject({
      code: 'REAUTHENTICATION_REQUIRED',
    });
  });
});

describe('administrators', () => {
  test('do not reach service accounts with a role that they could not grant', async () => {
    const root = await administrator('SUPER_ADMIN');
    const admin = await administrator();
    const id = await createServiceAccount(gateway, root.accessToken, 'ADMIN');
    const key = await createApiKey(gateway, root.accessToken, { serviceAccountId: id });
    const wanted = { name: 'x', scopes: ['profile:write'], expiresIn: 3600, serviceAccountId: id };
    const jwks = null;
    const calls = [
      gateway.send(CreateApiKeyDocument, { input: wanted }, admin.accessToken),
      gateway.send(RevokeApiKeyDocument, { input: { id: key.id } }, admin.accessToken),
      gateway.send(CreateClientSecretDocument, { input: { serviceAccountId: id } }, admin.accessToken),
      gateway.send(SuspendServiceAccountDocument, { input: { id } }, admin.accessToken),
      gateway.send(DeleteServiceAccountDocument, { input: { id } }, admin.accessToken),
      gateway.send(SetServiceAccountJwksDocument, { input: { id, jwks } }, admin.accessToken),
    ].map(refusal);
    for (const error of await Promise.all(calls)) expect(error).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('are needed for keys of service accounts', async () => {
    const { accessToken } = await administrator();
    const id = await createServiceAccount(gateway, accessToken);
    const key = await createApiKey(gateway, accessToken, { serviceAccountId: id });
    const ada = await gateway.person();
    expect(await refusal(createApiKey(gateway, ada.accessToken, { serviceAccountId: id }))).toMatchObject({
      code: 'FORBIDDEN',
      extensions: { requiredPermission: 'service-accounts:write' },
    });
    const input = { id: key.id };
    expect(await refusal(gateway.send(RevokeApiKeyDocument, { input }, ada.accessToken))).toMatchObject({
      code: 'NOT_FOUND',
    });
    await gateway.send(RevokeApiKeyDocument, { input }, accessToken);
    expect(await refusal(machineOf(gateway, key.key))).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('give a service account at most five secrets', async () => {
    const { accessToken } = await administrator();
    const id = await createServiceAccount(gateway, accessToken);
    const secrets = [];
    for (let count = 0; count < 5; count += 1) secrets.push(await createClientSecret(gateway, accessToken, id));
    expect(await refusal(createClientSecret(gateway, accessToken, id))).toMatchObject({ code: 'CONFLICT' });
    const input = { id: secrets[0]?.id ?? '' };
    await gateway.send(RevokeClientSecretDocument, { input }, accessToken);
    expect(await refusal(gateway.send(RevokeClientSecretDocument, { input }, accessToken))).toMatchObject({
      code: 'NOT_FOUND',
    });
    await createClientSecret(gateway, accessToken, id);
  });

  test.each([
    {},
    { keys: [] },
    { keys: [{ kty: 'oct', k: 'AAAA' }] },
    { keys: [{ kty: 'EC', crv: 'P-256', x: '', y: '' }] },
  ])('cannot register %j as public keys', async (jwks) => {
    const { accessToken } = await administrator();
    const id = await createServiceAccount(gateway, accessToken);
    const input = { id, jwks };
    expect(await refusal(gateway.send(SetServiceAccountJwksDocument, { input }, accessToken))).toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { fields: [{ path: 'input.jwks' }] },
    });
  });
});
