/** How the values of settings are written (config/config.ts says which setting takes which): each says what to give instead. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { defaultLimits, type Limit, type Limits } from '../ratelimit/limits.ts';
import { isPrivateHost, urlProblem, withoutBrackets } from './urls.ts';

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `15m`: a whole number and its unit. A number alone would be read as seconds by some and as milliseconds by others. */
export const duration = (min: number, max: number) =>
  z.string().transform((text, context) => {
    const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
    const seconds = amount && unit ? Number(amount) * (unitSeconds[unit] ?? 0) : Number.NaN;
    if (seconds >= min && seconds <= max) return seconds;
    context.addIssue(`give a duration from ${min}s to ${max}s with its unit, such as 90s, 15m, 12h or 7d`);
    return z.NEVER;
  });

export const integer = (min: number, max: number) =>
  z.string().transform((text, context) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    context.addIssue(`give a whole number from ${min} to ${max}`);
    return z.NEVER;
  });

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `give one of ${values.join(', ')}` });

export const url = (protocols: readonly string[]) =>
  z.string().superRefine((text, context) => {
    const problem = urlProblem(text, protocols);
    if (problem) context.addIssue(problem);
  });

/** An address that others append paths to. */
export const baseUrl = url(['http:', 'https:']).transform((text, context) => {
  const { origin, pathname, username, password } = new URL(text);
  // A lone `?` or `#` leaves query and fragment empty.
  if (/[?#]/.test(text) || username || password) {
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

/** As browsers send it. Pages of native shells and extensions have schemes of their own, such as capacitor://localhost. */
function isOrigin(text: string): boolean {
  if (!URL.canParse(text) || text.includes('*')) return false;
  const { origin, protocol } = new URL(text);
  if (origin !== 'null') return origin === text;
  return protocol !== 'file:' && /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9._-]+(:\d{1,5})?$/.test(text);
}

export const origins = list(
  (text) => (isOrigin(text) ? text : null),
  'give origins such as https://app.example.com, comma separated, without a path and without *',
);

/**
 * What clients of passkeys that are no web pages call themselves, compared letter by letter: Android sends
 * `android:apk-key-hash:` and the base64url SHA-256 of the app's certificate, Apple's frameworks the https: origin or
 * `ios:bundle-id:`.
 */
export const appOrigins = list((text) => {
  const isApp = /^[a-z][a-z0-9+.-]{0,31}:[A-Za-z0-9_:.+=-]{1,256}$/.test(text);
  const isPage = URL.canParse(text) && new URL(text).origin === text && !text.includes('*');
  return isApp || isPage ? text : null;
}, 'give origins as clients send them, such as android:apk-key-hash:… or https://app.example.com, comma separated');

/** Not an address: browsers keep passkeys for names only. */
export const domainName = z.string().regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z][a-z0-9-]{0,61}[a-z0-9]$/, {
  error: 'give a domain such as example.com, in lower case',
});

/** A host that no packet leaves the operator's network for. */
export const privateHost = z.string().transform(withoutBrackets).refine(isPrivateHost, {
  error: 'give a private address, or a name without dots or with .internal or .local at its end',
});

export const networks = list((text) => {
  const [address = '', bits, ...rest] = text.split('/');
  const version = /^::ffff:/i.test(address) ? 0 : isIP(address);
  const width = version === 4 ? 32 : 128;
  const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= width);
  return version !== 0 && rest.length === 0 && fits ? text : null;
}, 'give networks such as 10.0.0.0/8 or fd00::/8, comma separated');

/** `none`, or names of roles. */
export const roleNames = z.string().transform((text, context) => {
  const names = text === 'none' ? [] : text.split(',').map((part) => part.trim());
  if (names.every((name) => /^[A-Z][A-Z0-9_]{1,63}$/.test(name))) return names;
  context.addIssue('give names of roles such as SUPER_ADMIN,ADMIN, comma separated, or none');
  return z.NEVER;
});

/** `5/15m`: so many failures, and the length of the first lock. */
export const lockout = z.string().transform((text, context) => {
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
export const limits = z.string().transform((text, context): Limits => {
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
export const productName = z
  .string()
  .trim()
  .regex(/^[^:\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,50}$/u, {
    error: 'give a name of up to 50 characters, without a colon',
  });

export const colour = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, { error: 'give a colour such as #1f4b99' })
  .toLowerCase();

/** Readers' mail programs fetch it. */
export const imageUrl = url(['https:']).transform((text) => new URL(text).href);

const supportPattern = /^mailto:[^\s<>@?]+@[^\s<>@?]+$|^https:\/\/[^\s<>@]+$/;

export const supportUrl = z.string().refine((text) => supportPattern.test(text) && URL.canParse(text), {
  error: 'give an address such as https://example.com/help or mailto:help@example.com',
});

const minSecretBytes = 32;

export const secret = z.string().transform((text, context) => {
  const bytes = Buffer.from(text, 'base64');
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(text);
  // Random bytes are practically never all printable, and their base64 practically never letters alone: that is a phrase.
  const isPhrase = bytes.every((byte) => byte >= 0x20 && byte < 0x7f) || /^[A-Za-z]*=*$/.test(text);
  if (isBase64 && bytes.length >= minSecretBytes && isVaried(bytes, 12) && !isPhrase) return bytes;
  context.addIssue(`give at least ${minSecretBytes} random bytes in base64: make them with "openssl rand -base64 32"`);
  return z.NEVER;
});

/** Whether the bytes could be random: enough different ones, no counting up or down, and no block that repeats. */
function isVaried(bytes: Uint8Array, minDistinct: number): boolean {
  const steps = bytes.subarray(1).map((byte, index) => (byte - (bytes[index] ?? 0)) & 0xff);
  const counted = steps.filter((step) => step === 1 || step === 0xff || step === 0).length;
  const text = Buffer.from(bytes).toString('latin1');
  const isRepeated = `${text}${text}`.indexOf(text, 1) < text.length;
  return new Set(bytes).size >= minDistinct && counted < steps.length / 2 && !isRepeated;
}

/** A secret that a client sends in a header. */
const headerSecret = (pattern: RegExp, minDistinct: number, hint: string) =>
  z.string().refine((text) => pattern.test(text) && isVaried(Buffer.from(text), minDistinct), { error: hint });

export const sharedSecret = headerSecret(
  /^[\x21-\x7e]{32,512}$/,
  12,
  'give 32 random characters or more, without white space: make them with "openssl rand -base64 32"',
);

export const metricsToken = headerSecret(
  /^[\x21-\x7e]{16,256}$/,
  8,
  'give 16 random characters or more, without white space: make them with "openssl rand -hex 24"',
);

/** Least passes by memory in KiB (OWASP Password Storage Cheat Sheet, Argon2id). */
const argon2Minima = [
  [47_104, 1],
  [19_456, 2],
  [12_288, 3],
  [9216, 4],
  [7168, 5],
] as const;

export function isStrongArgon2(memoryKib: number, passes: number): boolean {
  return argon2Minima.some(([memory, least]) => memoryKib >= memory && passes >= least);
}

export const flag = z.enum(['true', 'false'], { error: 'give true or false' }).transform((text) => text === 'true');

/** The path of a file with certificates. */
export const certificates = z.string().superRefine((path, context) => {
  try {
    new X509Certificate(readFileSync(path));
  } catch {
    context.addIssue('give the path of a PEM file with certificates that this process can read');
  }
});

/** The path of a file that codegen's client preset writes with `persistedDocuments`: texts by their ids. */
export const manifest = z.string().transform((path, context): ReadonlyMap<string, string> => {
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

export interface Sender {
  name: string;
  /** Its domain is in ASCII: many servers lack SMTPUTF8 (RFC 6531). */
  address: string;
}

/** `Name <address>` or an address. The name is one name, whatever commas it holds. */
export const sender = z.string().transform((text, context): Sender => {
  const [, name = '', local = '', domain = ''] =
    text.length <= 512 ? (/^(?:([^\r\n<>]*)<)?([!-;=?A-~]{1,64})@([^\s<>@]{1,253})>?$/u.exec(text.trim()) ?? []) : [];
  const asciiDomain = domainToASCII(domain);
  if (local && asciiDomain && text.includes('<') === text.includes('>')) {
    return { name: name.trim().replace(/^"(.*)"$/u, '$1'), address: `${local}@${asciiDomain}` };
  }
  context.addIssue('give an address, such as Postern <no-reply@example.com>');
  return z.NEVER;
});
