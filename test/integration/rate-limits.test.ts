/** Limits by source, user and session (graphql-rate-limit over an atomic store): of many at once exactly the limit passes. */
import { afterEach, describe, expect, test } from 'vitest';
import {
  goodPassword,
  newAddress,
  refusal,
  registerUser,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway.ts';
import {
  LoginDocument,
  PasswordPolicyDocument,
  RefreshDocument,
  RegisterDocument,
} from '../support/generated/graphql.ts';

let gateway: TestGateway;
afterEach(() => gateway.stop());

const register = () => gateway.send(RegisterDocument, { input: { email: newAddress(), password: goodPassword } });

describe('a limit', () => {
  test('lets exactly so many of many parallel requests pass', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'register=5/1h' });
    const answers = await Promise.allSettled(Array.from({ length: 40 }, register));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  test('answers 429 with the seconds to wait, in header and extensions', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'register=1/1h' });
    await register();
    const error = await refusal(register());
    expect(error).toMatchObject({ code: 'RATE_LIMITED', status: 429 });
    expect(error.extensions.retryAfter).toBeGreaterThan(3500);
  });

  test('that is off lets everything pass, and the others stay', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'register=off,resetPassword=1/1h' });
    for (let round = 0; round < 8; round += 1) await register();
  });

  test('does not count sources on the allow-list', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'register=1/1h', RATE_LIMIT_ALLOWLIST: '127.0.0.0/8' });
    await register();
    await register();
  });

  test('for everything counts the anonymous by source and the signed-in by user', async () => {
    gateway = await startTestGateway({
      RATE_LIMITS: 'anonymous=6/1h,authenticated=2/1h,register=off,verifyEmail=off,login=off',
    });
    const email = await registerUser(gateway);
    const { accessToken } = await signIn(gateway, email);
    const policy = (token?: string) => gateway.send(PasswordPolicyDocument, {}, token);
    await policy(accessToken);
    await policy(accessToken);
    expect((await refusal(policy(accessToken))).code).toBe('RATE_LIMITED');
    for (let round = 0; round < 3; round += 1) await policy();
    expect((await refusal(policy())).code).toBe('RATE_LIMITED');
  });

  test('on refreshing counts a session, not its address', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'refresh=2/1m,login=off,register=off' });
    const email = await registerUser(gateway);
    const [first, second] = [await signIn(gateway, email), await signIn(gateway, email)];
    const refresh = (refreshToken: string) => gateway.send(RefreshDocument, { input: { refreshToken } });
    await refresh(first.refreshToken);
    await refresh(first.refreshToken);
    expect((await refusal(refresh(first.refreshToken))).code).toBe('RATE_LIMITED');
    await refresh(second.refreshToken);
  });

  test('on signing in gives its place back to those who succeed', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'login=2/15m,register=off' });
    const email = await registerUser(gateway);
    for (let round = 0; round < 5; round += 1) await signIn(gateway, email);
    const wrong = { input: { email, password: 'Wrong guess 1' } };
    expect((await refusal(gateway.send(LoginDocument, wrong))).code).toBe('INVALID_CREDENTIALS');
    expect((await refusal(gateway.send(LoginDocument, wrong))).code).toBe('INVALID_CREDENTIALS');
    expect((await refusal(gateway.send(LoginDocument, wrong))).code).toBe('RATE_LIMITED');
  });
});
