/** Attacks that survive a recovery: each is closed, whichever mail the owner follows. */
import { expect, test } from 'vitest';
import { goodPassword, refusal, type SignedIn, signIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  BeginTotpEnrollmentDocument,
  DisownSessionDocument,
  FullRefreshDocument,
  FullViewerDocument,
  RegenerateBackupCodesDocument,
  RequestEmailChangeDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
} from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { changeAddress } from '../support/people/address-change.ts';
import { answer, challenge, enrol, periodSeconds } from '../support/people/authenticator.ts';
import { addPasskey, askRegistration, signInByPasskey } from '../support/people/passkeys.ts';
import { createUser, tryPassword } from '../support/people/password-attempts.ts';

const day = 24 * 60 * 60;
const newPassword = 'Carry 9 umbrellas';
const subjects = { signIn: 'A new sign-in to your account', factor: 'A second factor was added' };

const gateway = useGateway();

const codeOf = async (call: Promise<unknown>) => (await refusal(call)).code;
const mailed = async (to: string, subject: string) => tokenIn(await gateway.mail.take(to, subject));
const notMe = (token: string) => gateway.send(DisownSessionDocument, { input: { token } });
const reset = (token: string) => gateway.send(ResetPasswordDocument, { input: { token, newPassword } });
const refresh = ({ refreshToken }: SignedIn) => gateway.send(FullRefreshDocument, { input: { refreshToken } });

/** An account after its first day, and its address. */
async function oldUser(): Promise<string> {
  const email = await createUser(gateway);
  await signIn(gateway, email);
  gateway.clock.travel(2 * day);
  return email;
}

/** Signs in a minute later with a browser that is new to the account. */
async function signInAsAttacker(email: string): Promise<SignedIn> {
  gateway.clock.travel(60);
  return signIn(gateway, email);
}

/** The owner gets a mail about the session, as from an unknown network. */
async function moveAway(): Promise<void> {
  await gateway.database.query(`update token_families set network = '198.51.100.0/24'`);
}

/** The kinds of all mails so far. */
async function kindsOfMails(): Promise<string[]> {
  const rows = await gateway.database.query<{ kind: string }>('select kind from outbox_mails order by created_at, id');
  return rows.map(({ kind }) => kind);
}

test('the mail about the sign-in restores an address that was changed after it', async () => {
  const email = await oldUser();
  await moveAway();
  const attackerSession = await signInAsAttacker(email);
  const token = await mailed(email, subjects.signIn);
  const other = `taken-${email}`;
  await changeAddress(gateway, attackerSession, email, other);
  const before = (await kindsOfMails()).length;
  await notMe(token);
  expect((await kindsOfMails()).slice(before).toSorted()).toEqual(['account_recovered', 'password_reset']);
  await gateway.mail.take(email, 'Your account was secured');
  await reset(await mailed(email, 'Reset your password'));
  expect((await signIn(gateway, email, newPassword)).viewer.email).toBe(email);
  expect((await tryPassword(gateway, other, { password: newPassword })).code).toBe('INVALID_CREDENTIALS');
});

test('links mailed to the attacker’s address have no effect after the owner restored the address', async () => {
  const email = await oldUser();
  const attackerSession = await signInAsAttacker(email);
  const other = `taken-${email}`;
  const { noticeToken } = await changeAddress(gateway, attackerSession, email, other);
  gateway.clock.travel(60);
  await addPasskey(gateway, attackerSession);
  const theirs = await mailed(other, subjects.factor);
  await gateway.send(RequestPasswordResetDocument, { input: { email: other } });
  const theirReset = await mailed(other, 'Reset your password');
  await notMe(noticeToken);
  await reset(await mailed(email, 'Reset your password'));
  const owner = await signIn(gateway, email, newPassword);
  const { key } = await addPasskey(gateway, owner);
  expect(await codeOf(notMe(theirs))).toBe('INVALID_TOKEN');
  expect(await codeOf(reset(theirReset))).toBe('INVALID_TOKEN');
  gateway.clock.travel(2 * day);
  await signInByPasskey(gateway, key);
});

test('a change by the owner before the mail stays', async () => {
  const email = await oldUser();
  const present = `present-${email}`;
  await changeAddress(gateway, await signInAsAttacker(email), email, present);
  await moveAway();
  gateway.clock.travel(60);
  await signInAsAttacker(present);
  await notMe(await mailed(present, subjects.signIn));
  await reset(await mailed(present, 'Reset your password'));
  expect((await signIn(gateway, present, newPassword)).viewer.email).toBe(present);
});

test('a report of a sign-in with the attacker’s passkey removes the passkey, the password and the session that added it', async () => {
  const email = await oldUser();
  const first = await signInAsAttacker(email);
  const { key } = await addPasskey(gateway, first);
  gateway.clock.travel(2 * day);
  await moveAway();
  const second = await signInByPasskey(gateway, key);
  await notMe(await mailed(email, subjects.signIn));
  for (const session of [first, second]) expect(await codeOf(refresh(session))).toBe('INVALID_REFRESH_TOKEN');
  expect(await codeOf(signInByPasskey(gateway, key))).toBe('INVALID_CREDENTIALS');
  expect((await tryPassword(gateway, email, { password: goodPassword })).code).toBe('INVALID_CREDENTIALS');
});

test('a passkey of the owner older than a week stays', async () => {
  const email = await oldUser();
  const { key } = await addPasskey(gateway, await signIn(gateway, email));
  gateway.clock.travel(8 * day);
  await moveAway();
  await signInByPasskey(gateway, key);
  await notMe(await mailed(email, subjects.signIn));
  expect((await signInByPasskey(gateway, key)).session.assurance).toBe('AAL2');
});

test('another session of the attacker cannot change the account without reauthentication', async () => {
  const email = await oldUser();
  const other = await signInAsAttacker(email);
  await moveAway();
  await signInAsAttacker(email);
  await notMe(await mailed(email, subjects.signIn));
  const { accessToken } = other;
  await gateway.send(FullViewerDocument, {}, accessToken);
  const changes = [
    () => askRegistration(gateway, other),
    () => gateway.send(BeginTotpEnrollmentDocument, { input: {} }, accessToken),
    () => gateway.send(RequestEmailChangeDocument, { input: { newEmail: `taken-${email}` } }, accessToken),
  ];
  for (const change of changes) expect(await codeOf(change())).toBe('REAUTHENTICATION_REQUIRED');
});

test('a passkey added after an address change waits its 24 hours: the new address gets no link', async () => {
  const email = await oldUser();
  const attackerSession = await signInAsAttacker(email);
  const other = `taken-${email}`;
  await changeAddress(gateway, attackerSession, email, other);
  const before = (await kindsOfMails()).length;
  const { key, passkey } = await addPasskey(gateway, attackerSession);
  expect((await kindsOfMails()).slice(before)).toEqual(['mfa_enabled']);
  expect(passkey.aloneFrom).not.toBeNull();
  expect(await codeOf(signInByPasskey(gateway, key))).toBe('INVALID_CREDENTIALS');
});

test('the session that replaced the backup codes with one of them keeps its level', async () => {
  const owner = await enrol(gateway);
  gateway.clock.travel(periodSeconds);
  const session = await signInWithCode(owner, 0);
  const [, , third = ''] = owner.backupCodes;
  await gateway.send(RegenerateBackupCodesDocument, { input: { code: third } }, session.accessToken);
  expect((await refresh(session)).refresh.session.assurance).toBe('AAL2');
});

async function signInWithCode(owner: Awaited<ReturnType<typeof enrol>>, index: number): Promise<SignedIn> {
  const { ticket } = await challenge(gateway, owner.email);
  return answer(gateway, ticket, owner.backupCodes[index] ?? '', 'BACKUP_CODE');
}
