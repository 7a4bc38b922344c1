/** `importUsers`: users of another system keep their passwords, and each user of a call has its own result. */
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { systemRoles } from '../../src/domain/access/permissions.ts';
import {
  goodPassword,
  lockoutOff,
  refusal,
  registerUser,
  signIn,
  startTestGateway,
} from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  type ImportUserInput,
  RequestPasswordResetDocument,
  UsersByExternalIdDocument,
} from '../support/generated/graphql.ts';
import { createApiKey, createServiceAccount } from '../support/people/api-keys.ts';
import { auditTrail } from '../support/people/audit.ts';
import { importedUser, importUsers, oldPassword, storedHash } from '../support/people/imported.ts';
import { insertRole, registerUserWithRole } from '../support/people/users-with-roles.ts';

const gateway = useGateway({ ...lockoutOff, RATE_LIMITS: 'importUsers=off,admin=off' });
let admin = '';

beforeAll(async () => {
  admin = (await registerUserWithRole(gateway, 'ADMIN')).accessToken;
});

describe('an imported user', () => {
  test('signs in with the old password, whose hash becomes one of our own', async () => {
    const user = await importedUser({
      displayName: 'Ada Lovelace',
      locale: 'de',
      createdAt: '2021-03-04T05:06:07.000Z',
    });
    const [result] = await importUsers(gateway, admin, [user]);
    expect(result).toMatchObject({
      ...{ externalId: user.externalId, outcome: 'CREATED', reason: null, warnings: [] },
      user: {
        email: user.email,
        emailVerified: true,
        status: 'ACTIVE',
        externalId: user.externalId,
        role: { name: 'USER' },
      },
    });
    expect(await storedHash(gateway, user.email)).toMatch(/^\$2b\$/);
    expect(await refusal(signIn(gateway, user.email, goodPassword))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(await storedHash(gateway, user.email)).toMatch(/^\$2b\$/);
    await signIn(gateway, user.email, oldPassword);
    expect(await storedHash(gateway, user.email)).toMatch(/^\$argon2id\$/);
    await signIn(gateway, user.email, oldPassword);
    expect(await auditTrail(gateway.database, 'password.rehashed')).toMatchObject([{ details: { from: 'bcrypt' } }]);
    const created = await auditTrail(gateway.database, 'user.created');
    expect(created.at(-1)?.details).toMatchObject({ through: 'import', importId: expect.any(String) });
  });

  test('is found by the id in the other system, as a whole', async () => {
    const user = await importedUser({ externalId: 'auth0|5f7c8ec7c33c6c004bbafe82' });
    const [result] = await importUsers(gateway, admin, [user]);
    const find = async (externalId: string) => {
      const { users } = await gateway.send(UsersByExternalIdDocument, { externalId }, admin);
      return users.nodes.map(({ id }) => id);
    };
    expect(await find(user.externalId)).toEqual([result?.user?.id]);
    expect(await find('auth0|')).toEqual([]);
  });

  test('without a password resets it by mail', async () => {
    const user = await importedUser({ passwordHash: null });
    await importUsers(gateway, admin, [user]);
    expect(await refusal(signIn(gateway, user.email, ''))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    await gateway.send(RequestPasswordResetDocument, { input: { email: user.email } });
    await gateway.mail.take(user.email, 'Reset your password');
  });

  test('with an unverified address has no way in, not even with the old password', async () => {
    const user = await importedUser({ emailVerified: false });
    const [result] = await importUsers(gateway, admin, [user]);
    expect(result).toMatchObject({
      warnings: ['PASSWORD_NOT_IMPORTED'],
      user: { status: 'INVITED', emailVerified: false },
    });
    expect(await refusal(signIn(gateway, user.email, oldPassword))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    // Not even stored: a later activation of the account must not make it valid.
    expect(await storedHash(gateway, user.email)).toBeNull();
  });
});

describe('a second call with the same users', () => {
  test('creates none', async () => {
    const users = await Promise.all([importedUser(), importedUser()]);
    const first = await importUsers(gateway, admin, users);
    const second = await importUsers(gateway, admin, users);
    expect(second.map(({ outcome, reason }) => ({ outcome, reason }))).toEqual(
      users.map(() => ({ outcome: 'SKIPPED', reason: 'ALREADY_IMPORTED' })),
    );
    expect(second.map(({ user }) => user?.id)).toEqual(first.map(({ user }) => user?.id));
  });

  test('creates none in place of a purged account', async () => {
    const user = await importedUser();
    const [result] = await importUsers(gateway, admin, [user]);
    await gateway.database.query('delete from users where id = $1', [result?.user?.id]);
    expect(await importUsers(gateway, admin, [user])).toMatchObject([{ outcome: 'SKIPPED', user: null }]);
  });
});

describe('an address that has an account', () => {
  test.for([
    ['SKIP', { outcome: 'SKIPPED', reason: 'EMAIL_TAKEN' }],
    ['FAIL', { outcome: 'FAILED', reason: 'EMAIL_TAKEN' }],
    ['LINK', { outcome: 'LINKED', reason: null }],
  ] as const)('with %s', async ([onConflict, expected]) => {
    const email = await registerUser(gateway);
    const before = await storedHash(gateway, email);
    const user = await importedUser({ email: email.toUpperCase(), displayName: 'Someone Else', role: 'MODERATOR' });
    expect(await importUsers(gateway, admin, [user], { onConflict })).toMatchObject([expected]);
    expect(await storedHash(gateway, email)).toBe(before);
    const [row] = await gateway.database.query('select display_name, role_name from users where email = $1', [email]);
    expect(row).toEqual({ display_name: null, role_name: 'USER' });
    await signIn(gateway, email);
  });

  test('is not linked where an address is unverified, or the account has the rank of the caller', async () => {
    const email = await registerUser(gateway);
    const unverified = await importedUser({ email, emailVerified: false });
    expect(await importUsers(gateway, admin, [unverified], { onConflict: 'LINK' })).toMatchObject([
      { reason: 'EMAIL_TAKEN' },
    ]);
    await gateway.database.query('update users set email_verified_at = null where email = $1', [email]);
    const verified = await importedUser({ email });
    expect(await importUsers(gateway, admin, [verified], { onConflict: 'LINK' })).toMatchObject([
      { reason: 'EMAIL_TAKEN' },
    ]);
    const other = await registerUserWithRole(gateway, 'ADMIN');
    const peer = await importedUser({ email: other.email });
    expect(await importUsers(gateway, admin, [peer], { onConflict: 'LINK' })).toMatchObject([
      { reason: 'EMAIL_TAKEN' },
    ]);
  });
});

describe('a wrong user fails alone', () => {
  test.for<[string, Partial<ImportUserInput>]>([
    ['UNKNOWN_ROLE', { role: 'NO_SUCH_ROLE' }],
    ['ROLE_TOO_HIGH', { role: 'ADMIN' }],
    ['ROLE_TOO_HIGH', { role: 'SUPER_ADMIN' }],
    ['WEAK_HASH', { passwordHash: createHash('md5').update(oldPassword).digest('hex') }],
    ['UNKNOWN_HASH', { passwordHash: oldPassword }],
    ['HASH_TOO_EXPENSIVE', { passwordHash: `$2b$31$${'a'.repeat(53)}` }],
    ['UNKNOWN_PROVIDER', { identities: [{ provider: 'nobody', subject: '1' }] }],
    ['MISSING_EXTERNAL_ID', { externalId: '' }],
    ['INVALID_FIELD', { displayName: '‮' }],
  ])('%s', async ([reason, changes]) => {
    const [wrong, right] = await Promise.all([importedUser(changes), importedUser()]);
    const results = await importUsers(gateway, admin, [wrong, right]);
    expect(results).toMatchObject([{ outcome: 'FAILED', reason, user: null }, { outcome: 'CREATED' }]);
    expect(JSON.stringify(results)).not.toContain(wrong.passwordHash);
  });

  test('twice in one call: the second', async () => {
    const first = await importedUser();
    const second = await importedUser({ email: first.email });
    expect(await importUsers(gateway, admin, [first, second])).toMatchObject([
      { outcome: 'CREATED' },
      { outcome: 'FAILED', reason: 'DUPLICATE_IN_FILE' },
    ]);
  });
});

test('a dry run checks and writes nothing', async () => {
  const users = await Promise.all([importedUser(), importedUser({ role: 'ADMIN' })]);
  const results = await importUsers(gateway, admin, users, { dryRun: true });
  expect(results).toMatchObject([{ outcome: 'CREATED', user: null }, { reason: 'ROLE_TOO_HIGH' }]);
  expect(await gateway.database.query('select from users where email = $1', [users[0]?.email])).toEqual([]);
  expect(await importUsers(gateway, admin, users)).toMatchObject([{ outcome: 'CREATED' }, { reason: 'ROLE_TOO_HIGH' }]);
});

describe('the call', () => {
  test('takes 1 to 100 users', async () => {
    const users = await Promise.all(Array.from({ length: 101 }, () => importedUser({ passwordHash: null })));
    expect(await refusal(importUsers(gateway, admin, users))).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await refusal(importUsers(gateway, admin, []))).toMatchObject({ code: 'BAD_USER_INPUT' });
    const results = await importUsers(gateway, admin, users.slice(1));
    expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['CREATED']));
    expect(results.map(({ externalId }) => externalId)).toEqual(users.slice(1).map(({ externalId }) => externalId));
  });

  test('is open to a service account with the scope, and to no moderator', async () => {
    const root = await registerUserWithRole(gateway, 'SUPER_ADMIN');
    const serviceAccountId = await createServiceAccount(gateway, root.accessToken, 'ADMIN');
    const { key } = await createApiKey(gateway, root.accessToken, { serviceAccountId, scopes: ['users:import'] });
    expect(await importUsers(gateway, key, [await importedUser()])).toMatchObject([{ outcome: 'CREATED' }]);
    const moderator = await registerUserWithRole(gateway, 'MODERATOR');
    const refused = refusal(importUsers(gateway, moderator.accessToken, [await importedUser()]));
    expect(await refused).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('a role above USER', () => {
  const outcomeOf = async (token: string) => {
    const [result] = await importUsers(gateway, token, [await importedUser({ role: 'MODERATOR' })]);
    return result?.reason ?? result?.outcome;
  };

  test('needs roles:assign', async () => {
    const { permissions } = systemRoles[1];
    await insertRole(gateway, {
      name: 'IMPORTER',
      rank: 70,
      permissions: permissions.filter((each) => each !== 'roles:assign'),
    });
    expect(await outcomeOf((await registerUserWithRole(gateway, 'IMPORTER')).accessToken)).toBe('ROLE_TOO_HIGH');
    expect(await outcomeOf((await registerUserWithRole(gateway, 'ADMIN')).accessToken)).toBe('CREATED');
  });

  test('is granted by no program', async () => {
    const root = await registerUserWithRole(gateway, 'SUPER_ADMIN');
    const serviceAccountId = await createServiceAccount(gateway, root.accessToken, 'ADMIN');
    const scopes = [...systemRoles[1].permissions];
    const { key } = await createApiKey(gateway, root.accessToken, { serviceAccountId, scopes });
    expect(await outcomeOf(key)).toBe('ROLE_TOO_HIGH');
  });
});

describe('with IMPORTED_HASHES=off', () => {
  test('an imported hash matches no password, and the password can be reset', async () => {
    const user = await importedUser();
    await importUsers(gateway, admin, [user]);
    const strict = await startTestGateway({ ...lockoutOff, IMPORTED_HASHES: 'off' }, gateway);
    expect(await refusal(signIn(strict, user.email, oldPassword))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    await strict.end();
    await signIn(gateway, user.email, oldPassword);
  });
});
