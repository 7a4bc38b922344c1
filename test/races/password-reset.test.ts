/** One reset link used by many callers at once: it works once, for the password that was first. */
import { expect, test } from 'vitest';
import { goodPassword, lockoutOff, registerUser, signIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { RequestPasswordResetDocument, ResetPasswordDocument } from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { atOnce, codesOf, valuesOf } from '../support/races/at-once.ts';
import { raceBehindLock } from '../support/races/row-lock.ts';

const gateway = useGateway(lockoutOff);

test('a link used fifty times at once sets one password, and that password signs in', async () => {
  const email = await registerUser(gateway);
  await gateway.send(RequestPasswordResetDocument, { input: { email } });
  const token = tokenIn(await gateway.mail.take(email, 'Reset your password'));
  const passwords = Array.from({ length: 50 }, (_, caller) => `${goodPassword} ${caller}`);
  const line = { text: 'select from mail_tokens for update', values: [], waiting: 5 };
  const answers = await raceBehindLock(gateway.database, line, () =>
    atOnce(passwords.length, (caller) =>
      gateway.send(ResetPasswordDocument, { input: { token, newPassword: passwords[caller] ?? '' } }),
    ),
  );
  expect(valuesOf(answers)).toEqual([{ resetPassword: { reset: true } }]);
  expect(codesOf(answers)).toEqual({ INVALID_TOKEN: 49 });
  const signedIn = await atOnce(passwords.length, (caller) => signIn(gateway, email, passwords[caller]));
  const winner = answers.findIndex(({ error }) => error === null);
  expect(signedIn.flatMap(({ error }, caller) => (error === null ? [caller] : []))).toEqual([winner]);
  expect(await gateway.database.query(`select id from outbox_mails where kind = 'password_changed'`)).toHaveLength(1);
});
