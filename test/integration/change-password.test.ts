/** The change of a password in a session: required proof, accepted passwords, and revoked sessions. */
import { describe, expect, test } from 'vitest';
import { goodPassword, lockoutOff, refusal } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  ChangePasswordDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
} from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { auditTrail } from '../support/people/audit.ts';
import { wrongPassword } from '../support/people/password-attempts.ts';
import { expectSignedOut } from '../support/people/session.ts';

const nextPassword = 'Marble 8 galaxies';

const gateway = useGateway(lockoutOff);

const change = ({ accessToken }: { accessToken: string }, newPassword = nextPassword, currentPassword = goodPassword) =>
  gateway.send(ChangePasswordDocument, { input: { currentPassword, newPassword } }, accessToken);
const codeOf = async (call: Promise<unknown>) => (await refusal(call)).code;

async function resetToken(email: string): Promise<string> {
  await gateway.send(RequestPasswordResetDocument, { input: { email } });
  return tokenIn(await gateway.mail.take(email, 'Reset your password'));
}

describe('a password change', () => {
  test('replaces the old password, also long after the sign-in', async () => {
    const session = await gateway.person();
    gateway.clock.travel(800);
    await change(session);
    expect(await codeOf(session.signIn())).toBe('INVALID_CREDENTIALS');
    expect((await session.signIn(nextPassword)).viewer.id).toBe(session.viewer.id);
  });

  test('revokes and counts the other sessions, and keeps the current one', async () => {
    const session = await gateway.person();
    const others = [await session.signIn(), await session.signIn()];
    const bystander = await gateway.person();
    expect((await change(session)).changePassword.revokedCount).toBe(2);
    await expectSignedOut(...others);
    await session.expectSignedIn();
    await session.refresh();
    await bystander.refresh();
    expect((await change(session, 'Ember 5 glacier', nextPassword)).changePassword.revokedCount).toBe(0);
  });

  test('mails the owner, and is recorded with the number of revoked sessions', async () => {
    const session = await gateway.person();
    const other = await session.signIn();
    await change(session);
    expect((await gateway.mail.take(session.email, 'Your password was changed')).text).toContain('127.0.0.1');
    const own = (await auditTrail(gateway.database)).filter(({ actorId }) => actorId === session.viewer.id);
    expect(own.filter(({ action }) => action === 'password.set')).toMatchObject([
      { outcome: 'SUCCESS', sessionId: session.session.id, details: { through: 'change' } },
    ]);
    expect(own.filter(({ action }) => action === 'session.ended')).toMatchObject([
      { sessionId: other.session.id, details: { reason: 'password_changed' } },
    ]);
  });

  test('invalidates the reset links', async () => {
    const session = await gateway.person();
    const token = await resetToken(session.email);
    await change(session);
    const reset = gateway.send(ResetPasswordDocument, { input: { token, newPassword: 'Ember 5 glacier' } });
    expect(await codeOf(reset)).toBe('INVALID_TOKEN');
    await session.signIn(nextPassword);
  });
});

describe('the current password', () => {
  test('that is wrong is a field error, and nothing changes', async () => {
    const session = await gateway.person();
    const other = await session.signIn();
    expect(await refusal(change(session, nextPassword, wrongPassword))).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      extensions: { fields: [{ path: 'input.currentPassword', code: 'WRONG_PASSWORD' }] },
    });
    await other.refresh();
    await session.signIn();
  });

  test('is checked before the new one, so that the caller learns nothing about the new one without it', async () => {
    const session = await gateway.person();
    for (const newPassword of ['short', goodPassword])
      expect(await codeOf(change(session, newPassword, wrongPassword))).toBe('INVALID_CREDENTIALS');
  });

  test('has ten attempts, counted together with reauthenticate and over all sessions', async () => {
    const session = await gateway.person();
    const other = await session.signIn();
    for (let guess = 0; guess < 5; guess += 1) {
      expect(await codeOf(change(session, nextPassword, wrongPassword))).toBe('INVALID_CREDENTIALS');
      expect(await codeOf(other.reauthenticate({ password: wrongPassword }))).toBe('INVALID_CREDENTIALS');
    }
    const error = await refusal(change(session));
    expect(error).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', status: 429, extensions: { retryAfter: 900 } });
    gateway.clock.travel(900);
    await change(await session.signIn());
  });
});

describe('the new password', () => {
  test.each([
    ['Lem-7', ['TOO_SHORT']],
    ['Password1!', ['TOO_COMMON']],
    [goodPassword, ['REUSED']],
  ])('%j is refused: %j', async (newPassword, codes) => {
    const session = await gateway.person();
    const other = await session.signIn();
    const { code, extensions } = await refusal(change(session, newPassword));
    expect(code).toBe('BAD_USER_INPUT');
    expect(extensions.fields).toMatchObject(codes.map((problem) => ({ path: 'input.newPassword', code: problem })));
    await other.refresh();
  });

  test('must not contain the address or the name of its owner', async () => {
    const session = await gateway.person();
    const [localPart = ''] = session.email.split('@');
    const { extensions } = await refusal(change(session, `Lantern-1 ${localPart}`));
    expect(extensions.fields).toMatchObject([{ path: 'input.newPassword', code: 'CONTEXT_WORD' }]);
  });

  test('must differ from the last five, set by change or by reset', async () => {
    const session = await gateway.person();
    const [a, b, c, d, e] = [
      'Amber 1 lighthouse',
      'Birch 2 telescope',
      'Cedar 3 accordion',
      'Dune 4 caravan',
      'Ember 5 glacier',
    ];
    await change(session, a);
    const reset = { token: await resetToken(session.email), newPassword: b };
    await gateway.send(ResetPasswordDocument, { input: reset });
    const again = await session.signIn(b);
    await change(again, c, b);
    for (const former of [goodPassword, a, b, c]) {
      expect((await refusal(change(again, former, c))).extensions.fields).toMatchObject([{ code: 'REUSED' }]);
    }
    await change(again, d, c);
    await change(again, e, d);
    expect(await codeOf(change(again, a, e))).toBe('BAD_USER_INPUT');
    await change(again, goodPassword, e);
    const [kept] = await gateway.database.query(
      'select count(*)::int as count from former_passwords where user_id = $1',
      [session.viewer.id],
    );
    expect(kept).toEqual({ count: 4 });
  });

  test('written in another normal form is the same password', async () => {
    const session = await gateway.person();
    await change(session, 'Über 7 Laternen');
    const fields = (await refusal(change(session, 'U\u0308ber 7 Laternen', 'Über 7 Laternen'))).extensions.fields;
    expect(fields).toMatchObject([{ code: 'REUSED' }]);
  });
});

describe('a caller', () => {
  test('without a session, or with a revoked one, cannot change a password', async () => {
    const anonymous = gateway.send(ChangePasswordDocument, {
      input: { currentPassword: goodPassword, newPassword: nextPassword },
    });
    expect(await codeOf(anonymous)).toBe('UNAUTHENTICATED');
    const session = await gateway.person();
    await gateway.database.query('update token_families set revoked_at = now() where id = $1', [session.session.id]);
    expect(await codeOf(change(session))).toBe('UNAUTHENTICATED');
  });
});
