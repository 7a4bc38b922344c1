/** Hosted captcha services: what the gateway believes of their answers, and what it does while one is away. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { answerOf } from '../support/gateway/answer.ts';
import { goodPassword, newAddress, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { RegisterDocument } from '../support/generated/graphql.ts';
import { askCaptcha, outcomeOf, solveCaptcha, tokenOf, withToken } from '../support/people/captcha.ts';
import {
  type FakeCaptchaService,
  type ServiceKind,
  type ServiceState,
  serviceSecret,
  startCaptchaService,
} from '../support/servers/captcha-service.ts';

const first = useGateway();

const keys = { CAPTCHA_SITE_KEY: 'a-site-key', CAPTCHA_SECRET: serviceSecret };
const hostname = 'app.example.com';

let lastToken = 0;

/** A token that no service knows. */
function unknownToken(): string {
  lastToken += 1;
  return `token-${lastToken}`;
}

/** A token that the widget of the service has given. */
function newToken(
  service: FakeCaptchaService,
  known: Partial<Parameters<FakeCaptchaService['tokens']['set']>[1]> = {},
): string {
  const token = unknownToken();
  service.tokens.set(token, { hostname, action: 'REGISTER', ...known });
  return token;
}

async function registerWith(gateway: TestGateway, token: string | null): Promise<string> {
  const input = { email: newAddress(), password: goodPassword };
  const headers = token === null ? {} : withToken(token);
  return outcomeOf(await answerOf(gateway.post(bodyOf(RegisterDocument, { input }), headers)));
}

async function startGateway(service: FakeCaptchaService, kind: ServiceKind, outage: 'altcha' | 'allow' = 'altcha') {
  const settings = { CAPTCHA: kind, CAPTCHA_VERIFY_URL: service.url, CAPTCHA_OUTAGE: outage, ...keys };
  return startTestGateway(settings, first);
}

describe.each(['turnstile', 'hcaptcha', 'recaptcha'] as const)('%s', (kind) => {
  let service: FakeCaptchaService;
  let gateway: TestGateway;
  beforeAll(async () => {
    service = await startCaptchaService(kind);
    gateway = await startGateway(service, kind);
  });
  afterAll(async () => {
    await gateway.stop();
    await service.stop();
  });
  beforeEach(() => {
    service.forms.length = 0;
  });

  test('is offered with its site key and without a challenge', async () => {
    expect(await askCaptcha(gateway, 'REGISTER')).toEqual({
      provider: kind.toUpperCase(),
      siteKey: 'a-site-key',
      challenge: null,
      due: true,
      expiresAt: null,
    });
  });

  test('verifies a token, which is accepted once; the service learns secret and token only, once', async () => {
    const token = newToken(service);
    expect(await registerWith(gateway, token)).toBe('accepted');
    expect(await registerWith(gateway, token)).toBe('INVALID');
    expect(service.forms).toEqual([{ secret: serviceSecret, response: token }]);
  });

  test('a token in ten parallel requests is accepted once and costs one call', async () => {
    const token = newToken(service);
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => registerWith(gateway, token)));
    expect(outcomes.toSorted()).toEqual([...Array(9).fill('INVALID'), 'accepted']);
    expect(service.forms).toHaveLength(1);
  });

  test('an unknown token and one for another host are INVALID, a late one is EXPIRED', async () => {
    expect(await registerWith(gateway, unknownToken())).toBe('INVALID');
    expect(await registerWith(gateway, newToken(service, { hostname: 'evil.example.net' }))).toBe('INVALID');
    expect(await registerWith(gateway, newToken(service, { isExpired: true }))).toBe('EXPIRED');
  });
});

test('a token of Turnstile for another action is INVALID', async () => {
  const service = await startCaptchaService('turnstile');
  const gateway = await startGateway(service, 'turnstile');
  expect(await registerWith(gateway, newToken(service, { action: 'LOGIN' }))).toBe('INVALID');
  expect(await registerWith(gateway, newToken(service, { action: '' }))).toBe('INVALID');
  await gateway.stop();
  await service.stop();
});

test('a token of reCAPTCHA version 3 needs its action and a score of 0.5', async () => {
  const service = await startCaptchaService('recaptcha');
  const gateway = await startGateway(service, 'recaptcha');
  const outcomes: Record<string, string> = {};
  for (const [action, score] of [
    ['REGISTER', 0.9],
    ['REGISTER', 0.3],
    ['LOGIN', 0.9],
  ] as const)
    outcomes[`${action} ${score}`] = await registerWith(gateway, newToken(service, { action, score }));
  expect(outcomes).toEqual({ 'REGISTER 0.9': 'accepted', 'REGISTER 0.3': 'INVALID', 'LOGIN 0.9': 'INVALID' });
  await gateway.stop();
  await service.stop();
});

const outages: ServiceState[] = [
  'silent',
  'failing',
  'redirecting',
  'talking nonsense',
  'endless',
  'rejecting the secret',
];

describe.each(outages)('a service that is %s', (state) => {
  async function during(outage: 'altcha' | 'allow', work: (gateway: TestGateway) => Promise<void>): Promise<void> {
    const service = await startCaptchaService('turnstile');
    const gateway = await startGateway(service, 'turnstile', outage);
    service.state = state;
    await work(gateway);
    await gateway.stop();
    await service.stop();
  }

  test('is replaced by proof of work: within three seconds a token is not verified, then a challenge is offered', async () => {
    await during('altcha', async (gateway) => {
      const begun = performance.now();
      expect(await registerWith(gateway, unknownToken())).toBe('MISSING');
      expect(performance.now() - begun).toBeLessThan(4000);
      expect(await askCaptcha(gateway, 'REGISTER')).toMatchObject({ provider: 'ALTCHA', siteKey: null, due: true });
      expect(await registerWith(gateway, tokenOf(await solveCaptcha(gateway, 'REGISTER')))).toBe('accepted');
    });
  });

  test('with CAPTCHA_OUTAGE=allow lets clients pass, also those without a token of its widget', async () => {
    await during('allow', async (gateway) => {
      expect(await registerWith(gateway, null)).toBe('accepted');
      expect(await registerWith(gateway, unknownToken())).toBe('accepted');
      expect((await askCaptcha(gateway, 'REGISTER')).due).toBe(false);
    });
  });
});

test('an outage is found by the form, recorded once a minute, and ends when the service answers again', async () => {
  const service = await startCaptchaService('hcaptcha');
  const gateway = await startGateway(service, 'hcaptcha');
  const recorded = async () =>
    (
      await gateway.database.query<{ details: object }>(
        `select details from audit_entries where action = 'captcha.provider_unavailable' and occurred_at >= $1`,
        [begun],
      )
    ).map(({ details }) => details);
  gateway.clock.travel(3600);
  const begun = gateway.clock.now();
  service.state = 'rejecting the secret';
  const providers = async () => (await askCaptcha(gateway, 'REGISTER')).provider;
  expect([await providers(), await providers()]).toEqual(['ALTCHA', 'ALTCHA']);
  expect(await registerWith(gateway, unknownToken())).toBe('MISSING');
  expect(await recorded()).toEqual([{ provider: 'HCAPTCHA', problem: 'invalid-input-secret' }]);
  service.state = 'well';
  expect(await providers()).toBe('ALTCHA');
  gateway.clock.travel(61);
  expect(await providers()).toBe('HCAPTCHA');
  expect(await registerWith(gateway, newToken(service))).toBe('accepted');
  await gateway.stop();
  await service.stop();
});

test('a challenge that another instance made in the outage is still accepted after it', async () => {
  const service = await startCaptchaService('turnstile');
  const [one, other] = [await startGateway(service, 'turnstile'), await startGateway(service, 'turnstile')];
  service.state = 'failing';
  const token = tokenOf(await solveCaptcha(one, 'REGISTER'));
  service.state = 'well';
  expect(await registerWith(other, token)).toBe('accepted');
  await one.stop();
  await other.stop();
  await service.stop();
});
