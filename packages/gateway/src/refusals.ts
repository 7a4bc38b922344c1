/** The errors of the gateway. Codes, reasons and messages are those of the server. */
import type { Problem } from '@postern/verify';
import { GraphQLError, type GraphQLErrorOptions } from 'graphql';

const messages = {
  UNAUTHENTICATED: 'Authentication is required. Sign in, or refresh the access token, then try again.',
  FORBIDDEN: 'You do not have permission for this operation.',
  RATE_LIMITED: 'Too many requests. Wait for extensions.retryAfter seconds, then try again.',
  SERVICE_UNAVAILABLE: 'The service is unavailable. Wait for extensions.retryAfter seconds, then try again.',
  BAD_USER_INPUT: 'Invalid input. The variables do not match the operation.',
} as const;

const statuses = {
  UNAUTHENTICATED: 200,
  FORBIDDEN: 200,
  RATE_LIMITED: 429,
  SERVICE_UNAVAILABLE: 503,
  BAD_USER_INPUT: 400,
};

/** Seconds until a retry makes sense: the service was away just now. */
const retryAfterSeconds = 1;

type Extensions = Readonly<Record<string, unknown>>;

/** The error of one field: the status of the response stays 200. */
export function fieldError(
  code: keyof typeof messages,
  extensions: Extensions = {},
  options: GraphQLErrorOptions = {},
) {
  return new GraphQLError(messages[code], { ...options, extensions: { code, ...extensions } });
}

/** The error of a whole request. `http` sets the status, and never leaves the process. */
export function requestError(
  code: keyof typeof messages,
  extensions: Extensions = {},
  headers: Record<string, string> = {},
) {
  return fieldError(code, { ...extensions, http: { status: statuses[code], headers } });
}

/** A document that is not executed. @param message says what is wrong and what to do */
export function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
}

export const unavailable = () => requestError('SERVICE_UNAVAILABLE', { retryAfter: retryAfterSeconds });

export const fieldUnavailable = (options: GraphQLErrorOptions = {}) =>
  fieldError('SERVICE_UNAVAILABLE', { retryAfter: retryAfterSeconds }, options);

/** Postern refuses a verified caller with these codes. They reach the client, which acts on them. */
const passed: readonly unknown[] = ['MFA_ENROLLMENT_REQUIRED', 'REAUTHENTICATION_REQUIRED', 'RATE_LIMITED'];

/** @param body the answer of an endpoint of Postern @returns null for other errors, which are not for the caller */
export function posternError(body: unknown): GraphQLError | null {
  const errors: unknown = isObject(body) && 'errors' in body ? body.errors : null;
  const error: unknown = Array.isArray(errors) ? errors[0] : null;
  if (!isObject(error) || !('message' in error) || !('extensions' in error) || !isObject(error.extensions)) return null;
  const { message, extensions } = error;
  if (typeof message !== 'string' || !('code' in extensions) || !passed.includes(extensions.code)) return null;
  return new GraphQLError(message, { extensions: { ...extensions } });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Whether Postern is away, and no credential can be verified. */
export function isUnavailable(problem: Problem | null): boolean {
  return problem === 'KEYS_UNAVAILABLE' || problem === 'REVOCATIONS_UNAVAILABLE';
}
