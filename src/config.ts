/**
 * The environment, read once and checked whole: every problem is reported at once, with the setting, what is wrong and
 * what to do, and never with the value. Nobody else reads process.env.
 */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { type PasswordPreset, passwordPresets } from './domain/password-policy.ts';
import { type LogLevel, logLevels } from './logger.ts';
import { type MailLocale, mailLocales } from './mail/locales.ts';
import { defaultLimits, type Limit, type Limits } from './ratelimit/limits.ts';

/** Durations in seconds. */
export interface Config {
  production: boolean;
  host: string;
  port: number;
  publicUrl: string;
  appUrl: string;
  database: { url: string | null; poolMax: number };
  /** What mails, authenticator apps and the password policy call this service. */
  productName: string;
  mail: {
    smtpUrl: string | null;
    from: string;
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
  /** The site that passkeys belong to: a host or a domain above it, and the origins of its pages. */
  passkeys: { rpId: string; origins: readonly string[] };
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

export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(['The configuration is not usable:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
    this.problems = problems;
  }
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `15m`: a whole number and its unit. A number alone would be read as seconds by some and as milliseconds by others. */
const duration = (min: number, max: number) =>
  z.string().transform((text, context) => {
    const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
    const seconds = amount && unit ? Number(amount) * (unitSeconds[unit] ?? 0) : Number.NaN;
    if (seconds >= min && seconds <= max) return seconds;
    context.addIssue(`give a duration from ${min}s to ${max}s with its unit, such as 90s, 15m, 12h or 7d`);
    return z.NEVER;
  });

const integer = (min: number, max: number) =>
  z.string().transform((text, context) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    context.addIssue(`give a whole number from ${min} to ${max}`);
    return z.NEVER;
  });

const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `give one of ${values.join(', ')}` });

const url = (protocols: readonly string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `give a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });

/** An address that others append paths to. */
const baseUrl = url(['http:', 'https:']).transform((text, context) => {
  const { origin, pathname, search, hash, username, password } = new URL(text);
  if (search || hash || username || password) {
    context.addIssue('give an address without user, query and fragment');
    return z.NEVER;
  }
  return `${origin}${pathname.replace(/\/+$/, '')}`;
});

const list = <T>(item: (text: string) => T | null, hint: string) =>
  z.string().transform((text, context) => {
    const items = text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean)
      .map(item);
    const good = items.filter((value) => value !== null);
    if (good.length === items.length) return good;
    context.addIssue(hint);
    return z.NEVER;
  });

const origins = list(
  (text) => (URL.canParse(text) && new URL(text).origin === text && !text.includes('*') ? text : null),
  'give origins such as https://app.example.com, comma separated, without a path and without *',
);

/** Not an address: browsers keep passkeys for names only. */
const domainName = z.string().regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z][a-z0-9-]{0,61}[a-z0-9]$/, {
  error: 'give a domain such as example.com, in lower case',
});

const networks = list((text) => {
  const [address = '', bits, ...rest] = text.split('/');
  const version = /^::ffff:/i.test(address) ? 0 : isIP(address);
  const width = version === 4 ? 32 : 128;
  const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= width);
  return version !== 0 && rest.length === 0 && fits ? text : null;
}, 'give networks such as 10.0.0.0/8 or fd00::/8, comma separated');

/** `none`, or names of roles. */
const roleNames = z.string().transform((text, context) => {
  const names = text === 'none' ? [] : text.split(',').map((part) => part.trim());
  if (names.every((name) => /^[A-Z][A-Z0-9_]{1,63}$/.test(name))) return names;
  context.addIssue('give names of roles such as SUPER_ADMIN,ADMIN, comma separated, or none');
  return z.NEVER;
});

/** `5/15m`: so many failures, and the length of the first lock. */
const lockout = z.string().transform((text, context) => {
  const [failures = '', length = '', ...rest] = text.split('/');
  const maxFailures = integer(3, 100).safeParse(failures);
  const firstLockSeconds = duration(60, 86_400).safeParse(length);
  if (maxFailures.success && firstLockSeconds.success && rest.length === 0) {
    return { maxFailures: maxFailures.data, firstLockSeconds: firstLockSeconds.data };
  }
  context.addIssue('give failures (3 to 100) and the first lock (1m to 24h), such as 5/15m');
  return z.NEVER;
});

/** `login=10/15m,register=off`: what differs from the defaults. */
const limits = z.string().transform((text, context): Limits => {
  const names = Object.keys(defaultLimits);
  const changes = text.split(',').map((part) => parseLimit(part.trim()));
  if (changes.every((change) => change !== null)) return { ...defaultLimits, ...Object.fromEntries(changes) };
  context.addIssue(`give pairs such as login=10/15m or register=off; the names are ${names.join(', ')}`);
  return z.NEVER;
});

function parseLimit(text: string): [string, Limit | null] | null {
  const [, name = '', value = ''] = /^(\w+)=(.+)$/.exec(text) ?? [];
  if (!Object.hasOwn(defaultLimits, name)) return null;
  if (value === 'off') return [name, null];
  const [max = '', window = '', ...rest] = value.split('/');
  const parsedMax = integer(1, 1_000_000).safeParse(max);
  const parsedWindow = duration(1, 86_400).safeParse(window);
  return parsedMax.success && parsedWindow.success && rest.length === 0
    ? [name, { max: parsedMax.data, windowSeconds: parsedWindow.data }]
    : null;
}

/** Up to 50 characters that show. A colon would end the issuer's part of an otpauth address. */
const productName = z
  .string()
  .trim()
  .regex(/^[^:\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,50}$/u, {
    error: 'give a name of up to 50 characters, without a colon',
  });

const colour = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, { error: 'give a colour such as #1f4b99' })
  .toLowerCase();

/** Readers' mail programs fetch it. */
const imageUrl = url(['https:']).transform((text) => new URL(text).href);

const supportPattern = /^mailto:[^\s<>@?]+@[^\s<>@?]+$|^https:\/\/[^\s<>@]+$/;

const supportUrl = z.string().refine((text) => supportPattern.test(text) && URL.canParse(text), {
  error: 'give an address such as https://example.com/help or mailto:help@example.com',
});

const minSecretBytes = 32;

const secret = z.string().transform((text, context) => {
  const bytes = Buffer.from(text, 'base64');
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(text);
  const varied = new Set(bytes).size >= 12;
  if (isBase64 && bytes.length >= minSecretBytes && varied) return bytes;
  context.addIssue(`give at least ${minSecretBytes} random bytes in base64: make them with "openssl rand -base64 32"`);
  return z.NEVER;
});

/** A secret that others send in a header. */
const sharedSecret = z.string().regex(/^[\x21-\x7e]{32,512}$/, {
  error: 'give 32 characters or more, without white space: make them with "openssl rand -base64 32"',
});

const flag = z.enum(['true', 'false'], { error: 'give true or false' }).transform((text) => text === 'true');

/** The path of a file that codegen's client preset writes with `persistedDocuments`: texts by their ids. */
const manifest = z.string().transform((path, context): ReadonlyMap<string, string> => {
  const complain = (problem: string) => {
    context.addIssue(`${problem}; give the path of the persisted-documents.json of codegen's client preset`);
    return z.NEVER;
  };
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return complain('the file cannot be read');
  }
  const parsed = z.preprocess(parseJson, z.record(z.string().min(1), z.string().min(1))).safeParse(text);
  if (!parsed.success) return complain('the file is not a JSON object of documents by their ids');
  const documents = new Map(Object.entries(parsed.data));
  return documents.size > 0 ? documents : complain('the file holds no document');
});

function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

const environmentSchema = z.object({
  NODE_ENV: oneOf(['development', 'test', 'production']).default('development'),
  HOST: z.string().optional(),
  PORT: integer(0, 65_535).default(4000),
  PUBLIC_URL: baseUrl.optional(),
  APP_URL: baseUrl.optional(),
  DATABASE_URL: url(['postgres:', 'postgresql:']).optional(),
  DATABASE_POOL_MAX: integer(2, 1000).default(10),
  SMTP_URL: url(['smtp:', 'smtps:']).optional(),
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n<>]*<[^\s<>@]+@[^\s<>@]+>$|^[^\s<>@]+@[^\s<>@]+$/, {
      error: 'give an address, such as Postern <no-reply@example.com>',
    })
    .optional(),
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
  EMAIL_VERIFICATION: oneOf(['required', 'off']).default('required'),
  PASSWORD_POLICY: oneOf(passwordPresets).default('classic'),
  BREACH_CHECK_URL: baseUrl.optional(),
  ACCESS_TOKEN_TTL: duration(60, 3600).default(900),
  REFRESH_TOKEN_TTL: duration(300, 30 * 86_400).default(7 * 86_400),
  REFRESH_GRACE: duration(0, 60).default(10),
  LOCKOUT: lockout.default({ maxFailures: 5, firstLockSeconds: 900 }),
  REDIS_URL: url(['redis:', 'rediss:']).optional(),
  RATE_LIMITS: limits.default(defaultLimits),
  RATE_LIMIT_ALLOWLIST: networks.default([]),
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
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,256}$/, { error: 'give 16 characters or more, without spaces: "openssl rand -hex 24"' })
    .optional(),
  METRICS_PORT: integer(0, 65_535).optional(),
  TRUSTED_DOCUMENTS: manifest.optional(),
  LOG_LEVEL: oneOf(logLevels).optional(),
});

type Environment = z.infer<typeof environmentSchema>;

/**
 * Password hashing uses the thread pool that files and name look-ups use as well; with as many threads as cores and a
 * few more, neither waits for the other. Works only before the pool is first used.
 */
export function widenThreadPool(): void {
  process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, availableParallelism() + 2));
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
  if (parsed.success && parsed.data.METRICS_PORT === parsed.data.PORT && parsed.data.PORT !== 0)
    problems.push('METRICS_PORT: is the same as PORT: give another one');
  if (parsed.success && !isServedAt(passkeysOf(parsed.data).rpId, addressesOf(parsed.data).appUrl))
    problems.push('PASSKEY_RP_ID: browsers would refuse it: give the host of APP_URL, or a domain above it');
  if (set.NODE_ENV === 'production') problems.push(...missingInProduction(set));
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return configFrom(parsed.data);
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
  const origins = new Set([...[appUrl, publicUrl].map((address) => new URL(address).origin), ...env.CORS_ORIGINS]);
  return { rpId, origins: [...origins].filter((origin) => isServedAt(rpId, origin)) };
}

/** Whether pages of the address may use passkeys of this domain. Which domains are everybody's, browsers know. */
function isServedAt(rpId: string, address: string): boolean {
  const { hostname } = new URL(address);
  return hostname === rpId || (rpId.includes('.') && hostname.endsWith(`.${rpId}`));
}

function configFrom(env: Environment): Config {
  const production = env.NODE_ENV === 'production';
  const { publicUrl, appUrl } = addressesOf(env);
  return {
    production,
    host: env.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port: env.PORT,
    publicUrl,
    appUrl,
    database: { url: env.DATABASE_URL ?? null, poolMax: env.DATABASE_POOL_MAX },
    productName: env.PRODUCT_NAME,
    mail: {
      smtpUrl: env.SMTP_URL ?? null,
      from: env.MAIL_FROM ?? 'Postern <no-reply@localhost>',
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
    rateLimitAllowlist: env.RATE_LIMIT_ALLOWLIST,
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
