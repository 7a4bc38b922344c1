/** Formats of rate limits, the lockout, role names and the cost of Argon2. Each problem says what to give instead. */
import { z } from 'zod';
import type { SignInMethod } from '../../domain/settings.ts';
import { defaultLimits, type Limit, type Limits } from '../../ratelimit/limits.ts';
import { duration, integer } from './basic.ts';

/** `none`, or names of roles. */
export const roleNames = z.string().transform((text, context) => {
  const names = text === 'none' ? [] : text.split(',').map((part) => part.trim());
  if (names.every((name) => /^[A-Z][A-Z0-9_]{1,63}$/.test(name))) return names;
  context.addIssue('use names of roles, comma separated, for example SUPER_ADMIN,ADMIN, or leave it empty');
  return z.NEVER;
});

const signInMethodNames: Readonly<Record<string, SignInMethod>> = {
  password: 'PASSWORD',
  passkey: 'PASSKEY',
  federated: 'FEDERATED',
  'email-code': 'EMAIL_CODE',
};

/** `password,email-code`. Providers alone are no way in for the first administrator. */
export const signInMethods = z.string().transform((text, context) => {
  const names = [...new Set(text.split(',').map((part) => part.trim()))];
  const methods = names.flatMap((name) =>
    Object.hasOwn(signInMethodNames, name) ? (signInMethodNames[name] ?? []) : [],
  );
  if (methods.length === names.length && methods.some((method) => method !== 'FEDERATED')) return methods;
  context.addIssue(
    `use names of ${Object.keys(signInMethodNames).join(', ')}, comma separated, with at least one besides federated`,
  );
  return z.NEVER;
});

/** `5/15m`: the number of failures, and the length of the first lock. */
export const lockout = z.string().transform((text, context) => {
  const [failures = '', length = '', ...rest] = text.split('/');
  const maxFailures = integer(3, 100).safeParse(failures);
  const firstLockSeconds = duration(60, 86_400).safeParse(length);
  if (maxFailures.success && firstLockSeconds.success && rest.length === 0) {
    return { maxFailures: maxFailures.data, firstLockSeconds: firstLockSeconds.data };
  }
  context.addIssue('use failed attempts (3 to 100) and the first lock (1m to 24h), for example 5/15m');
  return z.NEVER;
});

/** `login=10/15m,register=off`: changes to the defaults. */
export const limits = z.string().transform((text, context): Limits => {
  const names = Object.keys(defaultLimits);
  const changes = text.split(',').map((part) => parseLimit(part.trim()));
  if (changes.every((change) => change !== null)) return { ...defaultLimits, ...Object.fromEntries(changes) };
  context.addIssue(`use pairs, for example login=10/15m or register=off; the names are ${names.join(', ')}`);
  return z.NEVER;
});

function parseLimit(text: string): [string, Limit | null] | null {
  const [, name = '', value = ''] = /^(\w+)=(.+)$/.exec(text) ?? [];
  if (!Object.hasOwn(defaultLimits, name)) return null;
  if (value === 'off') return [name, null];
  const limit = parseRate(value);
  return limit && [name, limit];
}

/** `10/15m` */
export function parseRate(text: string): Limit | null {
  const [max = '', window = '', ...rest] = text.split('/');
  const parsedMax = integer(1, 1_000_000).safeParse(max);
  const parsedWindow = duration(1, 86_400).safeParse(window);
  return parsedMax.success && parsedWindow.success && rest.length === 0
    ? { max: parsedMax.data, windowSeconds: parsedWindow.data }
    : null;
}

/** `200/1d`: the number of messages in a time. */
export const budget = z.string().transform((text, context): Limit => {
  const parsed = parseRate(text);
  if (parsed) return parsed;
  context.addIssue('use messages (1 to 1000000) and a time (1s to 24h), for example 200/1d');
  return z.NEVER;
});

/** Minimum passes by memory in KiB (OWASP Password Storage Cheat Sheet, Argon2id). */
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
