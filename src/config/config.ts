/**
 * The environment, read once and checked whole: every problem is reported at once, with the setting, what is wrong and
 * what to do, and never with the value. Nobody else reads process.env.
 */
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { type PasswordPreset, passwordPresets } from '../domain/passwords/policy.ts';
import { type LogLevel, logLevels } from '../logger.ts';
import { type MailLocale, mailLocales } from '../mail/locales.ts';
import {
  type DatabaseSettings,
  DatabaseUrlError,
  type Pooler,
  readDatabaseUrl,
} from '../persistence/connection/database-url.ts';
import { defaultLimits, type Limits } from '../ratelimit/limits.ts';
import { ConfigError } from './error.ts';
import {
  appOrigins,
  baseUrl,
  certificates,
  colour,
  domainName,
  duration,
  flag,
  imageUrl,
  integer,
  isStrongArgon2,
  limits,
  lockout,
  manifest,
  metricsToken,
  networks,
  oneOf,
  origins,
  privateHost,
  productName,
  roleNames,
  type Sender,
  secret,
  sender,
  sharedSecret,
  supportUrl,
  url,
} from './formats.ts';
import { type NearMiss, nearMisses } from './near-misses.ts';
import { requiresTls, smtpProblems } from './urls.ts';

export { ConfigError };

/** Durations in seconds. */
export interface Config {
  production: boolean;
  /** Whether NODE_ENV is `development`: a gateway on a developer's machine. */
  development: boolean;
  host: string;
  port: number;
  /** How long a stopping instance still serves while `/readyz` answers 503. */
  shutdownDelaySeconds: number;
  publicUrl: string;
  appUrl: string;
  /** Whether mails link to the gateway's own pages, because APP_URL is unset. */
  servesMailLinks: boolean;
  database: {
    url: string | null;
    /** Past the pooler, for migrations. */
    directUrl: string | null;
    /** The path of a PEM file. */
    ca: string | null;
    /** Where the URL gives none. */
    sslMode: string | null;
    pooler: Pooler;
    poolMax: number;
  };
  /** What mails, authenticator apps and the password policy call this service. */
  productName: string;
  mail: {
    smtpUrl: string | null;
    /** Whether `smtp:` fails where the server offers no STARTTLS. */
    requireTls: boolean;
    from: Sender;
    /** Of readers whose own is not known. */
    locale: MailLocale;
    colour: string;
    logoUrl: string | null;
    supportUrl: string | null;
  };
  /** Newest first; empty: development makes one. */
  secrets: readonly Buffer[];
  corsOrigins: readonly string[];
  trustedProxies: readonly string[];
  /**
   * The site that passkeys belong to: a host or a domain above it, and the origins that may use them. `outside` are the
   * configured origins that browsers would keep from using passkeys of that domain.
   */
  passkeys: { rpId: string; origins: readonly string[]; outside: readonly string[] };
  emailVerification: 'required' | 'off';
  passwordPreset: PasswordPreset;
  breachCheckUrl: string | null;
  accessTokenTtlSeconds: number;
  refreshTokenTtlSeconds: number;
  refreshGraceSeconds: number;
  lockout: { maxFailures: number; firstLockSeconds: number };
  redisUrl: string | null;
  limits: Limits;
  rateLimitAllowlist: readonly string[];
  adminIpAllowlist: readonly string[];
  mfaRequiredFor: readonly string[];
  reauthWindowSeconds: number;
  softDeleteRetentionSeconds: number;
  auditRetentionSeconds: number;
  keyRotationSeconds: number;
  argon2: { memoryKib: number; passes: number };
  /** What the federation router sends as `Router-Authorization`; null: nobody is a router. */
  routerSecret: string | null;
  sandbox: boolean;
  introspection: boolean;
  /** How `/metrics` is read: with a token on the main port, or on a port of its own; both null: not at all. */
  metrics: { token: string | null; port: number | null };
  /** The text of each document that is answered, by its id; null: every document is. */
  trustedDocuments: ReadonlyMap<string, string> | null;
  logLevel: LogLevel;
}

const environmentSchema = z.object({
  NODE_ENV: oneOf(['development', 'test', 'production']).default('development'),
  HOST: z.string().optional(),
  PORT: integer(0, 65_535).default(4000),
  SHUTDOWN_DELAY: duration(0, 300).optional(),
  PUBLIC_URL: baseUrl.optional(),
  APP_URL: baseUrl.optional(),
  DATABASE_URL: url(['postgres:', 'postgresql:']).optional(),
  DATABASE_CA: certificates.optional(),
  PGSSLMODE: oneOf(['disable', 'require', 'verify-ca', 'verify-full', 'no-verify']).optional(),
  DATABASE_POOLER: oneOf(['none', 'transaction']).default('none'),
  DATABASE_DIRECT_URL: url(['postgres:', 'postgresql:']).optional(),
  DATABASE_POOL_MAX: integer(2, 1000).default(10),
  SMTP_URL: url(['smtp:', 'smtps:']).optional(),
  SMTP_PLAIN_HOST: privateHost.optional(),
  MAIL_FROM: sender.optional(),
  MAIL_LOCALE: oneOf(mailLocales).default('en'),
  MAIL_COLOR: colour.default('#1f4b99'),
  MAIL_LOGO_URL: imageUrl.optional(),
  SUPPORT_URL: supportUrl.optional(),
  PRODUCT_NAME: productName.default('Postern'),
  SECRET: secret.optional(),
  SECRET_PREVIOUS: secret.optional(),
  CORS_ORIGINS: origins.default([]),
  TRUSTED_PROXIES: networks.default([]),
  PASSKEY_RP_ID: domainName.optional(),
  PASSKEY_ORIGINS: appOrigins.default([]),
  EMAIL_VERIFICATION: oneOf(['required', 'off']).default('required'),
  PASSWORD_POLICY: oneOf(passwordPresets).default('classic'),
  BREACH_CHECK_URL: baseUrl.optional(),
  ACCESS_TOKEN_TTL: duration(60, 3600).default(900),
  REFRESH_TOKEN_TTL: duration(300, 30 * 86_400).default(7 * 86_400),
  REFRESH_GRACE: duration(0, 60).default(30),
  LOCKOUT: lockout.default({ maxFailures: 5, firstLockSeconds: 900 }),
  REDIS_URL: url(['redis:', 'rediss:']).optional(),
  RATE_LIMITS: limits.default(defaultLimits),
  RATE_LIMIT_ALLOWLIST: networks.optional(),
  ADMIN_IP_ALLOWLIST: networks.default([]),
  MFA_REQUIRED_FOR: roleNames.optional(),
  REAUTH_WINDOW: duration(60, 86_400).default(600),
  SOFT_DELETE_RETENTION: duration(3600, 3650 * 86_400).default(30 * 86_400),
  AUDIT_RETENTION: duration(86_400, 3650 * 86_400).default(365 * 86_400),
  KEY_ROTATION: duration(86_400, 365 * 86_400).default(30 * 86_400),
  ARGON2_MEMORY_KIB: integer(7168, 1_048_576).default(19_456),
  ARGON2_PASSES: integer(1, 20).default(2),
  ROUTER_SECRET: sharedSecret.optional(),
  SANDBOX: flag.optional(),
  INTROSPECTION: flag.optional(),
  METRICS_TOKEN: metricsToken.optional(),
  METRICS_PORT: integer(0, 65_535).optional(),
  TRUSTED_DOCUMENTS: manifest.optional(),
  LOG_LEVEL: oneOf(logLevels).optional(),
});

/** The names of all settings. */
export const settingNames: readonly string[] = Object.keys(environmentSchema.shape);

type Environment = z.infer<typeof environmentSchema>;

/**
 * Password hashing uses the thread pool that files and name look-ups use as well; with as many threads as cores and a
 * few more, neither waits for the other. Works only before the pool is first used.
 */
export function widenThreadPool(): void {
  process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, availableParallelism() + 2));
}

/** @returns the variables that look like misspelt settings */
export function misspeltSettings(environment: Readonly<Record<string, string | undefined>> = process.env): NearMiss[] {
  return nearMisses(Object.keys(environment), Object.keys(environmentSchema.shape));
}

/** @throws ConfigError with every problem */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const parsed = environmentSchema.safeParse(set);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  if (parsed.success && set.SECRET_PREVIOUS && !set.SECRET)
    problems.push('SECRET_PREVIOUS: needs SECRET, the one that follows it');
  if (parsed.success && parsed.data.SECRET && parsed.data.SECRET_PREVIOUS?.equals(parsed.data.SECRET))
    problems.push('SECRET_PREVIOUS: is the same as SECRET: give the one before, or leave it out');
  if (
    parsed.success &&
    set.NODE_ENV === 'production' &&
    !isStrongArgon2(parsed.data.ARGON2_MEMORY_KIB, parsed.data.ARGON2_PASSES)
  )
    problems.push(
      'ARGON2_MEMORY_KIB, ARGON2_PASSES: are too weak together: give at least 47104 and 1, 19456 and 2, 12288 and 3, 9216 and 4, or 7168 and 5',
    );
  if (parsed.success && parsed.data.METRICS_PORT === parsed.data.PORT && parsed.data.PORT !== 0)
    problems.push('METRICS_PORT: is the same as PORT: give another one');
  if (parsed.success && !isServedAt(passkeysOf(parsed.data).rpId, addressesOf(parsed.data).appUrl))
    problems.push('PASSKEY_RP_ID: browsers would refuse it: give the host of APP_URL, or a domain above it');
  if (parsed.success) problems.push(...databaseProblems(parsed.data), ...transportProblems(parsed.data, set));
  if (set.NODE_ENV === 'production') problems.push(...missingInProduction(set));
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return configFrom(parsed.data);
}

function databaseProblems(env: Environment): string[] {
  const urls = { DATABASE_URL: env.DATABASE_URL, DATABASE_DIRECT_URL: env.DATABASE_DIRECT_URL };
  const problems = Object.entries(urls).flatMap(([name, given]) => {
    if (given === undefined) return [];
    const pooler = name === 'DATABASE_URL' ? env.DATABASE_POOLER : 'none';
    const settings = { url: given, ca: env.DATABASE_CA ?? null, sslMode: env.PGSSLMODE ?? null, pooler };
    return targetProblems(settings, env.NODE_ENV).map((problem) => `${name}: ${problem}`);
  });
  if (env.DATABASE_POOLER === 'transaction' && !env.DATABASE_DIRECT_URL)
    problems.push(
      'DATABASE_DIRECT_URL: is missing: migrations need the address of PostgreSQL past the pooler of DATABASE_POOLER',
    );
  if (env.DATABASE_DIRECT_URL && !env.DATABASE_URL)
    problems.push('DATABASE_DIRECT_URL: needs DATABASE_URL, the address through the pooler');
  return problems;
}

function targetProblems(settings: DatabaseSettings, environment: Environment['NODE_ENV']): readonly string[] {
  try {
    return readDatabaseUrl(settings).isUnverified && environment === 'production'
      ? ['sslmode: no-verify is not allowed in production; give verify-full, with DATABASE_CA for a CA of your own']
      : [];
  } catch (error) {
    if (error instanceof DatabaseUrlError) return error.problems;
    throw error;
  }
}

/** Production encrypts, and checks the certificates of servers that are not on this machine. */
function transportProblems(env: Environment, set: Readonly<Record<string, string | undefined>>): string[] {
  if (env.NODE_ENV !== 'production') return [];
  const problems = env.SMTP_URL ? smtpProblems(env.SMTP_URL).map((problem) => `SMTP_URL: ${problem}`) : [];
  if (set.NODE_TLS_REJECT_UNAUTHORIZED === '0')
    problems.push('NODE_TLS_REJECT_UNAUTHORIZED: switches off every check of a certificate; leave it out');
  return problems;
}

function missingInProduction(set: Readonly<Record<string, unknown>>): string[] {
  const needed = {
    SECRET: 'is missing: make one with "openssl rand -base64 32" and keep it',
    DATABASE_URL: 'is missing: give the URL of a PostgreSQL 14 or newer',
    SMTP_URL: 'is missing: give the URL of a mail server, such as smtps://user:password@mail.example.com',
    MAIL_FROM: 'is missing: give the sender of the mails, such as Postern <no-reply@example.com>',
    PUBLIC_URL: 'is missing: give the address of this gateway as clients reach it, such as https://auth.example.com',
  };
  return Object.entries(needed).flatMap(([name, hint]) => (set[name] === undefined ? [`${name}: ${hint}`] : []));
}

function addressesOf(env: Environment): { publicUrl: string; appUrl: string } {
  const publicUrl = env.PUBLIC_URL ?? `http://localhost:${env.PORT}`;
  return { publicUrl, appUrl: env.APP_URL ?? publicUrl };
}

function passkeysOf(env: Environment): Config['passkeys'] {
  const { publicUrl, appUrl } = addressesOf(env);
  const rpId = env.PASSKEY_RP_ID ?? new URL(appUrl).hostname;
  const pages = new Set([...[appUrl, publicUrl].map((address) => new URL(address).origin), ...env.CORS_ORIGINS]);
  const within = [...pages].filter((origin) => isServedAt(rpId, origin));
  const outside = [...pages].filter((origin) => !isServedAt(rpId, origin));
  return { rpId, origins: [...new Set([...within, ...env.PASSKEY_ORIGINS])], outside };
}

/** Whether pages of the address may use passkeys of this domain. Which domains are everybody's, browsers know. */
function isServedAt(rpId: string, address: string): boolean {
  const { hostname } = new URL(address);
  return hostname === rpId || (rpId.includes('.') && hostname.endsWith(`.${rpId}`));
}

/** A developer calls from the own machine, far more often than any limit by source expects. */
const loopback = ['127.0.0.0/8', '::1/128'];

function configFrom(env: Environment): Config {
  const production = env.NODE_ENV === 'production';
  const development = env.NODE_ENV === 'development';
  const { publicUrl, appUrl } = addressesOf(env);
  return {
    production,
    development,
    host: env.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port: env.PORT,
    shutdownDelaySeconds: env.SHUTDOWN_DELAY ?? (production ? 5 : 0),
    publicUrl,
    appUrl,
    servesMailLinks: env.APP_URL === undefined,
    database: {
      url: env.DATABASE_URL ?? null,
      directUrl: env.DATABASE_DIRECT_URL ?? null,
      ca: env.DATABASE_CA ?? null,
      sslMode: env.PGSSLMODE ?? null,
      pooler: env.DATABASE_POOLER,
      poolMax: env.DATABASE_POOL_MAX,
    },
    productName: env.PRODUCT_NAME,
    mail: {
      smtpUrl: env.SMTP_URL ?? null,
      requireTls: env.SMTP_URL !== undefined && requiresTls(env.SMTP_URL, env.SMTP_PLAIN_HOST),
      from: env.MAIL_FROM ?? { name: 'Postern', address: 'no-reply@localhost' },
      locale: env.MAIL_LOCALE,
      colour: env.MAIL_COLOR,
      logoUrl: env.MAIL_LOGO_URL ?? null,
      supportUrl: env.SUPPORT_URL ?? null,
    },
    secrets: [env.SECRET, env.SECRET_PREVIOUS].filter((bytes) => bytes !== undefined),
    corsOrigins: env.CORS_ORIGINS,
    trustedProxies: env.TRUSTED_PROXIES,
    passkeys: passkeysOf(env),
    emailVerification: env.EMAIL_VERIFICATION,
    passwordPreset: env.PASSWORD_POLICY,
    breachCheckUrl: env.BREACH_CHECK_URL ?? null,
    accessTokenTtlSeconds: env.ACCESS_TOKEN_TTL,
    refreshTokenTtlSeconds: env.REFRESH_TOKEN_TTL,
    refreshGraceSeconds: env.REFRESH_GRACE,
    lockout: env.LOCKOUT,
    redisUrl: env.REDIS_URL ?? null,
    limits: env.RATE_LIMITS,
    rateLimitAllowlist: env.RATE_LIMIT_ALLOWLIST ?? (development ? loopback : []),
    adminIpAllowlist: env.ADMIN_IP_ALLOWLIST,
    mfaRequiredFor: env.MFA_REQUIRED_FOR ?? (production ? ['SUPER_ADMIN', 'ADMIN'] : []),
    reauthWindowSeconds: env.REAUTH_WINDOW,
    softDeleteRetentionSeconds: env.SOFT_DELETE_RETENTION,
    auditRetentionSeconds: env.AUDIT_RETENTION,
    keyRotationSeconds: env.KEY_ROTATION,
    argon2: { memoryKib: env.ARGON2_MEMORY_KIB, passes: env.ARGON2_PASSES },
    routerSecret: env.ROUTER_SECRET ?? null,
    sandbox: env.SANDBOX ?? !production,
    introspection: env.INTROSPECTION ?? !production,
    metrics: { token: env.METRICS_TOKEN ?? null, port: env.METRICS_PORT ?? null },
    trustedDocuments: env.TRUSTED_DOCUMENTS ?? null,
    logLevel: env.LOG_LEVEL ?? (production ? 'info' : 'warn'),
  };
}
