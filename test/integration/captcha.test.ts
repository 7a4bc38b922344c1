/** Captchas by proof of work: when one is due, that a token is accepted once and for its action, and what it never changes. */
import { describe, expect, test } from 'vitest';
import { type Answer, answerOf, comparable } from '../support/gateway/answer.ts';
import { goodPassword, newAddress } from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  BeginCodeLoginDocument,
  type BeginCodeLoginMutation,
  CaptchaDocument,
  CompleteCodeLoginDocument,
  FullLoginDocument,
  RegisterDocument,
  RequestPasswordResetDocument,
} from '../support/generated/graphql.ts';
import { askCaptcha, outcomeOf, solveCaptcha, tokenOf, withToken } from '../support/people/captcha.ts';
import { auditedFor, createUser, wrongPassword } from '../support/people/password-attempts.ts';
import { until } from '../support/races/until.ts';

/** Without captchas, for the preparation of a test. */
const plain = useGateway();
const settings = {
  CAPTCHA: 'altcha',
  SIGN_IN_METHODS: 'password,email-code',
  TRUSTED_PROXIES: '127.0.0.1',
  RATE_LIMIT_ALLOWLIST: '198.51.100.7',
};
const gateway = useGateway(settings, plain);

const from = (address: string) => ({ 'x-forwarded-for': address });
/** Each test fails from an address of its own. */
let lastSource = 0;
function newSource(): Record<string, string> {
  lastSource += 1;
  return from(`192.0.2.${lastSource}`);
}

const register = (headers: Record<string, string> = {}, email = newAddress(), password = goodPassword) =>
  answerOf(gateway.post(bodyOf(RegisterDocument, { input: { email, password } }), headers));
const reset = (email: string, headers: Record<string, string> = {}) =>
  answerOf(gateway.post(bodyOf(RequestPasswordResetDocument, { input: { email } }), headers));
const login = (email: string, headers: Record<string, string> = {}, password = wrongPassword) =>
  answerOf(gateway.post(bodyOf(FullLoginDocument, { input: { email, password } }), headers));

async function outcomesOf(count: number, attempt: () => Promise<Answer>): Promise<string[]> {
  const outcomes: string[] = [];
  while (outcomes.length < count) outcomes.push(outcomeOf(await attempt()));
  return outcomes;
}

async function audited(action: string): Promise<Record<string, unknown>[]> {
  const rows = await gateway.database.query<{ details: Record<string, unknown> }>(
    'select details from audit_entries where action = $1 order by occurred_at desc, id desc',
    [action],
  );
  return rows.map(({ details }) => details);
}

test('without CAPTCHA there is none, and a token is ignored', async () => {
  const ask = answerOf(plain.post(bodyOf(CaptchaDocument, { action: 'REGISTER' })));
  expect((await ask).data).toEqual({ captcha: null });
  const input = { email: newAddress(), password: goodPassword };
  const answer = await answerOf(plain.post(bodyOf(RegisterDocument, { input }), withToken('anything')));
  expect(outcomeOf(answer)).toBe('accepted');
});

describe('a token', () => {
  test('opens one registration: without it MISSING, with it accepted, and INVALID when it comes again', async () => {
    expect(outcomeOf(await register())).toBe('MISSING');
    const headers = withToken(tokenOf(await solveCaptcha(gateway, 'REGISTER')));
    expect(outcomeOf(await register(headers))).toBe('accepted');
    expect(outcomeOf(await register(headers))).toBe('INVALID');
  });

  test('is accepted once among parallel requests, however it is written', async () => {
    const solved = await solveCaptcha(gateway, 'REGISTER');
    const spellings = [
      tokenOf(solved),
      tokenOf({ ...solved, took: 1 }),
      tokenOf({ solution: solved.solution, challenge: solved.challenge }),
      Buffer.from(JSON.stringify(solved, null, 2)).toString('base64'),
      Buffer.from(JSON.stringify(solved)).toString('base64url'),
    ];
    const answers = await Promise.all([...spellings, ...spellings].map((token) => register(withToken(token))));
    expect(answers.map(outcomeOf).toSorted()).toEqual([...Array(9).fill('INVALID'), 'accepted']);
  });

  test('of another operation is INVALID, and stays unused', async () => {
    const headers = withToken(tokenOf(await solveCaptcha(gateway, 'PASSWORD_RESET')));
    expect(outcomeOf(await register(headers))).toBe('INVALID');
    expect(outcomeOf(await reset(newAddress(), headers))).toBe('accepted');
  });

  test('is EXPIRED after five minutes', async () => {
    const headers = withToken(tokenOf(await solveCaptcha(gateway, 'REGISTER')));
    gateway.clock.travel(301);
    expect(outcomeOf(await register(headers))).toBe('EXPIRED');
  });

  test('is neither verified nor used up by input that is refused', async () => {
    const headers = withToken(tokenOf(await solveCaptcha(gateway, 'REGISTER')));
    expect(outcomeOf(await register(headers, newAddress(), 'short'))).toBe('BAD_USER_INPUT');
    expect(outcomeOf(await register(headers))).toBe('accepted');
  });

  test('is ignored where none is due', async () => {
    const email = await createUser(plain);
    expect(outcomeOf(await login(email, { ...newSource(), ...withToken('anything') }, goodPassword))).toBe('accepted');
  });

  test.each([
    ['of 4097 characters', 'A'.repeat(4097), 200],
    ['of 14,000 characters', 'A'.repeat(14_000), 200],
    ['of 100,000 characters', 'A'.repeat(100_000), 431],
  ])('%s is refused', async (_size, token, status) => {
    const answer = await answerOf(
      gateway.post(
        bodyOf(RegisterDocument, { input: { email: newAddress(), password: goodPassword } }),
        withToken(token),
      ),
    );
    expect(answer.status).toBe(status);
    expect(status === 200 ? outcomeOf(answer) : 'INVALID').toBe('INVALID');
  });

  test('is removed after its end', async () => {
    await register(withToken(tokenOf(await solveCaptcha(gateway, 'REGISTER'))));
    const spent = () =>
      gateway.database.query('select 1 from spent_tokens where expires_at > $1', [gateway.clock.now()]);
    expect((await spent()).length).toBeGreaterThan(0);
    gateway.clock.travel(301);
    expect(await spent()).toEqual([]);
  });
});

describe('login needs a captcha', () => {
  test('at the fourth attempt of a source that failed three times: a token is then accepted once', async () => {
    const source = newSource();
    expect(await outcomesOf(3, () => login(newAddress(), source))).toEqual(Array(3).fill('INVALID_CREDENTIALS'));
    expect((await askCaptcha(gateway, 'LOGIN', source)).due).toBe(true);
    expect(outcomeOf(await login(newAddress(), source))).toBe('MISSING');
    const headers = { ...source, ...withToken(tokenOf(await solveCaptcha(gateway, 'LOGIN'))) };
    expect(outcomeOf(await login(newAddress(), headers))).toBe('INVALID_CREDENTIALS');
    expect(outcomeOf(await login(newAddress(), headers))).toBe('INVALID');
  });

  test('at an address with three failures from as many sources, whether it has an account or not', async () => {
    for (const email of [await createUser(plain), newAddress()]) {
      expect(await outcomesOf(3, () => login(email, newSource()))).toEqual(Array(3).fill('INVALID_CREDENTIALS'));
      expect(outcomeOf(await login(email, newSource()))).toBe('MISSING');
    }
  });

  test('no more after a quarter of an hour', async () => {
    const source = newSource();
    await outcomesOf(3, () => login(newAddress(), source));
    gateway.clock.travel(15 * 60);
    expect((await askCaptcha(gateway, 'LOGIN', source)).due).toBe(false);
    expect(outcomeOf(await login(newAddress(), source))).toBe('INVALID_CREDENTIALS');
  });

  test('not on a device that has signed in to the account, and on that device at other accounts', async () => {
    const email = await createUser(plain);
    const { data } = await login(email, newSource(), goodPassword);
    const device = { 'x-device-token': deviceTokenIn(data) };
    const source = newSource();
    await outcomesOf(4, () => login(newAddress(), source));
    expect((await askCaptcha(gateway, 'LOGIN', { ...source, ...device })).due).toBe(false);
    expect(outcomeOf(await login(email, { ...source, ...device }, goodPassword))).toBe('accepted');
    expect(outcomeOf(await login(await createUser(plain), { ...source, ...device }, goodPassword))).toBe('MISSING');
  });

  test('from a network of the allow-list only for the failures at the address', async () => {
    const source = from('198.51.100.7');
    expect(await outcomesOf(5, () => login(newAddress(), source))).toEqual(Array(5).fill('INVALID_CREDENTIALS'));
    const email = newAddress();
    await outcomesOf(3, () => login(email, source));
    expect(outcomeOf(await login(email, source))).toBe('MISSING');
  });

  test('which does not unlock a locked account, and the token stays unused', async () => {
    const email = await createUser(plain);
    for (let failed = 0; failed < 5; failed += 1) {
      const token = failed < 3 ? {} : withToken(tokenOf(await solveCaptcha(gateway, 'LOGIN')));
      expect(outcomeOf(await login(email, { ...newSource(), ...token }))).toBe('INVALID_CREDENTIALS');
    }
    const token = withToken(tokenOf(await solveCaptcha(gateway, 'LOGIN')));
    expect(outcomeOf(await login(email, { ...newSource(), ...token }, goodPassword))).toBe('TOO_MANY_ATTEMPTS');
    const source = newSource();
    await outcomesOf(3, () => login(newAddress(), source));
    expect(outcomeOf(await login(newAddress(), { ...source, ...token }))).toBe('INVALID_CREDENTIALS');
  });
});

test('a mailed code needs a captcha after three failures of the source or at the address, and its entry needs none', async () => {
  const begin = (email: string, headers: Record<string, string>) =>
    answerOf(gateway.post(bodyOf(BeginCodeLoginDocument, { input: { email } }), headers));
  const [email, source] = [await createUser(plain), newSource()];
  expect(outcomeOf(await begin(newAddress(), source))).toBe('accepted');
  await outcomesOf(3, () => login(email, source));
  expect(outcomeOf(await begin(newAddress(), source))).toBe('MISSING');
  expect(outcomeOf(await begin(email, newSource()))).toBe('MISSING');
  const token = withToken(tokenOf(await solveCaptcha(gateway, 'CODE_LOGIN')));
  const answer = await begin(email, { ...source, ...token });
  expect(outcomeOf(answer)).toBe('accepted');
  const { beginCodeLogin }: BeginCodeLoginMutation = JSON.parse(answer.text).data;
  const input = { flow: beginCodeLogin.flow, code: '000000' };
  const entered = answerOf(gateway.post(bodyOf(CompleteCodeLoginDocument, { input }), source));
  expect(outcomeOf(await entered)).toBe('INVALID_CREDENTIALS');
});

test('a demand is the same for known and unknown addresses, to the byte', async () => {
  const emails = [await createUser(plain), await createUser(plain, 'SUSPENDED'), newAddress()];
  for (const demand of [reset, (email: string) => register({}, email)]) {
    const answers = await Promise.all(emails.map((email) => demand(email)));
    expect(new Set(answers.map(comparable)).size).toBe(1);
    expect(answers.map(outcomeOf)).toEqual(['MISSING', 'MISSING', 'MISSING']);
  }
});

test('a refusal is recorded with operation, provider and reason, a refused sign-in as one besides', async () => {
  await reset(newAddress(), withToken('nonsense'));
  expect((await audited('captcha.refused'))[0]).toEqual({
    action: 'PASSWORD_RESET',
    provider: 'ALTCHA',
    reason: 'INVALID',
  });
  const source = newSource();
  await outcomesOf(3, () => login(newAddress(), source));
  const email = newAddress();
  await login(email, source);
  expect(await auditedFor(gateway.database, 'login.refused', email)).toEqual([
    expect.objectContaining({ outcome: 'DENIED', details: expect.objectContaining({ reason: 'captcha' }) }),
  ]);
});

test('200 parallel false solutions of genuine challenges are bounded, and a sign-in passes meanwhile', async () => {
  const email = await createUser(plain);
  const challenges = await Promise.all(Array.from({ length: 200 }, () => askCaptcha(gateway, 'REGISTER')));
  const solution = { counter: 1, derivedKey: '0'.repeat(64) };
  let open = 0;
  const floods = challenges.map(async ({ challenge }) => {
    open += 1;
    const answer = await register(withToken(tokenOf({ challenge, solution })));
    open -= 1;
    return outcomeOf(answer);
  });
  await until('the flood begins', () => open === 200);
  const signedIn = outcomeOf(await login(email, newSource(), goodPassword));
  expect(signedIn).toBe('accepted');
  expect(open, 'the flood was still under way').toBeGreaterThan(0);
  const outcomes = await Promise.all(floods);
  // On a busy machine, some of them also wait too long for a connection to the database.
  expect(outcomes.filter((outcome) => !/^(INVALID|SERVICE_BUSY|SERVICE_UNAVAILABLE)$/.test(outcome))).toEqual([]);
  expect(outcomes).toContain('SERVICE_BUSY');
});

function deviceTokenIn(data: unknown): string {
  const token = /"deviceToken":"([^"]+)"/.exec(JSON.stringify(data))?.[1];
  if (token === undefined) throw new Error('there is no device token in the answer');
  return token;
}
