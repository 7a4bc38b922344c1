/** The settings of text messages: the service that sends them, the countries, the budgets, and their use as a factor. */
import { z } from 'zod';
import type { SmsRules } from '../domain/settings.ts';
import { outboundProblem } from '../outbound/address-rules.ts';
import type { TwilioSettings } from '../outbound/sms/twilio.ts';
import type { Basics } from './basics.ts';
import { baseUrl } from './formats/addresses.ts';
import { list, oneOf } from './formats/basic.ts';
import { budget } from './formats/protection.ts';
import { accountSid, countryCode, senderOfSms, twilioToken } from './formats/sms.ts';
import { outboundConfig, type outboundSettings } from './outbound.ts';

const smsProviders = ['twilio', 'hook', 'log'] as const;

export const smsSettings = {
  SMS_PROVIDER: oneOf(smsProviders).optional(),
  SMS_FROM: senderOfSms.optional(),
  TWILIO_ACCOUNT_SID: accountSid.optional(),
  TWILIO_AUTH_TOKEN: twilioToken.optional(),
  TWILIO_API_URL: baseUrl.default('https://api.twilio.com'),
  SMS_COUNTRIES: list(
    countryCode,
    'use codes of countries (ISO 3166-1), comma separated, for example DE,AT,CH',
  ).optional(),
  SMS_BUDGET: budget.prefault('200/1d'),
  SMS_BUDGET_PER_PREFIX: budget.prefault('20/1h'),
  SMS_AS_FACTOR: oneOf(['off', 'allow']).default('off'),
};

const schema = z.object(smsSettings);
type Environment = z.infer<typeof schema>;

export type SmsConfig = { provider: 'log' } | { provider: 'hook' } | ({ provider: 'twilio' } & TwilioSettings);

/** @returns null: no messages are sent */
export function smsConfig(env: Environment): SmsConfig | null {
  const { SMS_PROVIDER: provider, TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, SMS_FROM, TWILIO_API_URL } = env;
  if (provider === undefined) return null;
  if (provider !== 'twilio') return { provider };
  return {
    provider,
    apiUrl: TWILIO_API_URL,
    accountSid: TWILIO_ACCOUNT_SID ?? '',
    authToken: TWILIO_AUTH_TOKEN ?? '',
    from: SMS_FROM ?? '',
  };
}

/** @returns null: users cannot add phones */
export function smsRules(env: Environment): SmsRules | null {
  if (env.SMS_PROVIDER === undefined) return null;
  return {
    countries: env.SMS_COUNTRIES ?? [],
    budget: env.SMS_BUDGET,
    budgetPerPrefix: env.SMS_BUDGET_PER_PREFIX,
    asFactor: env.SMS_AS_FACTOR === 'allow',
  };
}

type Outbound = z.infer<z.ZodObject<typeof outboundSettings>>;

export function smsProblems(env: Environment & Outbound, basics: Basics): string[] {
  const { SMS_PROVIDER: provider } = env;
  if (provider === undefined)
    return env.SMS_AS_FACTOR === 'allow'
      ? ['SMS_AS_FACTOR: requires SMS_PROVIDER; set it, or remove SMS_AS_FACTOR']
      : [];
  const problems = [
    ...(env.SMS_COUNTRIES?.length
      ? []
      : ['SMS_COUNTRIES: is missing; name the countries whose numbers get messages, for example DE,AT,CH']),
    ...(provider === 'log' && basics.production
      ? ['SMS_PROVIDER: log prints live codes and is for development only; use twilio']
      : []),
  ];
  return provider === 'twilio' ? [...problems, ...twilioProblems(env, basics)] : problems;
}

function twilioProblems(env: Environment & Outbound, basics: Basics): string[] {
  const needed = [
    ['SMS_FROM', env.SMS_FROM, 'the sender: a number of your account, or the SID of a messaging service'],
    ['TWILIO_ACCOUNT_SID', env.TWILIO_ACCOUNT_SID, 'the account SID of the Twilio console'],
    ['TWILIO_AUTH_TOKEN', env.TWILIO_AUTH_TOKEN, 'the auth token of the Twilio console'],
  ] as const;
  const missing = needed.filter(([, value]) => value === undefined);
  const problem = outboundProblem(outboundConfig(env, basics), env.TWILIO_API_URL);
  return [
    ...missing.map(([name, , what]) => `${name}: is missing; set ${what}`),
    ...(problem ? [`TWILIO_API_URL: ${problem}`] : []),
  ];
}
