/**
 * What counts as recent authentication, which operations require it, and for which roles a second factor is required.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf } from '../support/gateway/answer.ts';
import {
  bearer,
  goodPassword,
  newAddress,
  refusal,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { FullReauthenticateDocument, UnlockUserDocument } from '../support/generated/graphql.ts';
import { enrol } from '../support/people/authenticator.ts';
import { createUserWithRole, insertRole, lockoutAndVerificationOff } from '../support/people/users-with-roles.ts';

const unknownId = '01930000-0000-7000-8000-000000000000';
const longAgo = 11 * 60;

const ownOperations = {
  requestEmailChange: '{ newEmail: "new@example.com" }) { accepted }',
  exportMyData: '{}) { data }',
  changePassword: `{ currentPassword: "${goodPassword}", newPassword: "Carry 9 umbrellas" }) { revokedCount }`,
  deleteAccount: `{ password: "${goodPassword}" }) { purgeAt }`,
  beginTotpEnrollment: '{}) { secret }',
  beginPasskeyRegistration: '{}) { options }',
  regenerateBackupCodes: '{ code: "123456" }) { backupCodes }',
  disableTotp: '{ code: "123456" }) { viewer { id } }',
  removePasskey: `{ id: "${unknownId}" }) { viewer { id } }`,
};
const administration = {
  setUserRole: `{ userId: "${unknownId}", role: "USER" }) { user { id } }`,
  createRole: '{ name: "X", rank: 200, permissions: [] }) { role { name } }',
  updateRole: '{ name: "NO_SUCH", rank: 1 }) { role { name } }',
  deleteRole: '{ name: "NO_SUCH" }) { role { name } }',
  deleteUser: `{ userId: "${unknownId}" }) { user { id } }`,
  restoreUser: `{ userId: "${unknownId}" }) { user { id } }`,
  resetUserMfa: `{ userId: "${unknownId}" }) { user { id } }`,
};
const documentOf = (name: string, rest: string) => `mutation { ${name}(input: ${rest} }`;

const gateway = useGateway(lockoutAndVerificationOff);

async function codeOf(query: string, accessToken: string, at: TestGateway = gateway): Promise<string> {
  const { errors } = await answerOf(at.post({ query }, bearer(accessToken)));
  return errors[0]?.extensions.code ?? 'OK';
}

describe('a session without the second factor of its user', () => {
  /** A password session from before the enrolment of the factor, reauthenticated by password. */
  async function passwordOnly(): Promise<string> {
    const { email } = await createUserWithRole(gateway, 'USER');
    const before = await signIn(gateway, email);
    await enrol(gateway, email);
    await gateway.database.query(
      `update token_families set revoked_at = null, revoked_reason = null, assurance = 'AAL1' where id = $1`,
      [before.session.id],
    );
    const input = { password: goodPassword };
    const { reauthenticate } = await gateway.send(FullReauthenticateDocument, { input }, before.accessToken);
    return reauthenticate.accessToken;
  }

  test.each(Object.entries(ownOperations))('is refused %s', async (name, rest) => {
    expect(await codeOf(documentOf(name, rest), await passwordOnly())).toBe('REAUTHENTICATION_REQUIRED');
  });

  test('is refused administration, also when MFA_REQUIRED_FOR names no role', async () => {
    const { email } = await createUserWithRole(gateway, 'SUPER_ADMIN');
    const session = await signIn(gateway, email);
    await enrol(gateway, email);
    await gateway.database.query(
      `update token_families set revoked_at = null, revoked_reason = null, assurance = 'AAL1' where id = $1`,
      [session.session.id],
    );
    expect(await codeOf('{ roles { name } }', session.accessToken)).toBe('REAUTHENTICATION_REQUIRED');
  });
});

describe('administration that grants power or removes protection', () => {
  test.each(Object.entries(administration))('%s needs recent authentication', async (name, rest) => {
    const admin = await createUserWithRole(gateway, 'SUPER_ADMIN');
    expect(await codeOf(documentOf(name, rest), admin.accessToken)).toMatch(/^(NOT_FOUND|BAD_USER_INPUT)$/);
    const later = await createUserWithRole(gateway, 'SUPER_ADMIN');
    gateway.clock.travel(longAgo);
    expect(await codeOf(documentOf(name, rest), later.accessToken)).toBe('REAUTHENTICATION_REQUIRED');
  });

  test('createUser needs recent authentication for a role above USER, by rank or by permission', async () => {
    await insertRole(gateway, { name: 'READER', rank: 10, permissions: ['audit:read'] });
    await insertRole(gateway, { name: 'TRAINEE', rank: 10, permissions: ['profile:write'] });
    const admin = await createUserWithRole(gateway, 'SUPER_ADMIN');
    const invite = (role: string) =>
      codeOf(
        documentOf('createUser', `{ email: "${newAddress()}", role: "${role}" }) { user { id } }`),
        admin.accessToken,
      );
    for (const role of ['USER', 'GUEST', 'TRAINEE', 'READER', 'MODERATOR']) expect(await invite(role)).toBe('OK');
    gateway.clock.travel(longAgo);
    for (const role of ['USER', 'GUEST', 'TRAINEE']) expect(await invite(role)).toBe('OK');
    for (const role of ['READER', 'MODERATOR', 'ADMIN']) expect(await invite(role)).toBe('REAUTHENTICATION_REQUIRED');
  });

  test('a SUPER_ADMIN cannot unlock the own account either', async () => {
    const admin = await createUserWithRole(gateway, 'SUPER_ADMIN');
    const unlock = gateway.send(UnlockUserDocument, { input: { userId: admin.id } }, admin.accessToken);
    expect((await refusal(unlock)).code).toBe('FORBIDDEN');
  });

  test('an unknown role is answered with the known roles', async () => {
    const admin = await createUserWithRole(gateway, 'ADMIN');
    const { errors } = await answerOf(
      gateway.post(
        { query: documentOf('createUser', `{ email: "${newAddress()}", role: "UNKNOWN" }) { user { id } }`) },
        bearer(admin.accessToken),
      ),
    );
    expect(JSON.stringify(errors)).toMatch(/Choose one of the roles SUPER_ADMIN, ADMIN, MODERATOR, USER, .*GUEST/);
  });
});

describe('the second factor that MFA_REQUIRED_FOR requires', () => {
  let strict: TestGateway;
  beforeAll(async () => {
    strict = await startTestGateway({ ...lockoutAndVerificationOff, MFA_REQUIRED_FOR: 'ADMIN' }, gateway);
    await insertRole(gateway, { name: 'SHADOW', rank: 99, permissions: ['users:read'] });
    const { permissions } = (
      await gateway.database.query<{ permissions: string[] }>(`select permissions from roles where name = 'ADMIN'`)
    )[0] ?? { permissions: [] };
    await insertRole(gateway, { name: 'LOW_ADMIN', rank: 30, permissions });
    const powers = permissions.filter((permission) => !/:own$|^profile:/.test(permission));
    await insertRole(gateway, { name: 'POWERS_ONLY', rank: 5, permissions: powers });
    await insertRole(gateway, { name: 'NEAR', rank: 79, permissions: ['users:read', 'users:write'] });
  });
  afterAll(() => strict.stop());

  test.each([
    ['SUPER_ADMIN', 'MFA_ENROLLMENT_REQUIRED'],
    ['ADMIN', 'MFA_ENROLLMENT_REQUIRED'],
    ['SHADOW', 'MFA_ENROLLMENT_REQUIRED'],
    ['LOW_ADMIN', 'MFA_ENROLLMENT_REQUIRED'],
    ['POWERS_ONLY', 'MFA_ENROLLMENT_REQUIRED'],
    ['NEAR', 'OK'],
    ['MODERATOR', 'OK'],
  ])('of a role of %s that reaches ADMIN by rank or permissions: %s', async (role, code) => {
    const person = await createUserWithRole(strict, role);
    expect(await codeOf('{ users { totalCount } }', person.accessToken, strict)).toBe(code);
    const { data } = await answerOf(
      strict.post({ query: '{ viewer { mfa { required } } }' }, bearer(person.accessToken)),
    );
    expect(data).toEqual({ viewer: { mfa: { required: code !== 'OK' } } });
  });

  test('leaves viewer readable before enrolment, and nothing else', async () => {
    const { accessToken } = await createUserWithRole(strict, 'ADMIN');
    const open = '{ viewer { id email displayName role { name } mfa { enabled methods required } permissions } }';
    expect(await codeOf(open, accessToken, strict)).toBe('OK');
    for (const query of [
      '{ viewer { sessions { totalCount } } }',
      '{ viewer { securityEvents { totalCount } } }',
      '{ viewer { passkeys { id } } }',
      '{ roles { name } }',
      'mutation { updateProfile(input: { displayName: "Ada" }) { viewer { id } } }',
      documentOf('changePassword', ownOperations.changePassword),
      documentOf('exportMyData', ownOperations.exportMyData),
    ]) {
      expect([query, await codeOf(query, accessToken, strict)]).toEqual([query, 'MFA_ENROLLMENT_REQUIRED']);
    }
  });

  test('is not lifted by deleting the named role', async () => {
    await insertRole(gateway, { name: 'AUDITOR', rank: 40, permissions: ['audit:read'] });
    const naming = await startTestGateway({ ...lockoutAndVerificationOff, MFA_REQUIRED_FOR: 'AUDITOR' }, gateway);
    try {
      const { accessToken } = (await enrol(naming, (await createUserWithRole(naming, 'SUPER_ADMIN')).email)).session;
      expect(
        await codeOf(documentOf('deleteRole', '{ name: "AUDITOR" }) { role { name } }'), accessToken, naming),
      ).toBe('CONFLICT');
    } finally {
      await naming.stop();
    }
  });

  test.each(['ADMINS', 'SUPER_ADMIN,ADMNI'])('for an unknown role stops the start: %s', async (names) => {
    const start = startTestGateway({ ...lockoutAndVerificationOff, MFA_REQUIRED_FOR: names }, gateway);
    await expect(start).rejects.toThrow(
      /MFA_REQUIRED_FOR: use names of existing roles \(SUPER_ADMIN, .*\), or leave it empty/,
    );
  });
});
