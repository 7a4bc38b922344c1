/** Tells "the database is away" and "others hold what we need" from every other error. */
import { DriverException } from '@mikro-orm/core';

/** SQLSTATE classes and codes, and the codes of sockets and of `pg`, that mean: try again later. */
const unavailableClasses = ['08', '53', '57', '58'];
const unavailableCodes = new Set([
  '25P03',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);
const unavailableMessages =
  /timeout exceeded when trying to connect|query read timeout|connection terminated|not queryable|pool after calling end|connection timeout/i;

/** Lock timeout, serialization failure, deadlock. */
const busyCodes = new Set(['55P03', '40001', '40P01']);

export function isDatabaseUnavailable(error: unknown): boolean {
  return someCause(error, ({ code, message }) => {
    const isOfClass = code.length === 5 && unavailableClasses.includes(code.slice(0, 2));
    return unavailableCodes.has(code) || isOfClass || unavailableMessages.test(message);
  });
}

export function isDatabaseBusy(error: unknown): boolean {
  return someCause(error, ({ code }) => busyCodes.has(code));
}

function someCause(error: unknown, test: (cause: { code: string; message: string }) => boolean): boolean {
  if (error instanceof AggregateError) return error.errors.some((part) => someCause(part, test));
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (test({ code, message: error.message })) return true;
  return error instanceof DriverException && error.cause !== error && someCause(error.cause, test);
}
