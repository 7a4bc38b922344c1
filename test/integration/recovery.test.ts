/** Recovery: the links in the owner's mails remove everything that an attacker added to the account. */
import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { answerOf } from '../support/gateway/answer.ts';
import { goodPassword, refusal, type SignedIn, signIn, withRefreshToken } from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  BeginLoginDocument,
  BeginTotpEnrollmentDocument,
  ChangePasswordDocument,
  ConfirmPasskeyDocument,
  ConfirmTotpEnrollmentDocument,
  DisableTotpDocument,
  DisownSessionDocument,
  FullReauthenticateDocument,
  FullRefreshDocument,
  FullRemovePasskeyDocument,
  RegenerateBackupCodesDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
} from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { askForAddress, changeAddress } from '../support/people/address-change.ts';
import { auditTrail } from '../support/people/audit.ts';
import { answer, challenge, codeAt, enrol, periodSeconds, signInTwice } from '../support/people/authenticator.ts';
import {
  addPasskey,
  askLogin,
  askRegistration,
  confirmRegistration,
  finishLogin,
  signInByPasskey,
} from '../support/people/passkeys.ts';
import { createUser, tryPassword } from '../support/people/password-attempts.ts';
import { SoftwareAuthenticator } from '../support/people/software-authenticator.ts';

const hour = 60 * 60;
const day = 24 * hour;
const newPassword = 'Carry 9 umbrellas';
const attackersPassword = 'Borrow 5 teapots';

const gateway = useGateway();

type Session = Pick<SignedIn, 'accessToken'>;

const codeOf = async (call: Promise<unknown>) => (await refusal(call)).code;
const mailed = async (to: string, subject: string) => tokenIn(await gateway.mail.take(to, subject));
const notMe = async (token: string) =>
  (await gateway.send(DisownSessionDocument, { input: { token } })).disownSession.revokedCount;
const reset = async (email: string, password = newPassword) => {
  const token = await mailed(email, 'Reset your password');
  await gateway.send(ResetPasswordDocument, { input: { token, newPassword: password } });
};
const prove = async ({ accessToken }: Session, input: { password?: string; code?: string }) =>
  withRefreshToken((await gateway.send(FullReauthenticateDocument, { input }, accessToken)).reauthenticate);
const refresh = async ({ refreshToken }: SignedIn) =>
  withRefreshToken((await gateway.send(FullRefreshDocument, { input: { refreshToken } })).refresh);
const removePasskey = ({ accessToken }: Session, id: string) =>
  gateway.send(FullRemovePasskeyDocument, { input: { id } }, accessToken);
const disableApp = ({ accessToken }: Session, code: string) =>
  gateway.send(DisableTotpDocument, { input: { code } }, accessToken);

async function addApp({ accessToken }: Session) {
  const { beginTotpEnrollment: offer } = await gateway.send(BeginTotpEnrollmentDocument, { input: {} }, accessToken);
  const code = () => codeAt(offer.secret, gateway.clock.now());
  const { confirmTotpEnrollment } = await gateway.send(
    ConfirmTotpEnrollmentDocument,
    { input: { code: code() } },
    accessToken,
  );
  gateway.clock.travel(periodSeconds);
  return { code, backupCodes: confirmTotpEnrollment.backupCodes };
}

/** Signs in a minute after the last step. */
async function signInLater(email: string, password = goodPassword): Promise<SignedIn> {
  gateway.clock.travel(60);
  return signIn(gateway, email, password);
}

/** An account whose first day is over. */
async function oldUser(): Promise<string> {
  const email = await createUser(gateway);
  await signIn(gateway, email);
  gateway.clock.travel(2 * day);
  return email;
}

async function auditedFor(userId: string, action: string) {
  return (await auditTrail(gateway.database, action)).filter(({ targetId }) => targetId === userId);
}

describe('"This was not me" removes an attacker who', () => {
  test('added a passkey: the owner signs in with a new password alone, and the passkey is unknown', async () => {
    const email = await oldUser();
    const attackerSession = await signInLater(email);
    const { key } = await addPasskey(gateway, attackerSession);
    expect(await notMe(await mailed(email, 'A second factor was added'))).toBe(1);
    const { text } = await gateway.mail.take(email, 'Your account was secured');
    expect(text).toMatch(/one passkey, backup codes/);
    expect(text).toMatch(/password no longer works/);
    expect((await tryPassword(gateway, email, { password: goodPassword })).code).toBe('INVALID_CREDENTIALS');
    await reset(email);
    expect((await signIn(gateway, email, newPassword)).session.assurance).toBe('AAL1');
    gateway.clock.travel(2 * day);
    expect(await codeOf(signInByPasskey(gateway, key))).toBe('INVALID_CREDENTIALS');
    const [recovered] = await auditedFor(attackerSession.viewer.id, 'account.recovered');
    expect(recovered?.details).toMatchObject({ sessions: 1, passkeys: 1, backupCodes: true, password: true });
    expect(recovered?.sessionId).toBe(attackerSession.session.id);
  });

  test('added an authenticator app, with backup codes', async () => {
    const email = await oldUser();
    const attackerSession = await signInLater(email);
    await addApp(attackerSession);
    expect(await notMe(await mailed(email, 'A second factor was added'))).toBe(1);
    expect((await gateway.mail.take(email, 'Your account was secured')).text).toMatch(/an authenticator app, backup/);
    await reset(email);
    expect((await signIn(gateway, email, newPassword)).session.assurance).toBe('AAL1');
    expect(await codeOf(refresh(attackerSession))).toBe('INVALID_REFRESH_TOKEN');
  });

  test('removed the owner’s TOTP secret and added another one', async () => {
    const owner = await enrol(gateway, await oldUser());
    await gateway.mail.take(owner.email, 'A second factor was added');
    const attackerSession = await signInTwice(gateway, owner);
    gateway.clock.travel(periodSeconds);
    await disableApp(attackerSession, owner.code());
    await gateway.mail.take(owner.email, 'A second factor was removed');
    await addApp(attackerSession);
    await notMe(await mailed(owner.email, 'A second factor was added'));
    await reset(owner.email);
    expect((await signIn(gateway, owner.email, newPassword)).session.assurance).toBe('AAL1');
  });

  test('created new backup codes: they are invalid, and the owner’s TOTP secret and passkey stay', async () => {
    const owner = await enrol(gateway, await oldUser());
    const { key } = await addPasskey(gateway, owner.session);
    gateway.clock.travel(2 * day);
    const attackerSession = await signInTwice(gateway, owner);
    gateway.clock.travel(periodSeconds);
    const { regenerateBackupCodes } = await gateway.send(
      RegenerateBackupCodesDocument,
      { input: { code: owner.code() } },
      attackerSession.accessToken,
    );
    await notMe(await mailed(owner.email, 'You have new backup codes'));
    await reset(owner.email);
    gateway.clock.travel(periodSeconds);
    const login = await challengeWith(owner.email, newPassword);
    expect(login.methods).toEqual(['PASSKEY', 'TOTP']);
    const [stolen = ''] = regenerateBackupCodes.backupCodes;
    expect(await codeOf(answer(gateway, login.ticket, stolen, 'BACKUP_CODE'))).toBe('INVALID_MFA_CODE');
    await answer(gateway, login.ticket, owner.code());
    expect((await signInByPasskey(gateway, key)).session.assurance).toBe('AAL2');
  });

  test('signed in with their own passkey again: those sessions are revoked, and the owner’s other session is AAL1', async () => {
    const owner = await enrol(gateway, await oldUser());
    await gateway.mail.take(owner.email, 'A second factor was added');
    const attackerSession = await signInTwice(gateway, owner);
    const { key } = await addPasskey(gateway, attackerSession);
    gateway.clock.travel(2 * day);
    const second = await signInByPasskey(gateway, key);
    const mine = await signInTwice(gateway, owner);
    expect(await notMe(await mailed(owner.email, 'A second factor was added'))).toBe(2);
    expect(await codeOf(refresh(second))).toBe('INVALID_REFRESH_TOKEN');
    const renewed = await refresh(mine);
    expect(renewed.session.assurance).toBe('AAL1');
    expect(decodeJwt(renewed.accessToken)).toMatchObject({ acr: 'AAL1', amr: ['pwd'] });
  });

  test('changed the password: the mail about it restores the account', async () => {
    const email = await oldUser();
    const { accessToken } = await signInLater(email);
    const input = { currentPassword: goodPassword, newPassword: attackersPassword };
    await gateway.send(ChangePasswordDocument, { input }, accessToken);
    await notMe(await mailed(email, 'Your password was changed'));
    expect((await tryPassword(gateway, email, { password: attackersPassword })).code).toBe('INVALID_CREDENTIALS');
    await reset(email);
    await signIn(gateway, email, newPassword);
  });

  test('added a passkey and then changed the address', async () => {
    const email = await oldUser();
    const attackerSession = await signInLater(email);
    const { key } = await addPasskey(gateway, attackerSession);
    gateway.clock.travel(60);
    const { noticeToken } = await changeAddress(gateway, attackerSession, email, `taken-${email}`);
    await notMe(noticeToken);
    gateway.clock.travel(2 * day);
    expect(await codeOf(signInByPasskey(gateway, key))).toBe('INVALID_CREDENTIALS');
    await gateway.send(RequestPasswordResetDocument, { input: { email } });
    await reset(email);
    expect((await signIn(gateway, email, newPassword)).viewer.email).toBe(email);
  });

  test('added a passkey and only requested another address', async () => {
    const email = await oldUser();
    const attackerSession = await signInLater(email);
    const { key } = await addPasskey(gateway, attackerSession);
    gateway.clock.travel(60);
    await askForAddress(gateway, attackerSession, `asked-${email}`);
    await notMe(await mailed(email, 'Your e-mail address is about to change'));
    gateway.clock.travel(2 * day);
    expect(await codeOf(signInByPasskey(gateway, key))).toBe('INVALID_CREDENTIALS');
  });

  test('has a pending registration of a passkey and a pending TOTP enrolment in another session', async () => {
    const email = await oldUser();
    const first = await signInLater(email);
    const second = await signInLater(email);
    const key = new SoftwareAuthenticator();
    const response = key.register(await askRegistration(gateway, second));
    const offer = await gateway.send(BeginTotpEnrollmentDocument, { input: {} }, second.accessToken);
    await gateway.send(
      ChangePasswordDocument,
      { input: { currentPassword: goodPassword, newPassword: attackersPassword } },
      first.accessToken,
    );
    await notMe(await mailed(email, 'Your password was changed'));
    const late = [
      confirmRegistration(gateway, second, response),
      gateway.send(
        ConfirmTotpEnrollmentDocument,
        { input: { code: codeAt(offer.beginTotpEnrollment.secret, gateway.clock.now()) } },
        second.accessToken,
      ),
    ];
    await Promise.all(late.map(refusal));
    await reset(email);
    expect((await signIn(gateway, email, newPassword)).session.assurance).toBe('AAL1');
  });
});

async function challengeWith(email: string, password: string) {
  return challenge(gateway, email, { password });
}

describe('A passkey added after the first day of the account', () => {
  test('signs in alone after 24 hours only, and with the password at once', async () => {
    const email = await oldUser();
    const { key, passkey } = await addPasskey(gateway, await signInLater(email));
    expect(passkey.aloneFrom).toBe(new Date(gateway.clock.now().getTime() + day * 1000).toISOString());
    const early = await refusal(signInByPasskey(gateway, key));
    expect(early).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      extensions: { retryAfter: day, fields: [{ path: 'input.response', code: 'PASSKEY_UNCONFIRMED' }] },
    });
    const { ticket } = await challenge(gateway, email);
    expect((await signInByPasskey(gateway, key, { ticket })).session.assurance).toBe('AAL2');
    gateway.clock.travel(day - 1);
    expect(await codeOf(signInByPasskey(gateway, key))).toBe('INVALID_CREDENTIALS');
    gateway.clock.travel(1);
    expect((await signInByPasskey(gateway, key)).session).toMatchObject({ assurance: 'AAL2', methods: ['PASSKEY'] });
  });

  test('signs in alone after its mail was confirmed, and a second confirmation gets the same response', async () => {
    const email = await oldUser();
    const session = await signInLater(email);
    const { key } = await addPasskey(gateway, session);
    const token = await mailed(email, 'Confirm your new passkey');
    for (const _ of [1, 2]) {
      const { confirmPasskey } = await gateway.send(ConfirmPasskeyDocument, { input: { token } });
      expect(confirmPasskey.confirmed).toBe(true);
    }
    expect((await signInByPasskey(gateway, key)).session.assurance).toBe('AAL2');
    expect(await auditedFor(session.viewer.id, 'passkey.confirmed')).toHaveLength(1);
  });

  test('reveals its state only to a caller that can sign with it', async () => {
    const email = await oldUser();
    const { key } = await addPasskey(gateway, await signInLater(email));
    const tampered = await refusal(signInByPasskey(gateway, key, { tamper: true }));
    const unknown = await refusal(
      finishLogin(gateway, new SoftwareAuthenticator().sign(await askLogin(gateway), { userHandle: null })),
    );
    for (const { extensions } of [tampered, unknown]) {
      expect(Object.keys(extensions).toSorted()).toEqual(['code', 'requestId']);
    }
  });

  test('by an attacker waits another day after the owner resets the password', async () => {
    const email = await oldUser();
    const { key } = await addPasskey(gateway, await signInLater(email));
    gateway.clock.travel(day - hour);
    await gateway.send(RequestPasswordResetDocument, { input: { email } });
    await reset(email);
    gateway.clock.travel(2 * hour);
    expect(await codeOf(signInByPasskey(gateway, key))).toBe('INVALID_CREDENTIALS');
  });

  test.each(['', 'x'.repeat(43), 'never mailed'])('is not confirmed by the token %j', async (token) => {
    expect(await codeOf(gateway.send(ConfirmPasskeyDocument, { input: { token } }))).toBe('INVALID_TOKEN');
  });

  test('on the first day needs no confirmation', async () => {
    const email = await createUser(gateway);
    const { key, passkey } = await addPasskey(gateway, await signIn(gateway, email));
    expect(passkey.aloneFrom).toBeNull();
    await signInByPasskey(gateway, key);
  });
});

describe('A session is AAL2 for as long as the factor that proved it exists:', () => {
  test('a removed TOTP secret proves nothing when the owner enrols another later', async () => {
    const email = await oldUser();
    const attacker = await signInLater(email);
    const app = await addApp(attacker);
    await disableApp(attacker, app.backupCodes[0] ?? '');
    const owner = await signInLater(email);
    await addApp(owner);
    expect(await codeOf(prove(attacker, { password: goodPassword }))).toBe('UNAUTHENTICATED');
    expect(await codeOf(refresh(attacker))).toBe('INVALID_REFRESH_TOKEN');
    expect(await codeOf(askRegistration(gateway, attacker))).toBe('UNAUTHENTICATED');
  });

  test('the first factor revokes the other sessions, and a second factor revokes none', async () => {
    const email = await oldUser();
    const other = await signInLater(email);
    const mine = await signInLater(email);
    const app = await addApp(mine);
    expect(await codeOf(refresh(other))).toBe('INVALID_REFRESH_TOKEN');
    const third = await answer(gateway, (await challenge(gateway, email)).ticket, app.code());
    await addPasskey(gateway, mine);
    await refresh(third);
  });

  test('the removal of a factor demotes its sessions only, in tokens and in the list', async () => {
    const owner = await enrol(gateway, await oldUser());
    const { key, passkey } = await addPasskey(gateway, owner.session);
    const { ticket } = await challenge(gateway, owner.email);
    const byPasskey = await signInByPasskey(gateway, key, { ticket });
    await removePasskey(owner.session, passkey.id);
    const demoted = await refresh(byPasskey);
    expect(demoted.session).toMatchObject({ assurance: 'AAL1', methods: ['PASSWORD'] });
    expect(decodeJwt(demoted.accessToken)).toMatchObject({ acr: 'AAL1', amr: ['pwd'] });
    expect(await codeOf(gateway.send(BeginTotpEnrollmentDocument, { input: {} }, demoted.accessToken))).toBe(
      'REAUTHENTICATION_REQUIRED',
    );
    expect((await refresh(owner.session)).session.assurance).toBe('AAL2');
    expect((await prove(demoted, { code: owner.code() })).session.assurance).toBe('AAL2');
  });

  test('a session that proved two factors keeps its level while one of them exists', async () => {
    const owner = await enrol(gateway, await oldUser());
    const { passkey } = await addPasskey(gateway, owner.session);
    await removePasskey(owner.session, passkey.id);
    expect((await refresh(owner.session)).session).toMatchObject({ assurance: 'AAL2', methods: ['PASSWORD', 'TOTP'] });
  });

  test('a backup code proves until its set is replaced, and longer in the session that replaced it', async () => {
    const owner = await enrol(gateway, await oldUser());
    const [first = '', second = '', third = ''] = owner.backupCodes;
    const one = await answer(gateway, (await challenge(gateway, owner.email)).ticket, first, 'BACKUP_CODE');
    const other = await answer(gateway, (await challenge(gateway, owner.email)).ticket, second, 'BACKUP_CODE');
    await gateway.send(RegenerateBackupCodesDocument, { input: { code: third } }, one.accessToken);
    expect((await refresh(other)).session).toMatchObject({ assurance: 'AAL1', methods: ['PASSWORD'] });
  });

  test('the removal of the last factor demotes every session', async () => {
    const owner = await enrol(gateway, await oldUser());
    const other = await answer(
      gateway,
      (await challenge(gateway, owner.email)).ticket,
      owner.backupCodes[0] ?? '',
      'BACKUP_CODE',
    );
    await disableApp(owner.session, owner.code());
    for (const session of [owner.session, other]) expect((await refresh(session)).session.assurance).toBe('AAL1');
  });
});

describe('A changed password', () => {
  test('drops known devices, and gives the current one a new token', async () => {
    const email = await oldUser();
    const stolen = (await signInLater(email)).deviceToken ?? '';
    const mine = await signInLater(email);
    gateway.clock.travel(1);
    const { changePassword } = await gateway.send(
      ChangePasswordDocument,
      { input: { currentPassword: goodPassword, newPassword } },
      mine.accessToken,
    );
    for (let guess = 0; guess < 5; guess += 1) await tryPassword(gateway, email);
    const from = (deviceToken: string) =>
      tryPassword(gateway, email, { password: newPassword, headers: { 'x-device-token': deviceToken } });
    expect((await from(stolen)).code).toBe('TOO_MANY_ATTEMPTS');
    expect((await from(mine.deviceToken ?? '')).code).toBe('TOO_MANY_ATTEMPTS');
    expect((await from(changePassword.deviceToken ?? '')).code).toBe('signed in');
  });
});

describe('Known devices', () => {
  test('are the twenty of the latest sign-ins', async () => {
    const email = await createUser(gateway);
    const tokens: string[] = [];
    for (let device = 0; device < 21; device += 1) {
      gateway.clock.travel(1);
      tokens.push((await signIn(gateway, email)).deviceToken ?? '');
    }
    for (let guess = 0; guess < 5; guess += 1) await tryPassword(gateway, email);
    const from = (token = '') =>
      tryPassword(gateway, email, { password: goodPassword, headers: { 'x-device-token': token } });
    expect((await from(tokens[0])).code).toBe('TOO_MANY_ATTEMPTS');
    expect((await from(tokens[1])).code).toBe('signed in');
  });

  test('can complete the second step during an attacker’s lockout', async () => {
    const owner = await enrol(gateway, await oldUser());
    for (let guess = 0; guess < 10; guess += 1) {
      const { ticket } = await challenge(gateway, owner.email);
      await codeOf(answer(gateway, ticket, 'wrong code'));
    }
    const { ticket } = await challenge(gateway, owner.email);
    expect(await codeOf(answer(gateway, ticket, owner.code()))).toBe('TOO_MANY_ATTEMPTS');
    const input = { email: owner.email, password: goodPassword };
    const body = bodyOf(BeginLoginDocument, { input });
    const sent = gateway.post(body, { 'x-device-token': owner.session.deviceToken ?? '' });
    const known: { data: { login: { ticket: string } } } = JSON.parse((await answerOf(sent)).text);
    expect((await answer(gateway, known.data.login.ticket, owner.code())).session.assurance).toBe('AAL2');
    await gateway.send(RequestPasswordResetDocument, { input: { email: owner.email } });
    await reset(owner.email);
    const again = await challengeWith(owner.email, newPassword);
    expect(await codeOf(answer(gateway, again.ticket, owner.code(1)))).toBe('TOO_MANY_ATTEMPTS');
  });
});
