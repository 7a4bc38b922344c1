/** The reset of a password: neutral responses, valid links, and revoked sessions. */
import { describe, expect, test } from 'vitest';
import { hashMailToken } from '../../src/security/tokens/mail-tokens.ts';
import { answerOf, comparable } from '../support/gateway/answer.ts';
import { goodPassword, lockoutOff, newAddress, refusal, registerUser, signIn } from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  FullViewerDocument,
  PasswordLinkDocument,
  RegisterDocument,
  RequestEmailChangeDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
  VerifyEmailDocument,
} from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { auditTrail } from '../support/people/audit.ts';

const nextPassword = 'Marble 8 galaxies';

const gateway = useGateway(lockoutOff);

const request = (email: string) => gateway.send(RequestPasswordResetDocument, { input: { email } });
const reset = (token: string, newPassword = nextPassword) =>
  gateway.send(ResetPasswordDocument, { input: { token, newPassword } });

async function resetToken(email: string): Promise<string> {
  await request(email);
  return tokenIn(await gateway.mail.take(email, 'Reset your password'));
}

test('the link leads to the app, whatever host the request names', async () => {
  const email = await registerUser(gateway);
  await gateway.post(bodyOf(RequestPasswordResetDocument, { input: { email } }), {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    origin: 'https://evil.example',
  });
  const mail = await gateway.mail.take(email, 'Reset your password');
  expect(mail.text).toContain('https://app.example.com/reset-password#token=');
  expect(mail.text).not.toContain('evil');
});

test('the response is the same for a known, unknown and pending address, and beyond the mail limit', async () => {
  const known = await registerUser(gateway);
  const pending = newAddress();
  await gateway.send(RegisterDocument, { input: { email: pending, password: goodPassword } });
  const limited = await registerUser(gateway);
  for (let mail = 0; mail < 4; mail += 1) await request(limited);
  const answers = await Promise.all(
    [known, newAddress(), pending, limited].map((email) =>
      answerOf(gateway.post(bodyOf(RequestPasswordResetDocument, { input: { email } }))),
    ),
  );
  expect(new Set(answers.map((answer) => `${answer.status} ${comparable(answer)}`)).size).toBe(1);
});

test('a reset sets the password, revokes every session, notifies the owner and is recorded', async () => {
  const email = await registerUser(gateway);
  const sessions = [await signIn(gateway, email), await signIn(gateway, email)];
  await expect(reset(await resetToken(email))).resolves.toEqual({ resetPassword: { reset: true } });
  for (const { accessToken } of sessions) {
    const { extensions } = await refusal(gateway.send(FullViewerDocument, {}, accessToken));
    expect(extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'SESSION_REVOKED' });
  }
  expect((await refusal(signIn(gateway, email))).code).toBe('INVALID_CREDENTIALS');
  const { viewer } = await signIn(gateway, email, nextPassword);
  await gateway.mail.take(email, 'Your password was changed');
  const [entry] = (await auditTrail(gateway.database, 'password.set')).filter(({ actorId }) => actorId === viewer.id);
  expect(entry).toMatchObject({ outcome: 'SUCCESS', details: { through: 'reset' } });
});

test('a token without a user is invalid', async () => {
  const token = await resetToken(await registerUser(gateway));
  const change = 'update mail_tokens set user_id = gen_random_uuid() where token_hash = $1 returning id';
  expect(await gateway.database.query(change, [hashMailToken(token)])).toHaveLength(1);
  expect((await refusal(reset(token))).code).toBe('INVALID_TOKEN');
});

test('of two links the older one is invalid, and neither works twice', async () => {
  const email = await registerUser(gateway);
  const older = await resetToken(email);
  const newer = await resetToken(email);
  expect((await refusal(reset(older))).code).toBe('INVALID_TOKEN');
  await reset(newer);
  expect((await refusal(reset(newer, 'Another 5 harbours'))).code).toBe('INVALID_TOKEN');
});

test('a refused password does not use up the link', async () => {
  const email = await registerUser(gateway);
  const token = await resetToken(email);
  for (const weak of ['short', 'Password1!', `Aa1!${'a'.repeat(125)}`, goodPassword]) {
    expect((await refusal(reset(token, weak))).code).toBe('BAD_USER_INPUT');
  }
  await reset(token);
  await signIn(gateway, email, nextPassword);
});

test('a link is valid for an hour', async () => {
  const email = await registerUser(gateway);
  const token = await resetToken(email);
  gateway.clock.travel(3600);
  expect((await refusal(reset(token))).code).toBe('INVALID_TOKEN');
});

describe('the account of a link', () => {
  const accountOf = async (token: string) =>
    (await gateway.send(PasswordLinkDocument, { token })).passwordLink?.email ?? null;

  test('is named as often as the page is opened, and the link stays valid', async () => {
    const email = await registerUser(gateway);
    const token = await resetToken(email);
    for (let visit = 0; visit < 10; visit += 1) expect(await accountOf(token)).toBe(email);
    await reset(token);
    expect(await accountOf(token)).toBeNull();
  });

  test('is not named for an expired link, a deleted account, another kind of link or another text', async () => {
    const expired = await resetToken(await registerUser(gateway));
    gateway.clock.travel(3600);
    const deleted = await registerUser(gateway);
    const orphaned = await resetToken(deleted);
    await gateway.database.query("update users set status = 'DELETED', deleted_at = now() where email = $1", [deleted]);
    const pending = newAddress();
    await gateway.send(RegisterDocument, { input: { email: pending, password: goodPassword } });
    const confirmation = tokenIn(await gateway.mail.take(pending));
    for (const token of [expired, orphaned, confirmation, '', 'A'.repeat(43), `${'A'.repeat(42)}\u0000`])
      expect(await accountOf(token)).toBeNull();
  });
});

describe('the last five passwords', () => {
  const passwords = [
    'Amber 1 lighthouse',
    'Birch 2 telescope',
    'Cedar 3 accordion',
    'Dune 4 caravan',
    'Ember 5 glacier',
  ];

  test('must not be reused, the current one included; the sixth may', async () => {
    const email = await registerUser(gateway, newAddress(), goodPassword);
    const change = async (password: string) => {
      gateway.clock.travel(3601);
      await reset(await resetToken(email), password);
    };
    for (const password of passwords) await change(password);
    gateway.clock.travel(3601);
    const token = await resetToken(email);
    for (const password of passwords) {
      const { code, extensions } = await refusal(reset(token, password));
      expect(code).toBe('BAD_USER_INPUT');
      expect(extensions.fields).toEqual([expect.objectContaining({ path: 'input.newPassword', code: 'REUSED' })]);
    }
    // The sixth password from the end.
    await reset(token, goodPassword);
    await signIn(gateway, email, goodPassword);
  });
});

describe('invalid tokens', () => {
  test.each(['', 'x', 'a'.repeat(43), 'a'.repeat(100), '%00', "' or 1=1 --"])('%j is refused', async (token) => {
    expect((await refusal(reset(token))).code).toBe('INVALID_TOKEN');
  });

  test('a token of another kind is refused here, and this kind elsewhere', async () => {
    const pending = newAddress();
    await gateway.send(RegisterDocument, { input: { email: pending, password: goodPassword } });
    const verification = tokenIn(await gateway.mail.take(pending));
    expect((await refusal(reset(verification))).code).toBe('INVALID_TOKEN');

    const email = await registerUser(gateway);
    const session = await signIn(gateway, email);
    const newEmail = newAddress();
    await gateway.send(RequestEmailChangeDocument, { input: { newEmail } }, session.accessToken);
    const change = tokenIn(await gateway.mail.take(newEmail));
    const notMe = tokenIn(await gateway.mail.take(email, 'Your e-mail address is about to change'));
    for (const token of [change, notMe]) expect((await refusal(reset(token))).code).toBe('INVALID_TOKEN');

    const token = await resetToken(email);
    const elsewhere = gateway.send(VerifyEmailDocument, { input: { token } });
    expect((await refusal(elsewhere)).code).toBe('INVALID_TOKEN');
    await reset(token);
  });
});
