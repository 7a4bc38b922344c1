/**
 * Reads the environment once and checks it whole. Reports every problem at once: the setting, what is wrong and what to
 * give, never the value. No other code reads process.env.
 */
import { z } from 'zod';
import type { EffectiveSetting } from '../domain/administration/effective-settings.ts';
import type { DomainSettings } from '../domain/settings.ts';
import type { HttpSettings } from '../http/options.ts';
import type { PagesSettings } from '../http/pages/built/settings.ts';
import { type LogLevel, logLevels } from '../logger.ts';
import { type OutboundSettings, outboundProblem } from '../outbound/address-rules.ts';
import { calledAddresses } from '../outbound/providers/provider-server.ts';
import type { HashParameters } from '../security/passwords/password-hash.ts';
import { type Basics, basicSettings, basicsOf } from './basics.ts';
import {
  type CaptchaServiceConfig,
  captchaConfig,
  captchaProblems,
  captchaServiceConfig,
  captchaSettings,
} from './captcha.ts';
import { type DatabaseConfig, databaseConfig, databaseProblems, databaseSettings } from './database.ts';
import { domainConfig, domainProblems, domainSettings } from './domain.ts';
import { effectiveSettings } from './effective.ts';
import { ConfigError } from './error.ts';
import { oneOf } from './formats/basic.ts';
import { secret } from './formats/secrets.ts';
import { gatewaySettings } from './gateway.ts';
import { type GeoConfig, geoConfig, geoSettings } from './geo.ts';
import { type HookSettings, hasMailHook, hookProblems, hookSettings } from './hooks.ts';
import {
  type GraphqlConfig,
  geoHeaderProblems,
  graphqlConfig,
  httpConfig,
  httpSettings,
  type ListenerConfig,
  listenerConfig,
  listenerProblems,
} from './http.ts';
import { type LimitsConfig, limitSettings, limitsConfig } from './limits.ts';
import { type MailConfig, mailConfig, mailProblems, mailSettings } from './mail.ts';
import { type NearMiss, nearMisses } from './near-misses.ts';
import { outboundConfig, outboundSettings } from './outbound.ts';
import { pagesConfig, pagesSettings } from './pages.ts';
import { type SmsConfig, smsConfig, smsProblems } from './sms.ts';
import { type TelemetryConfig, telemetryConfig, telemetrySettings } from './telemetry.ts';
import { type WebhookConfig, webhookConfig, webhookSettings } from './webhooks.ts';

export { ConfigError };

type Variables = Readonly<Record<string, string | undefined>>;

/** Nested by consumer: each takes its part whole. Durations are in seconds. */
export interface Config {
  basics: Basics;
  logLevel: LogLevel;
  /** SECRET and SECRET_PREVIOUS, newest first; empty: development generates one. */
  secrets: readonly Buffer[];
  listeners: ListenerConfig;
  http: HttpSettings;
  graphql: GraphqlConfig;
  limits: LimitsConfig;
  domain: DomainSettings;
  signingKeys: { accessTokenTtlSeconds: number; rotationSeconds: number };
  passwordHashing: HashParameters;
  /** Whether users can sign in with the password hashes of an import. */
  importedHashes: boolean;
  outbound: OutboundSettings;
  geo: GeoConfig;
  captcha: {
    /** null: the key of challenges is derived from SECRET. */
    challengeSecret: string | null;
    /** null: the gateway itself verifies captchas, or there are none. */
    service: CaptchaServiceConfig | null;
  };
  hooks: readonly HookSettings[];
  /** null: passwords are not checked for breaches. */
  breachCheckUrl: string | null;
  mail: MailConfig;
  /** null: no text messages are sent. */
  sms: SmsConfig | null;
  pages: PagesSettings;
  database: DatabaseConfig;
  telemetry: TelemetryConfig;
  webhooks: WebhookConfig;
  effective: readonly EffectiveSetting[];
}

const environmentSchema = z.object({
  ...basicSettings,
  ...databaseSettings,
  ...mailSettings,
  ...limitSettings,
  ...domainSettings,
  ...httpSettings,
  ...telemetrySettings,
  ...outboundSettings,
  ...captchaSettings,
  ...hookSettings,
  ...pagesSettings,
  ...webhookSettings,
  ...geoSettings,
  SECRET: secret.optional(),
  SECRET_PREVIOUS: secret.optional(),
  LOG_LEVEL: oneOf(logLevels).optional(),
});

type Environment = z.infer<typeof environmentSchema>;

/** The names of all settings, of the server and of `postern gateway`. */
export const settingNames: readonly string[] = Object.keys({ ...environmentSchema.shape, ...gatewaySettings });

/** @returns the variables that look like misspelt settings */
export function misspeltSettings(environment: Variables = process.env): NearMiss[] {
  return nearMisses(Object.keys(environment), settingNames);
}

/** @throws ConfigError with every problem */
export function readConfig(environment: Variables = process.env): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const parsed = environmentSchema.safeParse(set);
  const problems = parsed.success
    ? problemsOf(parsed.data, set)
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  if (set.NODE_ENV === 'production') problems.push(...missingInProduction(set, parsed.data));
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return { ...configFrom(parsed.data), effective: effectiveSettings(environmentSchema.shape, set) };
}

/** Problems between settings that are valid one by one. */
function problemsOf(env: Environment, set: Variables): string[] {
  const basics = basicsOf(env);
  return [
    ...secretProblems(env),
    ...listenerProblems(env, basics),
    ...databaseProblems(env, basics),
    ...mailProblems(env, basics),
    ...domainProblems(env, basics),
    ...breachCheckProblems(env, basics),
    ...providerProblems(env, basics),
    ...geoHeaderProblems(env),
    ...smsProblems(env, basics),
    ...captchaProblems(env, outboundConfig(env, basics)),
    ...hookProblems(env, outboundConfig(env, basics)),
    ...(basics.production && set.NODE_TLS_REJECT_UNAUTHORIZED === '0'
      ? ['NODE_TLS_REJECT_UNAUTHORIZED: disables certificate verification; remove it']
      : []),
  ];
}

function secretProblems({ SECRET, SECRET_PREVIOUS }: Environment): string[] {
  if (!SECRET_PREVIOUS) return [];
  if (!SECRET) return ['SECRET_PREVIOUS: requires SECRET; set SECRET to the new secret'];
  return SECRET_PREVIOUS.equals(SECRET)
    ? ['SECRET_PREVIOUS: equals SECRET; set it to the previous secret, or remove it']
    : [];
}

function breachCheckProblems(env: Environment, basics: Basics): string[] {
  const problem = env.BREACH_CHECK_URL && outboundProblem(outboundConfig(env, basics), env.BREACH_CHECK_URL);
  return problem ? [`BREACH_CHECK_URL: ${problem}`] : [];
}

/** Only a fault of the file reaches a user otherwise: as a failed sign-in. */
function providerProblems(env: Environment, basics: Basics): string[] {
  const settings = outboundConfig(env, basics);
  const providers = env.FEDERATED_PROVIDERS?.(basics.publicUrl) ?? [];
  return providers.flatMap((provider) =>
    Object.values(calledAddresses(provider)).flatMap((url) => {
      const problem = outboundProblem(settings, url);
      return problem ? [`FEDERATED_PROVIDERS: ${provider.slug}: ${problem}`] : [];
    }),
  );
}

function missingInProduction(set: Variables, env: Environment | undefined): string[] {
  const needed = {
    SECRET: 'is missing; create one with "openssl rand -base64 32" and store it safely',
    DATABASE_URL: 'is missing; set the URL of a PostgreSQL server, version 14 or newer',
    ...(!(env && hasMailHook(env)) && {
      SMTP_URL: 'is missing; set the URL of a mail server, for example smtps://user:password@mail.example.com',
    }),
    MAIL_FROM: 'is missing; set the sender of the mails, for example Postern <no-reply@example.com>',
    PUBLIC_URL: 'is missing; set the address of this gateway for clients, for example https://auth.example.com',
  };
  return Object.entries(needed).flatMap(([name, hint]) => (set[name] === undefined ? [`${name}: ${hint}`] : []));
}

function configFrom(env: Environment): Omit<Config, 'effective'> {
  const basics = basicsOf(env);
  const limits = limitsConfig(env, basics);
  const domain = { ...domainConfig(env, basics, limits.allowlist), captcha: captchaConfig(env) };
  const mail = mailConfig(env, basics, env.PRODUCT_NAME);
  return {
    basics,
    logLevel: env.LOG_LEVEL ?? (basics.production ? 'info' : 'warn'),
    secrets: [env.SECRET, env.SECRET_PREVIOUS].filter((bytes) => bytes !== undefined),
    listeners: listenerConfig(env, basics),
    http: httpConfig(env, basics, env.APP_URL !== undefined),
    graphql: graphqlConfig(env, basics),
    limits,
    domain,
    signingKeys: { accessTokenTtlSeconds: env.ACCESS_TOKEN_TTL, rotationSeconds: env.KEY_ROTATION },
    passwordHashing: { memoryKib: env.ARGON2_MEMORY_KIB, passes: env.ARGON2_PASSES },
    importedHashes: env.IMPORTED_HASHES === 'on',
    outbound: outboundConfig(env, basics),
    geo: geoConfig(env),
    captcha: {
      challengeSecret: env.CAPTCHA === 'altcha' ? (env.CAPTCHA_SECRET ?? null) : null,
      service: captchaServiceConfig(env, basics),
    },
    hooks: env.HOOKS ?? [],
    breachCheckUrl: env.BREACH_CHECK_URL ?? null,
    mail,
    sms: smsConfig(env),
    pages: pagesConfig(env, basics, mail, domain),
    database: databaseConfig(env),
    telemetry: telemetryConfig(env),
    webhooks: webhookConfig(env),
  };
}
