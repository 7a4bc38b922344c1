/** The settings of text messages. */
import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../src/config/config.ts';

const account = `AC${'0123456789abcdef'.repeat(2)}`;
const token = 'fedcba9876543210fedcba9876543210';
const twilio = {
  SMS_PROVIDER: 'twilio',
  SMS_FROM: '+15005550006',
  SMS_COUNTRIES: 'DE,US',
  TWILIO_ACCOUNT_SID: account,
  TWILIO_AUTH_TOKEN: token,
};

const read = (env: Record<string, string>) => readConfig({ NODE_ENV: 'test', ...env });

function problemsOf(env: Record<string, string>): string[] {
  try {
    read(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((problem) => problem.split(':', 1).join());
    throw error;
  }
}

test('without a provider no message is sent and no user adds a phone', () => {
  const { sms, domain } = read({});
  expect([sms, domain.sms]).toEqual([null, null]);
});

test('the rules have defaults, and messages are no second factor', () => {
  expect(read(twilio).domain.sms).toEqual({
    countries: ['DE', 'US'],
    budget: { max: 200, windowSeconds: 86_400 },
    budgetPerPrefix: { max: 20, windowSeconds: 3600 },
    asFactor: false,
  });
});

test.each([['SMS_COUNTRIES'], ['SMS_FROM'], ['TWILIO_ACCOUNT_SID'], ['TWILIO_AUTH_TOKEN']])(
  'twilio needs %s, and its absence stops the start',
  (name) => {
    expect(problemsOf({ ...twilio, [name]: '' })).toEqual([name]);
  },
);

test.each([
  ['SMS_COUNTRIES', 'Germany'],
  ['SMS_COUNTRIES', 'DE,QQ'],
  ['SMS_COUNTRIES', ','],
  ['SMS_FROM', 'a name of more than eleven'],
  ['TWILIO_ACCOUNT_SID', 'AC123'],
  ['TWILIO_AUTH_TOKEN', 'short'],
  ['SMS_BUDGET', '200'],
  ['SMS_BUDGET', '0/1d'],
  ['SMS_BUDGET_PER_PREFIX', '20/2d'],
  ['SMS_AS_FACTOR', 'yes'],
  ['SMS_PROVIDER', 'pigeon'],
])('%s=%s stops the start', (name, value) => {
  expect(problemsOf({ ...twilio, [name]: value })).toEqual([name]);
});

test('a code that other systems use for a country becomes that of ISO 3166', () => {
  expect(read({ ...twilio, SMS_COUNTRIES: 'uk, at' }).domain.sms?.countries).toEqual(['GB', 'AT']);
});

test.each(['+4915123456789', '12345', 'Postern', `MG${'0123456789abcdef'.repeat(2)}`])('a sender: %s', (SMS_FROM) => {
  expect(problemsOf({ ...twilio, SMS_FROM })).toEqual([]);
});

test('a second factor needs a provider', () => {
  expect(problemsOf({ SMS_AS_FACTOR: 'allow' })).toEqual(['SMS_AS_FACTOR']);
  expect(read({ ...twilio, SMS_AS_FACTOR: 'allow' }).domain.sms?.asFactor).toBe(true);
});

test('production does not print codes at the terminal', () => {
  const env = { SMS_PROVIDER: 'log', SMS_COUNTRIES: 'DE' };
  expect(problemsOf(env)).toEqual([]);
  expect(problemsOf({ ...env, NODE_ENV: 'production' })).toContain('SMS_PROVIDER');
});

test('the token is never shown', () => {
  const setting = read(twilio).effective.find(({ name }) => name === 'TWILIO_AUTH_TOKEN');
  expect(setting).toEqual({ name: 'TWILIO_AUTH_TOKEN', value: null, source: 'ENVIRONMENT', secret: true });
});
