/** Distinguishes an unavailable database and a lock conflict from every other error. */
import { DriverException } from '@mikro-orm/core';

/**
 * SQLSTATE classes and codes, and the codes of sockets and of `pg`, that mean: try again later. 25006: the server
 * rejects writes, because it became a standby or an operator made it read-only.
 */
const unavailableClasses = ['08', '53', '57', '58'];
const unavailableCodes = new Set([
  '25006',
  '25P03',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);
const unavailableMessages =
  /timeout exceeded when trying to connect|query read timeout|connection terminated|not queryable|pool after calling end|connection timeout|support SSL conn|an SSL conn/i;

const lockTimeoutCode = '55P03';

/** Lock timeout, serialization failure, deadlock. */
const busyCodes = new Set([lockTimeoutCode, '40001', '40P01']);

export function isDatabaseUnavailable(error: unknown): boolean {
  return someCause(error, ({ code, message }) => {
    const isOfClass = code.length === 5 && unavailableClasses.includes(code.slice(0, 2));
    return unavailableCodes.has(code) || isOfClass || unavailableMessages.test(message);
  });
}

export function isDatabaseBusy(error: unknown): boolean {
  return someCause(error, ({ code }) => busyCodes.has(code));
}

export function isLockTimeout(error: unknown): boolean {
  return someCause(error, ({ code }) => code === lockTimeoutCode);
}

export function isReadOnly(error: unknown): boolean {
  return someCause(error, ({ code }) => code === '25006');
}

/**
 * After these errors the connection is unusable: the server stops, or no longer accepts writes. Another connection may
 * reach the new primary.
 */
export function endsConnection(error: unknown): boolean {
  return someCause(error, ({ code, message }) => {
    return /^(25006|57P0[1-3]|08...)$/.test(code) || /read timeout/i.test(message);
  });
}

function someCause(error: unknown, test: (cause: { code: string; message: string }) => boolean): boolean {
  if (error instanceof AggregateError) return error.errors.some((part) => someCause(part, test));
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (test({ code, message: error.message })) return true;
  return error instanceof DriverException && error.cause !== error && someCause(error.cause, test);
}
