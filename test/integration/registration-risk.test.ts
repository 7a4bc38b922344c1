/** The risk assessment of registrations: from the source and the address, and the same for every account. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answerOf, comparable } from '../support/gateway/answer.ts';
import { goodPassword, newAddress, registerUser } from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { type SuiteGateway, useGateway } from '../support/gateway/use-gateway.ts';
import { RegisterDocument } from '../support/generated/graphql.ts';
import { addresses, writeLocationFiles } from '../support/location/places.ts';
import { outcomeOf, solveCaptcha, tokenOf, withToken } from '../support/people/captcha.ts';
import { auditedFor, wrongPassword } from '../support/people/password-attempts.ts';
import { browserHeaders, trySignInFrom } from '../support/people/sign-in-from.ts';

const rules = join(await mkdtemp(join(tmpdir(), 'postern-rules-')), 'risk.json');
await writeFile(rules, JSON.stringify({ refuse: { countries: ['KP'] } }));

const common = {
  TRUSTED_PROXIES: '127.0.0.1',
  // Sources outside are known for their failures.
  RATE_LIMIT_ALLOWLIST: '192.0.2.0/24,203.0.113.0/24,127.0.0.0/8',
  DISPOSABLE_MAIL: 'verify',
  RISK_RULES: rules,
  ...(await writeLocationFiles()),
};
/** RISK is not set: it is `observe`. */
const gateway = useGateway(common);
const acting = useGateway({ ...common, RISK: 'act', CAPTCHA: 'altcha', CAPTCHA_FOR: 'requestPasswordReset' }, gateway);
const off = useGateway({ ...common, RISK: 'off' }, gateway);

interface Applicant {
  email?: string;
  ip?: string;
  headers?: Record<string, string>;
}

const robot = { 'user-agent': 'curl/8.14.1' };
const browserAt = (ip: string) => ({ ...browserHeaders, 'x-forwarded-for': ip });

async function register(at: SuiteGateway, { email = newAddress(), ip = addresses.berlin, headers }: Applicant = {}) {
  const body = bodyOf(RegisterDocument, { input: { email, password: goodPassword } });
  const answer = await answerOf(at.post(body, { ...browserAt(ip), ...headers }));
  const [entry] = (
    await auditedFor<{ outcome: string; details: Record<string, unknown> }>(
      gateway.database,
      'registration.requested',
      email,
    )
  ).slice(-1);
  return { email, answer, outcome: outcomeOf(answer), entry, risk: entry?.details.risk };
}

let serial = 0;
const temporary = () => {
  serial += 1;
  return `applicant${serial}@mailinator.com`;
};

describe('the assessment', () => {
  test('of an ordinary registration has no signal, and is in the audit trail with the country', async () => {
    expect((await register(gateway)).entry?.details).toMatchObject({
      result: 'pending',
      country: 'DE',
      risk: { level: 'LOW', score: 0, signals: [], action: 'NONE' },
    });
  });

  test.each([
    ['an anonymous network', { ip: addresses.vpnInTokyo }, 'ANONYMISER', 20],
    ['a program', { headers: robot }, 'AUTOMATION', 25],
    ['a temporary mailbox', { email: temporary() }, 'DISPOSABLE_MAIL', 20],
  ])('names %s', async (_name, applicant, signal, score) => {
    expect((await register(gateway, applicant)).risk).toMatchObject({ signals: [signal], score, action: 'MAIL' });
  });

  test('names a source that failed to sign in to ten accounts', async () => {
    const ip = '198.51.100.90';
    for (let failed = 0; failed < 10; failed += 1) {
      gateway.clock.travel(3 * 60);
      await trySignInFrom(gateway, newAddress(), { ip, password: wrongPassword });
    }
    expect((await register(gateway, { ip })).risk).toMatchObject({ signals: ['MANY_ACCOUNTS_FROM_SOURCE'], score: 40 });
  });

  test('changes no answer with RISK=observe', async () => {
    const applicant = { ip: addresses.pyongyang, email: temporary(), headers: robot };
    const { outcome, risk } = await register(gateway, applicant);
    expect(outcome).toBe('accepted');
    expect(risk).toMatchObject({ score: 45, action: 'REFUSE' });
  });

  test('does not happen with RISK=off', async () => {
    const { outcome, entry } = await register(off, { headers: robot });
    expect(outcome).toBe('accepted');
    expect(entry?.details).not.toHaveProperty('risk');
  });
});

describe('with RISK=act', () => {
  const risky = () => ({ email: temporary(), headers: robot });

  test('40 points need a captcha, whose token is accepted once', async () => {
    expect((await register(acting, risky())).outcome).toBe('MISSING');
    const token = withToken(tokenOf(await solveCaptcha(acting, 'REGISTER')));
    const solved = () => ({ ...risky(), headers: { ...robot, ...token } });
    expect((await register(acting, solved())).outcome).toBe('accepted');
    expect((await register(acting, solved())).outcome).toBe('INVALID');
    expect((await register(acting)).outcome).toBe('accepted');
  });

  test('a refused country cannot register, and the trail says why', async () => {
    const { answer, entry, email } = await register(acting, { ip: addresses.pyongyang });
    expect(answer.errors[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'LOCATION_NOT_ALLOWED' });
    expect(entry).toMatchObject({
      outcome: 'DENIED',
      details: { result: 'refused', country: 'KP', risk: { action: 'REFUSE' } },
    });
    expect(await gateway.database.query('select 1 from registrations where email = $1', [email])).toEqual([]);
  });

  test('an address with an account is answered as any other', async () => {
    const taken = await registerUser(gateway);
    for (const how of [{ ip: addresses.pyongyang }, {}]) {
      const [one, other] = [await register(acting, { ...how, email: taken }), await register(acting, how)];
      expect(comparable(one.answer)).toEqual(comparable(other.answer));
    }
  });
});
