/** With RISK=act: the second step and the captcha that a risky sign-in needs, and the look-up of its password. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { goodPassword, newAddress } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  BeginMfaCodeDocument,
  ChangePasswordDocument,
  RegisterDocument,
  SessionRisksDocument,
} from '../support/generated/graphql.ts';
import { addresses, writeLocationFiles } from '../support/location/places.ts';
import { auditTrail } from '../support/people/audit.ts';
import { answer } from '../support/people/authenticator.ts';
import { solveCaptcha, tokenOf, withToken } from '../support/people/captcha.ts';
import { codeIn, confirmationSubject } from '../support/people/mail-codes.ts';
import { wrongPassword } from '../support/people/password-attempts.ts';
import { type Origin, settleIn, signInFrom, trySignInFrom } from '../support/people/sign-in-from.ts';
import { type RangeServer, startRangeServer } from '../support/servers/range-server.ts';

const hour = 60 * 60;
const day = 24 * hour;
const breachedPassword = 'Sunny 4 marigolds';

const common = {
  EMAIL_VERIFICATION: 'off',
  TRUSTED_PROXIES: '127.0.0.1',
  RATE_LIMIT_ALLOWLIST: '0.0.0.0/0,::/0',
  ...(await writeLocationFiles()),
};
const gateway = useGateway({ ...common, RISK: 'act' });
/** No operation but a risky sign-in needs a captcha. */
const asking = useGateway({ ...common, RISK: 'act', CAPTCHA: 'altcha', CAPTCHA_FOR: 'requestPasswordReset' }, gateway);
/** Sources are limited, and so known for their failures. */
const counting = useGateway({ ...common, RISK: 'act', RATE_LIMIT_ALLOWLIST: '127.0.0.0/8' }, gateway);

let provider: RangeServer;
const actingLookUp: Record<string, string> = { ...common, RISK: 'act' };
const observingLookUp: Record<string, string> = { ...common, RISK: 'observe' };
beforeAll(async () => {
  provider = await startRangeServer([breachedPassword]);
  for (const settings of [actingLookUp, observingLookUp]) settings.BREACH_CHECK_URL = provider.url;
});
afterAll(() => provider.stop());
const checking = useGateway(actingLookUp, gateway);
const observing = useGateway(observingLookUp, gateway);

async function register(password = goodPassword) {
  const email = newAddress();
  await gateway.send(RegisterDocument, { input: { email, password } });
  return email;
}

async function settled() {
  const email = await register();
  const device = await settleIn(gateway, email);
  gateway.clock.travel(hour);
  return { email, device };
}

async function riskOf({ accessToken, session }: { accessToken: string; session: { id: string } }) {
  const { viewer } = await gateway.send(SessionRisksDocument, {}, accessToken);
  return viewer?.sessions.nodes.find(({ id }) => id === session.id)?.risk;
}

const newestOf = async (action: string) => (await auditTrail(gateway.database, action)).at(-1);

describe('a sign-in of 60 points', () => {
  test('needs a code by mail where the account has no factor, and the session keeps the assessment', async () => {
    const { email, device } = await settled();
    const { result } = await trySignInFrom(gateway, email, { ip: addresses.newYork });
    if (result?.__typename !== 'MfaChallenge') throw new Error('the sign-in needs no second step');
    const { ticket, methods } = result;
    expect(methods).toEqual(['EMAIL_CODE']);
    const risk = { level: 'HIGH', action: 'SECOND_STEP' };
    expect(await newestOf('mfa.challenged')).toMatchObject({
      targetId: device.viewer.id,
      details: { country: 'US', risk },
    });
    await gateway.send(BeginMfaCodeDocument, { input: { ticket, method: 'EMAIL_CODE' } });
    const session = await answer(
      gateway,
      ticket,
      codeIn(await gateway.mail.take(email, confirmationSubject)),
      'EMAIL_CODE',
    );
    expect(session.session).toMatchObject({ methods: ['PASSWORD', 'EMAIL_CODE'], assurance: 'AAL1' });
    expect(await riskOf(session)).toMatchObject(risk);
  });

  test('from the usual place needs none', async () => {
    const { email, device } = await settled();
    await signInFrom(gateway, email, { deviceToken: device.deviceToken });
  });
});

describe('a sign-in of 40 points', () => {
  /** A day later, so that the travel is possible: new device, network, operator and country. */
  async function abroad(how: Origin = {}) {
    const { email, device } = await settled();
    gateway.clock.travel(day);
    const origin = { ip: addresses.newYork, ...how };
    return { email, device, again: (headers = {}) => trySignInFrom(asking, email, { ...origin, headers }) };
  }

  test('needs a captcha, whose token is accepted once', async () => {
    const [{ again }, other] = [await abroad(), await abroad()];
    expect((await again()).error).toMatchObject({ code: 'CAPTCHA_REQUIRED', reason: 'MISSING' });
    expect(await newestOf('login.refused')).toMatchObject({
      outcome: 'DENIED',
      details: { reason: 'captcha', country: 'US', risk: { score: 50, action: 'CAPTCHA' } },
    });
    const headers = withToken(tokenOf(await solveCaptcha(asking, 'LOGIN')));
    const { result } = await again(headers);
    expect(result?.__typename).toBe('AuthSession');
    expect((await other.again(headers)).error).toMatchObject({ code: 'CAPTCHA_REQUIRED', reason: 'INVALID' });
  });

  test('with a wrong password is not told that it would need one', async () => {
    const { again } = await abroad({ password: wrongPassword });
    expect((await again()).error).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  });

  test('is only mailed on a device that the account trusts, and where there are no captchas', async () => {
    const { email, device } = await settled();
    gateway.clock.travel(day);
    const known = await signInFrom(asking, email, { ip: addresses.newYork, deviceToken: device.deviceToken });
    expect(await riskOf(known)).toMatchObject({ score: 40, action: 'MAIL' });
    const other = await settled();
    gateway.clock.travel(day);
    const without = await signInFrom(gateway, other.email, { ip: addresses.newYork });
    expect(await riskOf(without)).toMatchObject({ score: 50, action: 'MAIL' });
  });
});

describe('a source that failed at ten accounts within the hour', () => {
  const office = { ip: '198.51.100.77' };

  test('has the signal at the next account, and no longer an hour later', async () => {
    const email = await register();
    for (let failed = 0; failed < 10; failed += 1) {
      gateway.clock.travel(3 * 60);
      await trySignInFrom(counting, newAddress(), { ...office, password: wrongPassword });
    }
    expect(await riskOf(await signInFrom(counting, email, office))).toMatchObject({
      score: 40,
      signals: ['MANY_ACCOUNTS_FROM_SOURCE'],
    });
    gateway.clock.travel(hour + 1);
    expect((await riskOf(await signInFrom(counting, email, office)))?.signals).toEqual([]);
  });

  test('has no signal below ten accounts, however often it failed at each', async () => {
    const [email, other] = [await register(), newAddress()];
    const source = { ip: '198.51.100.78' };
    for (let failed = 0; failed < 9; failed += 1) {
      gateway.clock.travel(3 * 60);
      await trySignInFrom(counting, other, { ...source, password: wrongPassword });
    }
    expect((await riskOf(await signInFrom(counting, email, source)))?.signals).toEqual([]);
  });
});

describe('a password from a breach', () => {
  beforeEach(() => {
    provider.mood = 'well';
    provider.paths.length = 0;
  });

  test('has the signal, and is looked up once for each password', async () => {
    const email = await register(breachedPassword);
    const breached = { password: breachedPassword };
    const device = await signInFrom(checking, email, breached);
    expect(await riskOf(device)).toMatchObject({ score: 30, signals: ['BREACHED_PASSWORD'], action: 'MAIL' });
    expect((await riskOf(await signInFrom(checking, email, breached)))?.signals).toEqual(['BREACHED_PASSWORD']);
    expect(provider.paths).toHaveLength(1);
    gateway.clock.travel(1);
    const input = { currentPassword: breachedPassword, newPassword: goodPassword };
    await gateway.send(ChangePasswordDocument, { input }, device.accessToken);
    expect((await riskOf(await signInFrom(checking, email)))?.signals).toEqual([]);
    expect(provider.paths).toHaveLength(2);
  });

  test('is not looked up for a wrong password, nor with RISK=observe', async () => {
    const email = await register(breachedPassword);
    await trySignInFrom(checking, email, { password: wrongPassword });
    expect((await riskOf(await signInFrom(observing, email, { password: breachedPassword })))?.signals).toEqual([]);
    expect(provider.paths).toEqual([]);
  });

  test('is looked up again after a list that did not answer, which delays no sign-in for long', async () => {
    const email = await register(breachedPassword);
    provider.mood = 'failing';
    const breached = { password: breachedPassword };
    expect((await riskOf(await signInFrom(checking, email, breached)))?.signals).toEqual([]);
    provider.mood = 'well';
    expect((await riskOf(await signInFrom(checking, email, breached)))?.signals).toEqual(['BREACHED_PASSWORD']);
  });
});
