/** Tells "the database is away, busy or too slow" from every other error, and a duplicate from the rest. */
import { DriverException } from '@mikro-orm/core';

/** SQLSTATE classes and codes, and the codes of sockets and of `pg`, that mean: try again later. */
const unavailableClasses = ['08', '53', '57', '58'];
const unavailableCodes = new Set([
  '55P03',
  '40001',
  '40P01',
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

export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isDatabaseUnavailable);
  if (!(error instanceof Error)) return false;
  const cause = error instanceof DriverException ? error.cause : undefined;
  if (cause && cause !== error && isDatabaseUnavailable(cause)) return true;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    unavailableCodes.has(code) ||
    (code.length === 5 && unavailableClasses.includes(code.slice(0, 2))) ||
    unavailableMessages.test(error.message)
  );
}
