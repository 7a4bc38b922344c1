/** Several registrations of one address: the owner's click never confirms a password that an attacker chose. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { describe, expect, test } from 'vitest';
import { newAddress, refusal, registerUser, signIn } from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  FullLoginDocument,
  RegisterDocument,
  RequestPasswordResetDocument,
  ResendVerificationEmailDocument,
  ResetPasswordDocument,
  VerifyEmailDocument,
} from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { takeAll } from '../support/mail/mailbox.ts';
import { atOnce, codesOf } from '../support/races/at-once.ts';

const own = 'Own 7 bright lanterns';
const foreign = 'Foreign 7 dark lanterns';
const chosen = 'Chosen 8 new lanterns';

const gateway = useGateway({ TRUSTED_PROXIES: '127.0.0.1/32', LOCKOUT: '5/15m' });

async function post<Input>(
  document: TypedDocumentNode<unknown, { input: Input }>,
  input: Input,
  ipAddress: string,
): Promise<void> {
  gateway.clock.travel(1);
  const response = await gateway.post(bodyOf(document, { input }), { 'x-forwarded-for': ipAddress });
  expect(response.status).toBe(200);
}
const register = (email: string, password: string, ipAddress: string) =>
  post(RegisterDocument, { email, password }, ipAddress);
const verify = (token: string) => gateway.send(VerifyEmailDocument, { input: { token } });
const login = (email: string, password: string) => gateway.send(FullLoginDocument, { input: { email, password } });

async function expectNoPassword(email: string): Promise<void> {
  for (const password of [own, foreign]) {
    expect(await refusal(login(email, password))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  }
}

async function expectChoiceByMail(email: string) {
  const mail = await gateway.mail.take(email);
  expect(mail.subject).toBe('Choose a password');
  await gateway.send(ResetPasswordDocument, { input: { token: tokenIn(mail), newPassword: chosen } });
  expect((await signIn(gateway, email, chosen)).viewer.email).toBe(email);
}

describe('a confirmed contested registration', () => {
  test('has neither password, and its owner chooses one by the mailed link', async () => {
    const email = newAddress();
    await register(email, own, '192.0.2.1');
    const token = tokenIn(await gateway.mail.take(email));
    await register(email, foreign, '198.51.100.7');
    await gateway.mail.take(email);
    expect(await verify(token)).toEqual({ verifyEmail: { verified: true } });
    await expectNoPassword(email);
    await expectChoiceByMail(email);
  });

  test('stays contested after the other one expired', async () => {
    const email = newAddress();
    await register(email, own, '192.0.2.1');
    await gateway.mail.take(email);
    gateway.clock.travel(23 * 3600);
    await register(email, foreign, '198.51.100.7');
    const token = tokenIn(await gateway.mail.take(email));
    gateway.clock.travel(2 * 3600);
    await verify(token);
    await expectNoPassword(email);
  });

  test('is contested by a registration with a withheld mail', async () => {
    const email = newAddress();
    await register(email, foreign, '198.51.100.7');
    for (let i = 0; i < 2; i += 1) await post(ResendVerificationEmailDocument, { email }, '198.51.100.7');
    const [first] = await takeAll(gateway, email);
    await register(email, own, '198.51.100.7');
    await verify(first ? tokenIn(first) : '');
    await expectNoPassword(email);
  });

  test('has its password when the same password was registered twice', async () => {
    const email = newAddress();
    await register(email, own, '192.0.2.1');
    const token = tokenIn(await gateway.mail.take(email));
    await register(email, own, '192.0.2.1');
    await verify(token);
    expect((await signIn(gateway, email, own)).viewer.email).toBe(email);
  });

  test('has no password when two links are followed at once', async () => {
    const email = newAddress();
    await register(email, own, '192.0.2.1');
    await register(email, foreign, '198.51.100.7');
    const tokens = (await takeAll(gateway, email)).map(tokenIn);
    const answers = await atOnce(2, (caller) => verify(tokens[caller] ?? ''));
    expect(codesOf(answers)).toEqual({ INVALID_TOKEN: 1 });
    await expectNoPassword(email);
  });
});

describe('a repeated request for the confirmation mail', () => {
  test('with a password renews its registration, and names the origin of it', async () => {
    const email = newAddress();
    await register(email, own, '192.0.2.1');
    const first = tokenIn(await gateway.mail.take(email));
    await register(email, foreign, '198.51.100.7');
    await gateway.mail.take(email);
    await post(ResendVerificationEmailDocument, { email, password: own }, '203.0.113.9');
    const mail = await gateway.mail.take(email);
    expect(mail.text).toContain('192.0.2.1');
    expect(mail.text).not.toContain('203.0.113.9');
    expect(await refusal(verify(first))).toMatchObject({ code: 'INVALID_TOKEN' });
    await verify(tokenIn(mail));
  });

  test('without a password sends the link of the oldest again, with the same expiry', async () => {
    const email = newAddress();
    await register(email, own, '192.0.2.1');
    const token = tokenIn(await gateway.mail.take(email));
    await register(email, foreign, '198.51.100.7');
    await gateway.mail.take(email);
    gateway.clock.travel(12 * 3600);
    await post(ResendVerificationEmailDocument, { email }, '203.0.113.9');
    const again = await gateway.mail.take(email);
    expect(tokenIn(again)).toBe(token);
    expect(again.text).toContain('192.0.2.1');
    gateway.clock.travel(12 * 3600);
    expect(await refusal(verify(token))).toMatchObject({ code: 'INVALID_TOKEN' });
  });

  test('with an unknown password sends nothing', async () => {
    const email = newAddress();
    await register(email, foreign, '198.51.100.7');
    await gateway.mail.take(email);
    await post(ResendVerificationEmailDocument, { email, password: own }, '192.0.2.1');
    expect(await takeAll(gateway, email)).toEqual([]);
  });
});

test('from attackers who use up their mails does not affect the registration and the mail of another network', async () => {
  const email = newAddress();
  for (const last of '123') await register(email, `${foreign} ${last}`, '198.51.100.7');
  expect(await takeAll(gateway, email)).toHaveLength(3);
  await register(email, own, '192.0.2.1');
  const mail = await gateway.mail.take(email);
  expect(mail.text).toContain('192.0.2.1');
  await verify(tokenIn(mail));
  await expectNoPassword(email);
});

test('with the password of one registration does not clear wrong guesses at another', async () => {
  const email = newAddress();
  await register(email, own, '192.0.2.1');
  await register(email, foreign, '198.51.100.7');
  const codes: string[] = [];
  for (let guess = 0; guess < 24; guess += 1) {
    codes.push((await refusal(login(email, `Guess ${guess} of lanterns`))).code);
    if (guess % 4 === 3) await refusal(login(email, foreign));
  }
  expect(codes.filter((code) => code === 'INVALID_CREDENTIALS')).toHaveLength(5);
  expect(await refusal(login(email, own))).toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
});

test('a password reset for a pending registration sends its confirmation again', async () => {
  const email = newAddress();
  await register(email, own, '192.0.2.1');
  const token = tokenIn(await gateway.mail.take(email));
  await post(RequestPasswordResetDocument, { email }, '192.0.2.1');
  expect(tokenIn(await gateway.mail.take(email))).toBe(token);
});

test.each([
  { link: 'the repeated mail', registersAgain: false },
  { link: 'a later registration with the same password', registersAgain: true },
])(
  'after a password reset, the link of $link does not confirm the password of an attacker',
  async ({ registersAgain }) => {
    const email = newAddress();
    await register(email, foreign, '198.51.100.7');
    await gateway.mail.take(email);
    await post(RequestPasswordResetDocument, { email }, '192.0.2.1');
    let token = tokenIn(await gateway.mail.take(email));
    if (registersAgain) {
      await register(email, foreign, '198.51.100.7');
      token = tokenIn(await gateway.mail.take(email));
    }
    expect(await verify(token)).toEqual({ verifyEmail: { verified: true } });
    await expectNoPassword(email);
    await expectChoiceByMail(email);
  },
);

test('register and a password reset mail the owner of a deleted account the date of its purge', async () => {
  const email = await registerUser(gateway);
  await gateway.database.query(`update users set status = 'DELETED', deleted_at = $2 where email = $1`, [
    email,
    gateway.clock.now(),
  ]);
  for (const ask of [
    () => register(email, own, '192.0.2.1'),
    () => post(RequestPasswordResetDocument, { email }, '192.0.2.1'),
  ]) {
    await ask();
    const mail = await gateway.mail.take(email);
    expect(mail.subject).toBe('Your account is deleted');
    expect(mail.text).toMatch(/until \d+ \w+ \d{4}/);
    expect(mail.text).not.toContain('#token=');
  }
});

test('a link followed twice gives one response within a minute, and one effect', async () => {
  const email = newAddress();
  await register(email, own, '192.0.2.1');
  const token = tokenIn(await gateway.mail.take(email));
  const answers = await atOnce(5, () => verify(token));
  expect(codesOf(answers)).toEqual({});
  expect(await gateway.database.query('select id from users where email = $1', [email])).toHaveLength(1);
  gateway.clock.travel(58);
  expect(await verify(token)).toEqual({ verifyEmail: { verified: true } });
  gateway.clock.travel(3);
  expect(await refusal(verify(token))).toMatchObject({ code: 'INVALID_TOKEN' });
});
