/** One invitation accepted by many callers at once: it works once, for the password that was first. */
import { expect, test } from 'vitest';
import { goodPassword, lockoutOff, newAddress, refusal, signIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { ResetPasswordDocument } from '../support/generated/graphql.ts';
import { auditTrail } from '../support/people/audit.ts';
import { invite } from '../support/people/invite.ts';
import { atOnce, codesOf, valuesOf } from '../support/races/at-once.ts';
import { raceBehindLock } from '../support/races/row-lock.ts';

const gateway = useGateway(lockoutOff);

function accept(token: string, newPassword: string) {
  return gateway.send(ResetPasswordDocument, { input: { token, newPassword } });
}

async function userWith(email: string) {
  const [user] = await gateway.database.query<{ id: string; status: string; verified: boolean; hash: string | null }>(
    `select id, status, email_verified_at is not null as verified, password_hash as hash from users where email = $1`,
    [email],
  );
  return user;
}

test('an invitation accepted fifty times at once takes one password, and that password signs in', async () => {
  const email = newAddress();
  const token = await invite(gateway, email, 'MODERATOR');
  const passwords = Array.from({ length: 50 }, (_, caller) => `${goodPassword} ${caller}`);
  const line = { text: 'select from mail_tokens for update', values: [], waiting: 5 };
  const answers = await raceBehindLock(gateway.database, line, () =>
    atOnce(passwords.length, (caller) => accept(token, passwords[caller] ?? '')),
  );
  expect(valuesOf(answers)).toEqual([{ resetPassword: { reset: true } }]);
  expect(codesOf(answers)).toEqual({ INVALID_TOKEN: 49 });

  const user = await userWith(email);
  expect(user).toMatchObject({ status: 'ACTIVE', verified: true });
  const signedIn = await atOnce(passwords.length, (caller) => signIn(gateway, email, passwords[caller]));
  const winner = answers.findIndex(({ error }) => error === null);
  expect(signedIn.flatMap(({ error }, caller) => (error === null ? [caller] : []))).toEqual([winner]);
  expect(signedIn[winner]?.value?.viewer.id).toBe(user?.id);

  const set = (await auditTrail(gateway.database, 'password.set')).filter(({ targetId }) => targetId === user?.id);
  expect(set).toHaveLength(1);
  expect(await gateway.database.query(`select id from outbox_mails where kind = 'password_changed'`)).toHaveLength(1);
});

test('parallel weak passwords do not use up an invitation', async () => {
  const email = newAddress();
  const token = await invite(gateway, email);
  const before = await userWith(email);
  const answers = await atOnce(20, () => accept(token, 'short'));
  expect(codesOf(answers)).toEqual({ BAD_USER_INPUT: 20 });
  expect(await userWith(email)).toEqual(before);
  expect(before).toMatchObject({ status: 'INVITED', verified: false, hash: null });

  await accept(token, goodPassword);
  expect((await signIn(gateway, email)).viewer).toMatchObject({ email });
  expect(await refusal(accept(token, `${goodPassword} again`))).toMatchObject({ code: 'INVALID_TOKEN' });
});

test('a weak password beside a valid one neither uses up the invitation nor is stored', async () => {
  for (let round = 0; round < 10; round += 1) {
    const email = newAddress();
    const token = await invite(gateway, email);
    const passwords = ['short', goodPassword, 'password', 'P@ssw0rd', `${email} Aa1!`];
    const answers = await atOnce(passwords.length, (caller) => accept(token, passwords[caller] ?? ''));
    expect(answers[1]?.error).toBeNull();
    expect(valuesOf(answers)).toHaveLength(1);
    expect((await signIn(gateway, email)).viewer).toMatchObject({ email });
  }
});
