/** The settings of the captcha. */
import { z } from 'zod';
import type { CaptchaAction, CaptchaProvider, CaptchaSettings } from '../domain/attempts/captcha.ts';
import { type OutboundSettings, outboundProblem } from '../outbound/address-rules.ts';
import type { CaptchaKind } from '../outbound/captcha/captcha-service.ts';
import { hcaptcha } from '../outbound/captcha/hcaptcha.ts';
import { recaptcha } from '../outbound/captcha/recaptcha.ts';
import { turnstile } from '../outbound/captcha/turnstile.ts';
import type { Basics } from './basics.ts';
import { url } from './formats/addresses.ts';
import { list, oneOf } from './formats/basic.ts';

/** By the name of the operation. */
const actions: ReadonlyMap<string, CaptchaAction> = new Map([
  ['register', 'REGISTER'],
  ['login', 'LOGIN'],
  ['requestPasswordReset', 'PASSWORD_RESET'],
  ['beginCodeLogin', 'CODE_LOGIN'],
]);

const hint = `use operations, comma separated, each with :after-N for N failures (1 to 100) or without; the operations are ${[...actions.keys()].join(', ')}`;

/** `login:after-3`, or an operation alone: always. */
const dueAfter = list((text): [CaptchaAction, number] | null => {
  const [, operation = '', failures = '0'] = /^(\w+)(?::after-([1-9]\d?|100))?$/.exec(text) ?? [];
  const action = actions.get(operation);
  return action === undefined ? null : [action, Number(failures)];
}, hint).transform((pairs): CaptchaSettings['dueAfter'] => Object.fromEntries(pairs));

const keyText = z.string().regex(/^[\x21-\x7e]{1,512}$/, { error: 'use the key as the service shows it' });

export const captchaSettings = {
  CAPTCHA: oneOf(['off', 'altcha', 'turnstile', 'hcaptcha', 'recaptcha']).default('off'),
  CAPTCHA_SITE_KEY: keyText.optional(),
  CAPTCHA_SECRET: keyText.optional(),
  CAPTCHA_FOR: dueAfter.prefault('register,requestPasswordReset,login:after-3,beginCodeLogin:after-3'),
  CAPTCHA_OUTAGE: oneOf(['altcha', 'allow']).default('altcha'),
  CAPTCHA_VERIFY_URL: url(['https:', 'http:']).optional(),
};

const schema = z.object(captchaSettings);
type Environment = z.infer<typeof schema>;

const services: Readonly<Record<Exclude<CaptchaProvider, 'ALTCHA'>, CaptchaKind>> = {
  TURNSTILE: turnstile,
  HCAPTCHA: hcaptcha,
  RECAPTCHA: recaptcha,
};

const providers = {
  altcha: 'ALTCHA',
  turnstile: 'TURNSTILE',
  hcaptcha: 'HCAPTCHA',
  recaptcha: 'RECAPTCHA',
} as const satisfies Record<string, CaptchaProvider>;

/** How the gateway asks the hosted service. */
export interface CaptchaServiceConfig {
  kind: CaptchaKind;
  verifyUrl: string;
  secret: string;
  hostnames: ReadonlySet<string>;
}

export function captchaConfig(env: Environment): CaptchaSettings | null {
  if (env.CAPTCHA === 'off') return null;
  return {
    provider: providers[env.CAPTCHA],
    siteKey: env.CAPTCHA_SITE_KEY ?? null,
    dueAfter: env.CAPTCHA_FOR,
    outage: env.CAPTCHA_OUTAGE,
  };
}

/** @returns null without a hosted service */
export function captchaServiceConfig(env: Environment, basics: Basics): CaptchaServiceConfig | null {
  const provider = env.CAPTCHA === 'off' ? 'ALTCHA' : providers[env.CAPTCHA];
  if (provider === 'ALTCHA' || env.CAPTCHA_SECRET === undefined) return null;
  const kind = services[provider];
  return {
    kind,
    verifyUrl: env.CAPTCHA_VERIFY_URL ?? kind.verifyUrl,
    secret: env.CAPTCHA_SECRET,
    hostnames: new Set([basics.publicUrl, basics.appUrl, ...basics.corsOrigins].map((text) => new URL(text).hostname)),
  };
}

export function captchaProblems(env: Environment, outbound: OutboundSettings): string[] {
  const { CAPTCHA: kind, CAPTCHA_SITE_KEY: siteKey, CAPTCHA_SECRET: secret, CAPTCHA_VERIFY_URL: verifyUrl } = env;
  if (kind === 'off') return [];
  if (kind === 'altcha') {
    const given = { CAPTCHA_SITE_KEY: siteKey, CAPTCHA_VERIFY_URL: verifyUrl };
    const unused = Object.entries(given).filter(([, value]) => value !== undefined);
    return [
      ...unused.map(([name]) => `${name}: altcha has none; remove it, or set CAPTCHA to the service it belongs to`),
      ...(secret !== undefined && secret.length < 32 ? ['CAPTCHA_SECRET: is too short for altcha; remove it'] : []),
    ];
  }
  const missing = Object.entries({ CAPTCHA_SITE_KEY: siteKey, CAPTCHA_SECRET: secret }).filter(([, value]) => !value);
  const problem = verifyUrl === undefined ? null : outboundProblem(outbound, verifyUrl);
  return [
    ...missing.map(([name]) => `${name}: is missing; copy it from the settings of the service, or set CAPTCHA=altcha`),
    ...(problem === null ? [] : [`CAPTCHA_VERIFY_URL: ${problem}`]),
  ];
}
