/** Authenticating a session again by a code in the mail of its user. */
import { expect, test } from 'vitest';
import { refusal } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  BeginReauthenticationCodeDocument,
  ExportMyDataDocument,
  FullReauthenticateDocument,
} from '../support/generated/graphql.ts';
import { takeAll } from '../support/mail/mailbox.ts';
import { enrol } from '../support/people/authenticator.ts';
import { codeIn, confirmationSubject, mailedCode, otherCode } from '../support/people/mail-codes.ts';
import type { Person } from '../support/people/person.ts';
import { atOnce, codesOf, valuesOf } from '../support/races/at-once.ts';

const gateway = useGateway({ RATE_LIMIT_ALLOWLIST: '127.0.0.0/8', SIGN_IN_METHODS: 'password,email-code' });

const codeOf = (call: Promise<unknown>) => refusal(call).then(({ code }) => code);
const exported = ({ accessToken }: { accessToken: string }) =>
  gateway.send(ExportMyDataDocument, { input: {} }, accessToken);

async function mailed({ email, accessToken }: Pick<Person, 'email' | 'accessToken'>) {
  const { beginReauthenticationCode: sent } = await gateway.send(BeginReauthenticationCodeDocument, {}, accessToken);
  return { ...sent, code: codeIn(await gateway.mail.take(email, confirmationSubject)) };
}

async function reauthenticate(
  { accessToken }: { accessToken: string },
  emailCode: { flow: string; code: string },
  code?: string,
) {
  const input = { emailCode: { flow: emailCode.flow, code: emailCode.code }, ...(code && { code }) };
  return (await gateway.send(FullReauthenticateDocument, { input }, accessToken)).reauthenticate;
}

test('a mail code gives a fresh authentication at AAL1, once', async () => {
  const ada = await gateway.person();
  gateway.clock.travel(11 * 60);
  expect(await codeOf(exported(ada))).toBe('REAUTHENTICATION_REQUIRED');
  const code = await mailed(ada);
  expect(code).toMatchObject({ channel: 'EMAIL', maskedTarget: `${ada.email[0]}•••@example.com` });
  const again = await reauthenticate(ada, code);
  expect(again.session).toMatchObject({ methods: ['PASSWORD', 'EMAIL_CODE'], assurance: 'AAL1' });
  await expect(exported(again)).resolves.toBeDefined();
  expect(await codeOf(reauthenticate(again, code))).toBe('INVALID_TOKEN');
});

test('a code of another session, another user or a sign-in is none', async () => {
  const ada = await gateway.person();
  const code = await mailed(ada);
  const signIn = await mailedCode(gateway, ada.email);
  expect(await codeOf(reauthenticate(await ada.signIn(), code))).toBe('INVALID_TOKEN');
  expect(await codeOf(reauthenticate(await gateway.person(), code))).toBe('INVALID_TOKEN');
  expect(await codeOf(reauthenticate(ada, signIn))).toBe('INVALID_TOKEN');
  await expect(reauthenticate(ada, code)).resolves.toBeDefined();
});

test('a wrong code names its field, and five of them end the flow', async () => {
  const ada = await gateway.person();
  const code = await mailed(ada);
  const wrong = { ...code, code: otherCode(code.code) };
  expect((await refusal(reauthenticate(ada, wrong))).extensions.fields).toEqual([
    { path: 'input.emailCode.code', code: 'WRONG_CODE', message: 'The code is wrong.' },
  ]);
  for (let guess = 1; guess < 5; guess += 1)
    expect(await codeOf(reauthenticate(ada, wrong))).toBe('INVALID_CREDENTIALS');
  expect(await codeOf(reauthenticate(ada, code))).toBe('INVALID_TOKEN');
});

test('guesses of codes are counted with those of the password, over all flows', async () => {
  const ada = await gateway.person();
  for (let flow = 0; flow < 2; flow += 1) {
    const code = await mailed(ada);
    const wrong = { ...code, code: otherCode(code.code) };
    for (let guess = 0; guess < 5; guess += 1) await refusal(reauthenticate(ada, wrong));
  }
  expect(await codeOf(reauthenticate(ada, await mailed(ada)))).toBe('TOO_MANY_ATTEMPTS');
});

test('an account with an authenticator app is recent with its code only', async () => {
  const user = await enrol(gateway);
  const session = { email: user.email, accessToken: user.session.accessToken };
  gateway.clock.travel(11 * 60);
  const code = await mailed(session);
  expect(await codeOf(reauthenticate(session, code, '000000'))).toBe('INVALID_MFA_CODE');
  const again = await reauthenticate(session, code, user.code());
  expect(again.session.assurance).toBe('AAL2');
});

test('of many answers at once, one is accepted', async () => {
  const ada = await gateway.person();
  const code = await mailed(ada);
  const outcomes = await atOnce(5, () => reauthenticate(ada, code));
  expect(valuesOf(outcomes)).toHaveLength(1);
  expect(codesOf(outcomes)).toEqual({ INVALID_TOKEN: 4 });
});

test('the fourth mail of an hour is withheld, and the caller learns it', async () => {
  const ada = await gateway.person();
  for (let mail = 0; mail < 3; mail += 1) await gateway.send(BeginReauthenticationCodeDocument, {}, ada.accessToken);
  const fourth = await refusal(gateway.send(BeginReauthenticationCodeDocument, {}, ada.accessToken));
  expect(fourth).toMatchObject({ code: 'RATE_LIMITED', status: 429, extensions: { retryAfter: 900 } });
  expect(await takeAll(gateway, ada.email)).toHaveLength(3);
});

test('without a session no code is mailed', async () => {
  expect(await codeOf(gateway.send(BeginReauthenticationCodeDocument, {}))).toBe('UNAUTHENTICATED');
});
