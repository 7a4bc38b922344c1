/**
 * The one error vocabulary: every way Postern says no, with the sentence a client reads. A refusal's `detail` goes to
 * the log, never to a client. graphql/request/errors.ts and http/ translate; nobody else invents an error.
 */
import { isDatabaseBusy, isDatabaseUnavailable } from '../persistence/connection/availability.ts';
import { HashGateFull } from '../security/passwords/hash-gate.ts';

export const publicMessages = {
  UNAUTHENTICATED: 'Sign in to do this.',
  FORBIDDEN: 'You may not do this.',
  REAUTHENTICATION_REQUIRED:
    'Prove once more that it is you: call reauthenticate, or sign in again with a passkey, then try again.',
  MFA_ENROLLMENT_REQUIRED: 'Your role demands a second factor: set one up, then try again.',
  BAD_USER_INPUT: 'Some of the input is not acceptable. See extensions.fields.',
  INVALID_CREDENTIALS: 'The e-mail address, the password or the passkey is wrong.',
  EMAIL_NOT_VERIFIED: 'Confirm your e-mail address first: follow the link in the mail, or ask for a new one.',
  ACCOUNT_SUSPENDED: 'This account is suspended. Contact the administrator.',
  EMAIL_TAKEN: 'This e-mail address has an account already.',
  INVALID_MFA_CODE: 'This code or passkey is wrong, or was used before.',
  INVALID_MFA_TICKET: 'This sign-in has run out. Begin again with your password.',
  MFA_ALREADY_ENABLED: 'This second factor is set up already.',
  MFA_NOT_ENABLED: 'There is no second factor of this kind.',
  INVALID_REFRESH_TOKEN: 'This refresh token is not, or no longer, good. Sign in again.',
  INVALID_TOKEN: 'This link is not, or no longer, good. Ask for a new one.',
  NOT_FOUND: 'There is no such thing here.',
  CONFLICT: 'This does not fit the present state.',
  TOO_MANY_ATTEMPTS: 'Too many failed attempts. Wait for the seconds in extensions.retryAfter, or reset your password.',
  CSRF_FAILED: 'This request spends a cookie: send the X-CSRF-Token of the session, from an allowed origin.',
  RATE_LIMITED: 'Too many requests. Wait for the seconds in extensions.retryAfter.',
  SERVICE_BUSY: 'The service is busy. Try again in a moment.',
  SERVICE_UNAVAILABLE: 'The service is not available right now. Try again in a moment.',
  GRAPHQL_PARSE_FAILED: 'The document is not valid GraphQL.',
  GRAPHQL_VALIDATION_FAILED: 'The document does not fit the schema.',
  BAD_REQUEST: 'The request is not a GraphQL request that this endpoint takes.',
  INTERNAL_SERVER_ERROR: 'Something went wrong on our side. Quote extensions.requestId when you report it.',
} as const satisfies Record<string, string>;

export type ErrorCode = keyof typeof publicMessages;

export type UnauthenticatedReason = 'NO_CREDENTIALS' | 'TOKEN_EXPIRED' | 'TOKEN_INVALID' | 'SESSION_REVOKED';

/** What is wrong with one field of the input. */
export interface FieldProblem {
  /** Where, such as `input.password`. */
  path: string;
  code: string;
  /** What to do about it. Never holds the value. */
  message: string;
}

export interface RefusalOptions {
  reason?: UnauthenticatedReason;
  retryAfterSeconds?: number;
  fields?: readonly FieldProblem[];
  requiredPermission?: string;
  /** For the log only. */
  detail?: string;
}

export class Refusal extends Error {
  override name = 'Refusal';
  readonly code: ErrorCode;
  readonly options: RefusalOptions;

  constructor(code: ErrorCode, options: RefusalOptions = {}) {
    super(publicMessages[code]);
    this.code = code;
    this.options = options;
  }
}

/** What an error of the rooms below means to a client, or null when it means that we have a bug. */
export function refusalOf(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error;
  if (error instanceof HashGateFull || isDatabaseBusy(error))
    return new Refusal('SERVICE_BUSY', { retryAfterSeconds: spreadSeconds() });
  if (isDatabaseUnavailable(error)) return new Refusal('SERVICE_UNAVAILABLE', { retryAfterSeconds: spreadSeconds() });
  return null;
}

/** 1 to 3, so that those who were turned away together do not come back together. */
export function spreadSeconds(): number {
  return 1 + Math.floor(Math.random() * 3);
}

/** Rounded up: a client that waits that long is not too early. */
export function secondsUntil(instant: Date, now: Date): number {
  return Math.ceil((instant.getTime() - now.getTime()) / 1000);
}
