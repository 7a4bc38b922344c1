/** Accounts without a password: their ways to sign in, the first password, and reauthentication with a passkey. */
import { describe, expect, test } from 'vitest';
import { bearer, goodPassword, refusal, type TestGateway } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  BeginPasskeyLoginDocument,
  ChangePasswordDocument,
  DeleteAccountDocument,
  DisownSessionDocument,
  FullReauthenticateDocument,
  RemovePasskeyDocument,
  SetPasswordDocument,
  SignInMethodsDocument,
} from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { addPasskey, askLogin, type PasskeyUser, passkeyUser, signInByPasskey } from '../support/people/passkeys.ts';
import { openSession } from '../support/people/session.ts';
import type { SoftwareAuthenticator } from '../support/people/software-authenticator.ts';
import { atOnce, codesOf, valuesOf } from '../support/races/at-once.ts';

const gateway = useGateway({ RATE_LIMIT_ALLOWLIST: '127.0.0.0/8' });

/** A user with a passkey and without a password, as a recovery leaves one. */
async function passwordless(at: TestGateway = gateway): Promise<PasskeyUser> {
  const user = await passkeyUser(at);
  await at.database.query('update users set password_hash = null where id = $1', [user.session.viewer.id]);
  return user;
}

const methodsOf = async (accessToken: string) => (await gateway.send(SignInMethodsDocument, {}, accessToken)).viewer;

const remove = (id: string, accessToken: string) => gateway.send(RemovePasskeyDocument, { input: { id } }, accessToken);

async function askAgain(accessToken: string) {
  const input = { reauthenticate: true };
  return (await gateway.send(BeginPasskeyLoginDocument, { input }, accessToken)).beginPasskeyLogin.options;
}

const reauthenticate = (input: object, accessToken: string) =>
  gateway.send(FullReauthenticateDocument, { input }, accessToken);

describe('the ways to sign in', () => {
  test('are the password and the passkeys of the account', async () => {
    const person = await gateway.person();
    expect(await methodsOf(person.accessToken)).toEqual({ hasPassword: true, signInMethods: ['PASSWORD'] });
    await addPasskey(gateway, person);
    expect(await methodsOf(person.accessToken)).toEqual({ hasPassword: true, signInMethods: ['PASSWORD', 'PASSKEY'] });
    const { session } = await passwordless();
    expect(await methodsOf(session.accessToken)).toEqual({ hasPassword: false, signInMethods: ['PASSKEY'] });
  });

  test('a passkey on probation is not one of them', async () => {
    const person = await gateway.person();
    gateway.clock.travel(2 * 24 * 60 * 60);
    const later = await person.signIn();
    await addPasskey(gateway, later);
    expect(await methodsOf(later.accessToken)).toEqual({ hasPassword: true, signInMethods: ['PASSWORD'] });
  });

  test('the last one cannot be removed, and nothing changes', async () => {
    const { session, passkeyId, key } = await passwordless();
    expect(await refusal(remove(passkeyId, session.accessToken))).toMatchObject({
      code: 'CONFLICT',
      extensions: { reason: 'LAST_WAY_IN' },
    });
    await expect(signInByPasskey(gateway, key)).resolves.toMatchObject({ viewer: { id: session.viewer.id } });
    const rows = await gateway.database.query(
      `select count(*)::int from audit_entries where action = 'mfa.disabled' and target_id = $1`,
      [session.viewer.id],
    );
    expect(rows).toEqual([{ count: 0 }]);
  });

  test('of two that are removed at the same time, one stays', async () => {
    const { session, passkeyId } = await passwordless();
    const second = await addPasskey(gateway, session);
    const results = await atOnce(2, (caller) =>
      remove(caller === 0 ? passkeyId : second.passkey.id, session.accessToken),
    );
    expect(valuesOf(results)).toHaveLength(1);
    expect(await methodsOf(session.accessToken)).toMatchObject({ signInMethods: ['PASSKEY'] });
  });
});

describe('the first password', () => {
  test('is set once, signs in, and ends the other sessions', async () => {
    const { email, session, key } = await passwordless();
    const other = await signInByPasskey(gateway, key);
    const input = { newPassword: goodPassword };
    const { setPassword } = await gateway.send(SetPasswordDocument, { input }, session.accessToken);
    expect(setPassword).toMatchObject({ revokedCount: 1, deviceToken: expect.any(String) });
    expect(await refusal(methodsOf(other.accessToken))).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await methodsOf(session.accessToken)).toMatchObject({ hasPassword: true });
    const answer = await gateway.post({
      query: `mutation { login(input: { email: "${email}", password: "${goodPassword}" }) { __typename } }`,
    });
    expect(await answer.json()).toMatchObject({ data: { login: { __typename: 'MfaChallenge' } } });
    expect(await refusal(gateway.send(SetPasswordDocument, { input }, session.accessToken))).toMatchObject({
      code: 'CONFLICT',
      extensions: { reason: 'HAS_PASSWORD' },
    });
  });

  test('has to meet the policy', async () => {
    const { session } = await passwordless();
    const call = gateway.send(SetPasswordDocument, { input: { newPassword: 'short' } }, session.accessToken);
    expect((await refusal(call)).extensions.fields).toContainEqual(
      expect.objectContaining({ path: 'input.newPassword', code: 'TOO_SHORT' }),
    );
  });

  test('of two that are set at the same time, one is accepted', async () => {
    const { session } = await passwordless();
    const passwords = [goodPassword, 'Carry 9 umbrellas'];
    const results = await atOnce(2, (caller) =>
      gateway.send(SetPasswordDocument, { input: { newPassword: passwords[caller] ?? '' } }, session.accessToken),
    );
    expect(codesOf(results)).toEqual({ CONFLICT: 1 });
  });

  test('that an attacker sets is removed by the link of the mail', async () => {
    const { email, session } = await passwordless();
    await gateway.send(SetPasswordDocument, { input: { newPassword: goodPassword } }, session.accessToken);
    const token = tokenIn(await gateway.mail.take(email, 'Your password was changed'));
    await gateway.send(DisownSessionDocument, { input: { token } });
    const rows = await gateway.database.query('select password_hash from users where email = $1', [email]);
    expect(rows).toEqual([{ password_hash: null }]);
  });

  test('changePassword refuses an account without one', async () => {
    const { session } = await passwordless();
    const input = { currentPassword: goodPassword, newPassword: 'Carry 9 umbrellas' };
    expect(await refusal(gateway.send(ChangePasswordDocument, { input }, session.accessToken))).toMatchObject({
      code: 'CONFLICT',
    });
  });
});

describe('deleteAccount', () => {
  test('needs no password where the account has none', async () => {
    const { session } = await passwordless();
    await expect(gateway.send(DeleteAccountDocument, { input: {} }, session.accessToken)).resolves.toMatchObject({
      deleteAccount: { purgeAt: expect.any(String) },
    });
  });

  test('needs the password where the account has one', async () => {
    const person = await gateway.person();
    const { code, extensions } = await refusal(gateway.send(DeleteAccountDocument, { input: {} }, person.accessToken));
    expect(code).toBe('BAD_USER_INPUT');
    expect(extensions.fields).toEqual([expect.objectContaining({ path: 'input.password', code: 'REQUIRED' })]);
    await person.expectSignedIn();
  });
});

describe('reauthenticate with a passkey', () => {
  test('gives the session a fresh authentication at AAL2', async () => {
    const { session, key } = await passwordless();
    gateway.clock.travel(11 * 60);
    const old = await gateway.send(
      FullReauthenticateDocument,
      { input: { passkey: key.sign(await askAgain(session.accessToken)) } },
      session.accessToken,
    );
    expect(old.reauthenticate.session).toMatchObject({ id: session.session.id, assurance: 'AAL2' });
    const input = { newPassword: goodPassword };
    await expect(gateway.send(SetPasswordDocument, { input }, old.reauthenticate.accessToken)).resolves.toBeDefined();
  });

  async function rejected(key: SoftwareAuthenticator, options: Record<string, unknown>, accessToken: string) {
    return refusal(reauthenticate({ passkey: key.sign(options) }, accessToken));
  }

  test('rejects the answer to another session, to a sign-in and a second time', async () => {
    const { session, key } = await passwordless();
    const other = await signInByPasskey(gateway, key);
    const wrong = { code: 'INVALID_CREDENTIALS' };
    expect(await rejected(key, await askAgain(other.accessToken), session.accessToken)).toMatchObject(wrong);
    expect(await rejected(key, await askLogin(gateway), session.accessToken)).toMatchObject(wrong);
    const passkey = key.sign(await askAgain(session.accessToken));
    await reauthenticate({ passkey }, session.accessToken);
    expect(await refusal(reauthenticate({ passkey }, session.accessToken))).toMatchObject(wrong);
  });

  test('rejects the passkey of another user, and one without user verification', async () => {
    const { session, key } = await passwordless();
    const stranger = await passwordless();
    const wrong = { code: 'INVALID_CREDENTIALS' };
    expect(await rejected(stranger.key, await askAgain(session.accessToken), session.accessToken)).toMatchObject(wrong);
    const unverified = key.sign(await askAgain(session.accessToken), { userVerified: false });
    expect(await refusal(reauthenticate({ passkey: unverified }, session.accessToken))).toMatchObject(wrong);
  });

  test('rejects a passkey on probation: it must not make a stolen session permanent', async () => {
    const person = await gateway.person();
    gateway.clock.travel(2 * 24 * 60 * 60);
    const later = await openSession(gateway, person.email);
    const { key } = await addPasskey(gateway, later);
    const { extensions } = await rejected(key, await askAgain(later.accessToken), later.accessToken);
    expect(extensions).toMatchObject({
      fields: [{ path: 'input.passkey', code: 'PASSKEY_UNCONFIRMED' }],
      retryAfter: expect.any(Number),
    });
  });

  test('takes one proof besides a code', async () => {
    const { session, key } = await passwordless();
    const passkey = key.sign(await askAgain(session.accessToken));
    const both = await refusal(reauthenticate({ passkey, password: goodPassword }, session.accessToken));
    expect(both).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await refusal(reauthenticate({}, session.accessToken))).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  test('begins in a session only', async () => {
    const query = 'mutation { beginPasskeyLogin(input: { reauthenticate: true }) { expiresAt } }';
    const codeOf = async (headers: Record<string, string>) => {
      const { errors } = await (await gateway.post({ query }, headers)).json();
      return errors?.[0].extensions.code;
    };
    expect(await codeOf({})).toBe('UNAUTHENTICATED');
    const person = await gateway.person();
    expect(await codeOf(bearer(person.accessToken))).toBe('MFA_NOT_ENABLED');
  });
});
