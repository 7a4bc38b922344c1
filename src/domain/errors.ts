/**
 * The error codes, with the message that clients read. The `detail` of a refusal goes to the log, never to a client.
 * graphql/request/errors.ts and http/ translate refusals into answers.
 */
import { isDatabaseBusy, isDatabaseUnavailable } from '../persistence/connection/availability.ts';
import { HashGateFull } from '../security/passwords/hash-gate.ts';

export const publicMessages = {
  UNAUTHENTICATED: 'Authentication is required. Sign in, or refresh the access token, then try again.',
  FORBIDDEN: 'You do not have permission for this operation.',
  REAUTHENTICATION_REQUIRED:
    'Recent authentication is required. Call `reauthenticate`, or sign in again with a passkey, then try again.',
  MFA_ENROLLMENT_REQUIRED: 'Your role requires a second factor. Set one up, then try again.',
  BAD_USER_INPUT: 'Invalid input. See extensions.fields.',
  INVALID_CREDENTIALS: 'The e-mail address, the password or the passkey is wrong. Check them and try again.',
  EMAIL_NOT_VERIFIED: 'The e-mail address is not confirmed. Follow the link in the mail, or request a new one.',
  ACCOUNT_SUSPENDED: 'This account is suspended. Contact the administrator.',
  EMAIL_TAKEN: 'An account with this e-mail address already exists. Sign in, or use another address.',
  INVALID_MFA_CODE: 'The code or passkey is wrong or was already used. Try again with a new one.',
  INVALID_MFA_TICKET: 'This sign-in attempt has expired. Start again with your password.',
  MFA_ALREADY_ENABLED: 'This second factor is already set up.',
  MFA_NOT_ENABLED: 'No second factor of this kind is set up.',
  INVALID_REFRESH_TOKEN: 'The refresh token is invalid, expired or revoked. Sign in again.',
  INVALID_TOKEN: 'This link is invalid or has expired. Request a new one.',
  FEDERATED_LOGIN_FAILED: 'The sign-in with the provider failed. See extensions.reason, and try again.',
  IDENTITY_TAKEN: 'This account at the provider is linked to another user.',
  CAPTCHA_REQUIRED:
    'A captcha is required. Solve the challenge of the query `captcha`, and send its token in the header X-Captcha-Token.',
  REFUSED_BY_POLICY: 'The policy of this service does not allow this.',
  NOT_FOUND: 'Not found.',
  CONFLICT: 'The request conflicts with the current state.',
  TOO_MANY_ATTEMPTS: 'Too many failed attempts. Wait for extensions.retryAfter seconds, or reset your password.',
  CSRF_FAILED: 'Requests with a session cookie require the X-CSRF-Token header of the session and an allowed origin.',
  RATE_LIMITED: 'Too many requests. Wait for extensions.retryAfter seconds, then try again.',
  SERVICE_BUSY: 'The service is busy. Wait for extensions.retryAfter seconds, then try again.',
  SERVICE_UNAVAILABLE: 'The service is unavailable. Wait for extensions.retryAfter seconds, then try again.',
  GRAPHQL_PARSE_FAILED: 'The document is not valid GraphQL.',
  GRAPHQL_VALIDATION_FAILED: 'The document does not match the schema.',
  BAD_REQUEST: 'The endpoint does not accept this request. Send a GraphQL operation as JSON.',
  INTERNAL_SERVER_ERROR: 'Internal error. Report it with extensions.requestId.',
} as const satisfies Record<string, string>;

export type ErrorCode = keyof typeof publicMessages;

export type UnauthenticatedReason = 'NO_CREDENTIALS' | 'TOKEN_EXPIRED' | 'TOKEN_INVALID' | 'SESSION_REVOKED';

/** `LAST_WAY_IN`: the user could no longer sign in. `HAS_PASSWORD`: the user changes the password instead. */
export type ConflictReason = 'LAST_WAY_IN' | 'HAS_PASSWORD';

/**
 * Why a caller without a lack of permissions is refused: the operation is closed to programs, their network or country is, or
 * the method of sign-in is disabled.
 */
export type ForbiddenReason =
  | 'MACHINE_NOT_ALLOWED'
  | 'NETWORK_NOT_ALLOWED'
  | 'METHOD_DISABLED'
  | 'LOCATION_NOT_ALLOWED';

/** Why a sign-in with an external provider failed. */
export type FederatedReason =
  | 'CANCELLED'
  | 'PROVIDER_REFUSED'
  | 'PROVIDER_UNAVAILABLE'
  | 'STATE_MISMATCH'
  | 'EMAIL_MISSING'
  | 'NOT_ALLOWED';

/** What is wrong with the captcha token of the request. `EXPIRED`: it was genuine and came too late. */
export type CaptchaReason = 'MISSING' | 'INVALID' | 'EXPIRED';

/** What is wrong with one field of the input. */
export interface FieldProblem {
  /** The path of the field, for example `input.password`. */
  path: string;
  code: string;
  /** What to do next. Never contains the value. */
  message: string;
}

export interface RefusalOptions {
  reason?: UnauthenticatedReason | ForbiddenReason | ConflictReason | FederatedReason | CaptchaReason;
  retryAfterSeconds?: number;
  fields?: readonly FieldProblem[];
  requiredPermission?: string;
  /** The words of the operator's hook: the reason for programs, and the message for users in place of the usual one. */
  policy?: { reason: string | null; message: string | null };
  /** For the log only. */
  detail?: string;
}

export class Refusal extends Error {
  override name = 'Refusal';
  readonly code: ErrorCode;
  readonly options: RefusalOptions;

  constructor(code: ErrorCode, options: RefusalOptions = {}) {
    super(options.policy?.message ?? publicMessages[code]);
    this.code = code;
    this.options = options;
  }
}

/** The refusal for an error of the layers below; null: the error is a fault of the server. */
export function refusalOf(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error;
  if (error instanceof HashGateFull || isDatabaseBusy(error))
    return new Refusal('SERVICE_BUSY', { retryAfterSeconds: spreadSeconds() });
  if (isDatabaseUnavailable(error)) return new Refusal('SERVICE_UNAVAILABLE', { retryAfterSeconds: spreadSeconds() });
  return null;
}

/** 1 to 3, so that clients that were refused together do not retry together. */
export function spreadSeconds(): number {
  return 1 + Math.floor(Math.random() * 3);
}

/** Rounded up: a client that waits that long never retries too early. */
export function secondsUntil(instant: Date, now: Date): number {
  return Math.ceil((instant.getTime() - now.getTime()) / 1000);
}
