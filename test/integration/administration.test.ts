/**
 * Administration of users: effects of each operation, required rank and permission, notifications, and audit entries.
 */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { goodPassword, newAddress, refusal, signIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  BeginLoginDocument,
  CreateUserDocument,
  DeleteUserDocument,
  FullRefreshDocument,
  FullVerifyMfaDocument,
  FullViewerDocument,
  ManagedUserDocument,
  ReactivateUserDocument,
  ResetPasswordDocument,
  ResetUserMfaDocument,
  RestoreUserDocument,
  RevokeUserSessionsDocument,
  SendPasswordResetDocument,
  SetUserRoleDocument,
  SuspendUserDocument,
  type SuspendUserInput,
  UnlockUserDocument,
} from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { takeAll } from '../support/mail/mailbox.ts';
import { auditTrail } from '../support/people/audit.ts';
import { enrol } from '../support/people/authenticator.ts';
import {
  createUserWithRole,
  insertRole,
  lockoutAndVerificationOff,
  type UserWithRole,
} from '../support/people/users-with-roles.ts';

const day = 24 * 60 * 60;
const unknownId = '01930000-0000-7000-8000-000000000000';

let superAdmin: UserWithRole;
let admin: UserWithRole;
let moderator: UserWithRole;
let user: UserWithRole;
const gateway = useGateway({ ...lockoutAndVerificationOff, LOCKOUT: '5/15m' });
beforeAll(async () => {
  superAdmin = await createUserWithRole(gateway, 'SUPER_ADMIN', 'Grace Hopper');
  admin = await createUserWithRole(gateway, 'ADMIN');
  moderator = await createUserWithRole(gateway, 'MODERATOR');
});
beforeEach(async () => {
  user = await createUserWithRole(gateway, 'USER', 'Ada Lovelace');
});

type InstructionDocument = TypedDocumentNode<unknown, { input: SuspendUserInput }>;

const instructions: InstructionDocument[] = [
  ResetUserMfaDocument,
  SuspendUserDocument,
  ReactivateUserDocument,
  UnlockUserDocument,
  DeleteUserDocument,
  RestoreUserDocument,
  SendPasswordResetDocument,
  RevokeUserSessionsDocument,
];

const suspend = (by: UserWithRole, userId: string, reason?: string) =>
  gateway.send(SuspendUserDocument, { input: { userId, reason: reason ?? null } }, by.accessToken);
const reactivate = (by: UserWithRole, userId: string) =>
  gateway.send(ReactivateUserDocument, { input: { userId } }, by.accessToken);
const remove = (by: UserWithRole, userId: string) =>
  gateway.send(DeleteUserDocument, { input: { userId } }, by.accessToken);
const restore = (by: UserWithRole, userId: string) =>
  gateway.send(RestoreUserDocument, { input: { userId } }, by.accessToken);
const sendLink = (by: UserWithRole, userId: string) =>
  gateway.send(SendPasswordResetDocument, { input: { userId } }, by.accessToken);
const setRole = (by: UserWithRole, userId: string, role: string) =>
  gateway.send(SetUserRoleDocument, { input: { userId, role } }, by.accessToken);
const look = async (userId: string, by = admin) =>
  (await gateway.send(ManagedUserDocument, { id: userId }, by.accessToken)).user;
const codeOf = async (call: Promise<unknown>) => (await refusal(call)).code;

async function expectSignedOut({ accessToken, session }: UserWithRole): Promise<void> {
  const { code, extensions } = await refusal(gateway.send(FullViewerDocument, {}, accessToken));
  expect({ code, reason: extensions.reason }).toEqual({ code: 'UNAUTHENTICATED', reason: 'SESSION_REVOKED' });
  const { refreshToken } = session;
  expect(await codeOf(gateway.send(FullRefreshDocument, { input: { refreshToken } }))).toBe('INVALID_REFRESH_TOKEN');
}

/** Every operation that names a user by id, as functions that send it. */
const callsAbout = (userId: string): (() => Promise<unknown>)[] => [
  () => look(userId),
  ...instructions.map((document) => () => gateway.send(document, { input: { userId } }, superAdmin.accessToken)),
  () => setRole(superAdmin, userId, 'USER'),
];

/** The newest entry of an action on a user. */
async function entryOf(action: string, targetId: string) {
  return (await auditTrail(gateway.database, action)).findLast((entry) => entry.targetId === targetId);
}

async function endReasonsOf({ session }: UserWithRole): Promise<unknown[]> {
  const ends = await auditTrail(gateway.database, 'session.ended');
  return ends.filter(({ sessionId, targetId }) => (targetId ?? sessionId) === session.session.id).map((e) => e.details);
}

describe('user details', () => {
  test('show the account, its role and its sessions', async () => {
    const seen = await look(user.id);
    expect(seen).toMatchObject({
      id: user.id,
      email: user.email,
      displayName: 'Ada Lovelace',
      role: { name: 'USER', rank: 20 },
      status: 'ACTIVE',
      lockedUntil: null,
      deletedAt: null,
      lastLoginAt: gateway.clock.now().toISOString(),
      sessions: { totalCount: 1, nodes: [{ id: user.session.session.id, current: false, assurance: 'AAL1' }] },
    });
    expect((await look(admin.id))?.sessions.nodes).toMatchObject([{ current: true }]);
    expect((await look(user.id.toUpperCase()))?.id).toBe(user.id);
  });

  test.each(['', 'x', '7', unknownId, "' or true --", '{"$ne":null}', '\u0000', 'a'.repeat(512)])(
    'of an unknown id (%j) are NOT_FOUND, as for every operation',
    async (id) => {
      for (const call of callsAbout(id)) expect(await codeOf(call())).toBe('NOT_FOUND');
    },
  );

  test.each([513, 5000])(
    'with an id of %i characters are refused as too long, as for every operation',
    async (length) => {
      for (const call of callsAbout('a'.repeat(length))) {
        expect(await refusal(call())).toMatchObject({
          code: 'BAD_USER_INPUT',
          extensions: { fields: [{ code: 'TOO_LONG' }] },
        });
      }
    },
  );

  test('show the end of a lockout, and unlocking removes it', async () => {
    for (let attempt = 0; attempt < 5; attempt += 1) await refusal(signIn(gateway, user.email, 'Wrong 7 lanterns'));
    expect(await codeOf(signIn(gateway, user.email))).toBe('TOO_MANY_ATTEMPTS');
    const lockedUntil = new Date(gateway.clock.now().getTime() + 15 * 60 * 1000).toISOString();
    expect(await look(user.id)).toMatchObject({ lockedUntil });
    const input = { userId: user.id, reason: 'called the desk' };
    const { unlockUser } = await gateway.send(UnlockUserDocument, { input }, moderator.accessToken);
    expect(unlockUser.user.lockedUntil).toBeNull();
    await signIn(gateway, user.email);
    expect(await entryOf('account.unlocked', user.id)).toMatchObject({
      actorId: moderator.id,
      sessionId: moderator.session.session.id,
      details: { through: 'administrator', before: { locks: ['sign_in'] }, after: { locks: [] } },
    });
    await gateway.send(UnlockUserDocument, { input }, moderator.accessToken);
    expect((await entryOf('account.unlocked', user.id))?.details.before).toEqual({ locks: [] });
  });
});

describe('suspension', () => {
  test('revokes every session at once and refuses sign-ins until the reactivation', async () => {
    const { suspendUser } = await suspend(moderator, user.id, '  spam  ');
    expect(suspendUser.user.status).toBe('SUSPENDED');
    await expectSignedOut(user);
    expect(await endReasonsOf(user)).toEqual([{ reason: 'suspended' }]);
    expect(await codeOf(signIn(gateway, user.email))).toBe('ACCOUNT_SUSPENDED');
    const { reactivateUser } = await reactivate(moderator, user.id);
    expect(reactivateUser.user.status).toBe('ACTIVE');
    await expectSignedOut(user);
    await signIn(gateway, user.email);
  });

  test('is recorded with the state before and after, and with its reason in a purgeable column', async () => {
    await suspend(admin, user.id, 'spam, see ticket 7');
    const entry = await entryOf('user.suspended', user.id);
    expect(entry).toMatchObject({
      actorId: admin.id,
      sessionId: admin.session.session.id,
      outcome: 'SUCCESS',
      targetType: 'user',
      details: { before: { status: 'ACTIVE' }, after: { status: 'SUSPENDED' } },
    });
    const rows = await gateway.database.query('select reason from audit_entries where id = $1', [entry?.id]);
    expect(rows).toEqual([{ reason: 'spam, see ticket 7' }]);
    expect(JSON.stringify(entry?.details)).not.toContain('spam');
    await reactivate(admin, user.id);
    expect(await entryOf('user.reactivated', user.id)).toMatchObject({
      details: { before: { status: 'SUSPENDED' }, after: { status: 'ACTIVE' } },
    });
  });

  test('is refused in the wrong state, and writes nothing', async () => {
    expect(await codeOf(reactivate(admin, user.id))).toBe('CONFLICT');
    await suspend(admin, user.id);
    expect(await codeOf(suspend(admin, user.id))).toBe('CONFLICT');
    await remove(admin, user.id);
    for (const again of [suspend, reactivate, remove, sendLink]) {
      expect(await codeOf(again(admin, user.id))).toBe('CONFLICT');
    }
    expect(await codeOf(setRole(admin, user.id, 'MODERATOR'))).toBe('CONFLICT');
    const trail = (await auditTrail(gateway.database)).filter(
      ({ actorId, targetId }) => actorId === admin.id && targetId === user.id,
    );
    expect(trail.map(({ action }) => action)).toEqual(['user.suspended', 'user.deleted']);
  });

  test.each([
    ['a reason of more than 500 characters', 'x'.repeat(501), 'TOO_LONG'],
    ['a reason that PostgreSQL cannot store', 'a\u0000b', 'INVALID_CHARACTERS'],
    ['a reason with a hidden text direction', 'a\u202eb', 'INVALID_CHARACTERS'],
  ])('with %s is refused before any change', async (_what, reason, code) => {
    const { extensions } = await refusal(suspend(admin, user.id, reason));
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.reason', code }] });
    expect((await look(user.id))?.status).toBe('ACTIVE');
  });

  test('accepts a reason of 500 characters in any alphabet, with line breaks', async () => {
    const reason = `${'👩‍💻'.repeat(2)}\nзачем\n${'й'.repeat(480)}`;
    await suspend(admin, user.id, reason);
    const [row] = await gateway.database.query<{ reason: string }>(
      `select reason from audit_entries where action = 'user.suspended' and target_id = $1`,
      [user.id],
    );
    expect(row?.reason).toBe(reason.normalize('NFC'));
  });
});

describe('deletion', () => {
  test('revokes sessions and links at once, notifies the owner, and reserves the address', async () => {
    await sendLink(admin, user.id);
    const token = tokenIn(await gateway.mail.take(user.email, 'Reset your password'));
    const { deleteUser } = await remove(admin, user.id);
    expect(deleteUser.user).toMatchObject({ status: 'DELETED', deletedAt: gateway.clock.now().toISOString() });
    await expectSignedOut(user);
    expect(await endReasonsOf(user)).toEqual([{ reason: 'account_deleted' }]);
    expect(await codeOf(signIn(gateway, user.email))).toBe('INVALID_CREDENTIALS');
    const reset = { input: { token, newPassword: 'Another 9 lanterns' } };
    expect(await codeOf(gateway.send(ResetPasswordDocument, reset))).toBe('INVALID_TOKEN');
    const mail = await gateway.mail.take(user.email, 'Your account was deleted');
    // The mail omits the network of the administrator.
    expect(mail.text).not.toContain('127.0.0.1');
    const invitation = { input: { email: user.email, role: 'USER' } };
    expect(await codeOf(gateway.send(CreateUserDocument, invitation, admin.accessToken))).toBe('EMAIL_TAKEN');
  });

  test('is undone by a restore to the previous state, and sessions stay revoked', async () => {
    await remove(admin, user.id);
    const { restoreUser } = await restore(admin, user.id);
    expect(restoreUser.user).toMatchObject({ status: 'ACTIVE', deletedAt: null, role: { name: 'USER' } });
    await expectSignedOut(user);
    await signIn(gateway, user.email);
    await gateway.mail.take(user.email, 'Your account was restored');
    expect(await entryOf('user.deleted', user.id)).toMatchObject({
      actorId: admin.id,
      details: { before: { status: 'ACTIVE' }, after: { status: 'DELETED' } },
    });
    expect(await entryOf('user.restored', user.id)).toMatchObject({
      actorId: admin.id,
      details: { before: { status: 'DELETED' }, after: { status: 'ACTIVE' } },
    });
    expect(await codeOf(restore(admin, user.id))).toBe('CONFLICT');
  });

  test('of a suspended user does not lift the suspension', async () => {
    await suspend(admin, user.id);
    await remove(admin, user.id);
    expect((await restore(admin, user.id)).restoreUser.user.status).toBe('SUSPENDED');
    expect(await codeOf(signIn(gateway, user.email))).toBe('ACCOUNT_SUSPENDED');
    expect((await reactivate(admin, user.id)).reactivateUser.user.status).toBe('ACTIVE');
  });

  test('can be undone until the day in the mail, and not later', async () => {
    await remove(admin, user.id);
    gateway.clock.travel(30 * day - 1);
    admin = await createUserWithRole(gateway, 'ADMIN');
    await restore(admin, user.id);
    await remove(admin, user.id);
    gateway.clock.travel(30 * day);
    [superAdmin, admin, moderator] = [
      await createUserWithRole(gateway, 'SUPER_ADMIN'),
      await createUserWithRole(gateway, 'ADMIN'),
      await createUserWithRole(gateway, 'MODERATOR'),
    ];
    expect(await codeOf(restore(admin, user.id))).toBe('CONFLICT');
  });
});

describe('an invitation', () => {
  const invite = (by: UserWithRole, email: string, role = 'USER', displayName?: string) =>
    gateway.send(CreateUserDocument, { input: { email, role, displayName: displayName ?? null } }, by.accessToken);
  const accept = (token: string) =>
    gateway.send(ResetPasswordDocument, { input: { token, newPassword: goodPassword } });

  test('mails a link for the owner to choose the password, and no response contains it', async () => {
    const email = newAddress();
    const { createUser } = await invite(admin, ` ${email.toUpperCase()} `, 'MODERATOR', ' Mary ');
    expect(createUser.user).toMatchObject({
      email,
      displayName: 'Mary',
      role: { name: 'MODERATOR' },
      status: 'INVITED',
      emailVerified: false,
      lastLoginAt: null,
    });
    const mail = await gateway.mail.take(email, 'You are invited');
    await accept(tokenIn(mail));
    await signIn(gateway, email);
    expect(await look(createUser.user.id)).toMatchObject({ status: 'ACTIVE', emailVerified: true });
    expect(await entryOf('user.created', createUser.user.id)).toMatchObject({
      actorId: admin.id,
      details: { role: 'MODERATOR', through: 'administrator' },
    });
  });

  test('can be repeated while it is open, and the previous link becomes invalid', async () => {
    const email = newAddress();
    const { createUser } = await invite(admin, email);
    const first = tokenIn(await gateway.mail.take(email, 'You are invited'));
    gateway.clock.travel(60);
    await sendLink(admin, createUser.user.id);
    const second = tokenIn(await gateway.mail.take(email, 'You are invited'));
    expect(await codeOf(accept(first))).toBe('INVALID_TOKEN');
    await accept(second);
    expect(await entryOf('user.link_sent', createUser.user.id)).toMatchObject({
      details: { kind: 'invitation', result: 'sent' },
    });
  });

  test('outlives suspension and deletion: an invited user can be invited again afterwards', async () => {
    const email = newAddress();
    const { id } = (await invite(admin, email)).createUser.user;
    await gateway.mail.take(email, 'You are invited');
    expect((await suspend(admin, id)).suspendUser.user.status).toBe('SUSPENDED');
    expect((await reactivate(admin, id)).reactivateUser.user.status).toBe('INVITED');
    await remove(admin, id);
    expect((await restore(admin, id)).restoreUser.user.status).toBe('INVITED');
    await sendLink(admin, id);
    await accept(tokenIn(await gateway.mail.take(email, 'You are invited')));
    await signIn(gateway, email);
  });

  test('is refused for a taken address, an unknown role and invalid input', async () => {
    expect(await codeOf(invite(admin, user.email))).toBe('EMAIL_TAKEN');
    const problemsOf = async (call: Promise<unknown>) => (await refusal(call)).extensions.fields;
    expect(await problemsOf(invite(admin, newAddress(), 'UNKNOWN'))).toMatchObject([{ path: 'input.role' }]);
    expect(await problemsOf(invite(admin, newAddress(), "'; drop table roles; --"))).toMatchObject([
      { path: 'input.role', code: 'UNKNOWN_ROLE' },
    ]);
    expect(await problemsOf(invite(admin, 'nobody', 'USER', 'a\u0000'))).toMatchObject([
      { path: 'input.email' },
      { path: 'input.displayName' },
    ]);
  });

  test('to a role other than USER needs the permission to grant', async () => {
    await insertRole(gateway, { name: 'FRONT_DESK', rank: 50, permissions: ['users:read', 'users:write'] });
    await insertRole(gateway, { name: 'VISITOR', rank: 10, permissions: [] });
    const desk = await createUserWithRole(gateway, 'FRONT_DESK');
    expect(await codeOf(invite(desk, newAddress(), 'VISITOR'))).toBe('FORBIDDEN');
    // An invitation as USER grants the permissions of USER, which the caller's role lacks.
    expect(await codeOf(invite(desk, newAddress()))).toBe('FORBIDDEN');
    const before = { role: 'FRONT_DESK', own: ['profile:write', 'sessions:own', 'mfa:own', 'keys:own'] };
    await gateway.database.query('update roles set permissions = permissions || $2 where name = $1', [
      before.role,
      before.own,
    ]);
    await invite(desk, newAddress());
  });
});

describe('a password link', () => {
  test('arrives by mail, and the owner chooses the password', async () => {
    await sendLink(admin, user.id);
    const mail = await gateway.mail.take(user.email, 'Reset your password');
    expect(mail.text).not.toContain('127.0.0.1');
    const newPassword = 'Another 9 lanterns';
    await gateway.send(ResetPasswordDocument, { input: { token: tokenIn(mail), newPassword } });
    await signIn(gateway, user.email, newPassword);
    await expectSignedOut(user);
  });

  test('cannot flood a mailbox: the fourth within an hour is refused and recorded', async () => {
    for (let time = 0; time < 3; time += 1) await sendLink(admin, user.id);
    const { code, status, extensions } = await refusal(sendLink(admin, user.id));
    expect({ code, status, retryAfter: extensions.retryAfter }).toEqual({
      code: 'RATE_LIMITED',
      status: 429,
      retryAfter: 3600,
    });
    expect(await takeAll(gateway, user.email)).toHaveLength(3);
    expect(await entryOf('user.link_sent', user.id)).toMatchObject({ details: { result: 'withheld' } });
  });
});

describe('second factors', () => {
  test('are shown, and removed for a user that lost them: the password alone signs in again', async () => {
    const { session, backupCodes } = await enrol(gateway, user.email);
    expect((await look(user.id))?.mfa).toEqual({
      enabled: true,
      methods: ['TOTP', 'BACKUP_CODE'],
      backupCodesRemaining: backupCodes.length,
      required: false,
    });
    const { login } = await gateway.send(BeginLoginDocument, { input: { email: user.email, password: goodPassword } });
    if (login.__typename !== 'MfaChallenge') throw new Error('the second step was not asked for');
    const input = { userId: user.id, reason: 'lost the phone' };
    const { resetUserMfa } = await gateway.send(ResetUserMfaDocument, { input }, admin.accessToken);
    expect(resetUserMfa.user.mfa).toEqual({ enabled: false, methods: [], backupCodesRemaining: 0, required: false });
    await expectSignedOut(user);
    await expectSignedOut({ ...user, accessToken: session.accessToken, session });
    const code = backupCodes[0] ?? '';
    const second = { ticket: login.ticket, method: 'BACKUP_CODE', code } as const;
    expect(await codeOf(gateway.send(FullVerifyMfaDocument, { input: second }))).toBe('INVALID_MFA_TICKET');
    await signIn(gateway, user.email);
    const mail = await gateway.mail.take(user.email, 'A second factor was removed');
    expect(mail.text).not.toContain('127.0.0.1');
    expect(await entryOf('user.mfa_reset', user.id)).toMatchObject({
      actorId: admin.id,
      details: { before: { secondFactor: true }, after: { secondFactor: false } },
    });
  });

  test('that do not exist cannot be removed, and one’s own need a code', async () => {
    const reset = (by: UserWithRole, userId: string) =>
      gateway.send(ResetUserMfaDocument, { input: { userId } }, by.accessToken);
    expect(await codeOf(reset(admin, user.id))).toBe('MFA_NOT_ENABLED');
    const otherSuperAdmin = await createUserWithRole(gateway, 'SUPER_ADMIN');
    const { session } = await enrol(gateway, otherSuperAdmin.email);
    expect(await codeOf(reset({ ...otherSuperAdmin, accessToken: session.accessToken }, otherSuperAdmin.id))).toBe(
      'FORBIDDEN',
    );
  });

  const ending: [string, InstructionDocument][] = [
    ['unlocking', UnlockUserDocument],
    ['suspending', SuspendUserDocument],
    ['revoking sessions', RevokeUserSessionsDocument],
    ['deleting', DeleteUserDocument],
  ];
  test.each(ending)('a sign-in that waits for its second step is cancelled by %s', async (_what, document) => {
    const { code } = await enrol(gateway, user.email);
    const credentials = { email: user.email, password: goodPassword };
    const { login } = await gateway.send(BeginLoginDocument, { input: credentials });
    if (login.__typename !== 'MfaChallenge') throw new Error('the second step was not asked for');
    await gateway.send(document, { input: { userId: user.id } }, admin.accessToken);
    const second = { ticket: login.ticket, method: 'TOTP', code: code() } as const;
    expect(await codeOf(gateway.send(FullVerifyMfaDocument, { input: second }))).toBe('INVALID_MFA_TICKET');
  });
});

test('revoking sessions signs a user out everywhere without changing the account', async () => {
  const second = await signIn(gateway, user.email);
  const input = { userId: user.id };
  const { revokeUserSessions } = await gateway.send(RevokeUserSessionsDocument, { input }, admin.accessToken);
  expect(revokeUserSessions.user.status).toBe('ACTIVE');
  await expectSignedOut(user);
  await expectSignedOut({ ...user, accessToken: second.accessToken, session: second });
  expect(await endReasonsOf(user)).toEqual([{ reason: 'revoked_by_admin' }]);
  expect(await entryOf('user.sessions_revoked', user.id)).toMatchObject({
    details: { before: { sessions: 2 }, after: { sessions: 0 } },
  });
  await signIn(gateway, user.email);
});

describe('ranks', () => {
  test('only a SUPER_ADMIN can change a user of equal or higher rank, and a refused attempt is recorded', async () => {
    const peer = await createUserWithRole(gateway, 'ADMIN');
    for (const target of [peer, superAdmin, admin]) {
      for (const document of instructions) {
        const call = gateway.send(document, { input: { userId: target.id } }, admin.accessToken);
        expect(await codeOf(call)).toBe('FORBIDDEN');
      }
      expect(await codeOf(setRole(admin, target.id, 'USER'))).toBe('FORBIDDEN');
      expect((await look(target.id))?.status).toBe('ACTIVE');
    }
    expect(await entryOf('administration.refused', peer.id)).toMatchObject({
      actorId: admin.id,
      outcome: 'DENIED',
      details: { attempted: 'user.role_changed', reason: 'rank' },
    });
    expect(await codeOf(suspend(moderator, (await createUserWithRole(gateway, 'MODERATOR')).id))).toBe('FORBIDDEN');
    await suspend(superAdmin, peer.id);
    await suspend(superAdmin, (await createUserWithRole(gateway, 'SUPER_ADMIN')).id);
  });

  test('only a SUPER_ADMIN can grant a role of equal or higher rank', async () => {
    for (const role of ['ADMIN', 'SUPER_ADMIN']) {
      expect(await codeOf(setRole(admin, user.id, role))).toBe('FORBIDDEN');
      const input = { email: newAddress(), role };
      expect(await codeOf(gateway.send(CreateUserDocument, { input }, admin.accessToken))).toBe('FORBIDDEN');
    }
    await setRole(admin, user.id, 'MODERATOR');
    expect((await setRole(superAdmin, user.id, 'SUPER_ADMIN')).setUserRole.user.role.name).toBe('SUPER_ADMIN');
    await setRole(superAdmin, user.id, 'USER');
  });

  test('a caller cannot grant a permission that the caller lacks, whatever the rank of the role', async () => {
    await insertRole(gateway, { name: 'ROLE_MAKER', rank: 30, permissions: ['roles:write'] });
    expect(await codeOf(setRole(admin, user.id, 'ROLE_MAKER'))).toBe('FORBIDDEN');
    expect(await entryOf('administration.refused', user.id)).toMatchObject({
      details: { attempted: 'user.role_changed', reason: 'missing_permission' },
    });
    await setRole(superAdmin, user.id, 'ROLE_MAKER');
  });

  test('a new role takes effect on the next request, up and down', async () => {
    expect(await codeOf(look(admin.id, user))).toBe('FORBIDDEN');
    await setRole(admin, user.id, 'MODERATOR');
    expect((await look(admin.id, user))?.id).toBe(admin.id);
    expect(await entryOf('user.role_changed', user.id)).toMatchObject({
      actorId: admin.id,
      details: { before: { role: 'USER' }, after: { role: 'MODERATOR' } },
    });
    await setRole(admin, user.id, 'GUEST');
    expect(await codeOf(look(admin.id, user))).toBe('FORBIDDEN');
    await setRole(admin, user.id, 'GUEST');
    const changes = await auditTrail(gateway.database, 'user.role_changed');
    expect(changes.filter(({ targetId }) => targetId === user.id)).toHaveLength(2);
  });

  test('an unknown role is BAD_USER_INPUT', async () => {
    for (const role of ['UNKNOWN', 'user', '', '\u0000', '{"$ne":null}']) {
      const { extensions } = await refusal(setRole(admin, user.id, role));
      expect(extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        fields: [{ path: 'input.role', code: 'UNKNOWN_ROLE' }],
      });
    }
  });
});

describe('one’s own account', () => {
  test('cannot be suspended or deleted through administration, because deletion needs the password', async () => {
    const leaving = await createUserWithRole(gateway, 'SUPER_ADMIN');
    for (const call of [suspend, remove]) expect(await codeOf(call(leaving, leaving.id))).toBe('FORBIDDEN');
    expect(await entryOf('administration.refused', leaving.id)).toMatchObject({ details: { reason: 'own_account' } });
    await sendLink(leaving, leaving.id);
    expect((await setRole(leaving, leaving.id, 'USER')).setUserRole.user.role.name).toBe('USER');
    expect(await codeOf(setRole(leaving, leaving.id, 'SUPER_ADMIN'))).toBe('FORBIDDEN');
  });

  test('of the last SUPER_ADMIN stays unchanged', async () => {
    const others = "update users set role_name = 'USER' where role_name = 'SUPER_ADMIN' and id <> $1";
    await gateway.database.query(others, [superAdmin.id]);
    // A suspended SUPER_ADMIN does not count as the second one.
    const away = await createUserWithRole(gateway, 'SUPER_ADMIN');
    await suspend(superAdmin, away.id);
    const calls = [() => setRole(superAdmin, superAdmin.id, 'ADMIN'), () => suspend(superAdmin, superAdmin.id)];
    for (const call of [...calls, () => remove(superAdmin, superAdmin.id)])
      expect(await codeOf(call())).toBe('CONFLICT');
    expect(await look(superAdmin.id)).toMatchObject({ status: 'ACTIVE', role: { name: 'SUPER_ADMIN' } });
    expect(await entryOf('administration.refused', superAdmin.id)).toMatchObject({
      details: { attempted: 'user.deleted', reason: 'last_super_admin' },
    });
    await remove(superAdmin, away.id);
  });
});
