/**
 * The one class of errors that the client throws. It contains public parts of the answer only. The errors of graphql-request
 * also contain the request: their message quotes the password.
 */
import type { ErrorCode } from '../generated/enums.ts';

/**
 * Errors that the client itself finds. `NO_ANSWER`: the gateway did not answer, or another server answered; the request may
 * have been executed. `INVALID_OPTIONS`: `createPosternClient` cannot work with its options. `PASSKEY_CANCELLED`: the user
 * cancelled the prompt, it timed out, or no passkey is available. `PASSKEY_UNSUPPORTED`: no passkeys in this browser or on this
 * device. `PASSKEY_ALREADY_REGISTERED`: the device has a passkey of the account. `PASSKEY_FAILED`: any other error of the browser.
 */
export type ClientErrorCode =
  | 'NO_ANSWER'
  | 'INVALID_OPTIONS'
  | 'PASSKEY_CANCELLED'
  | 'PASSKEY_UNSUPPORTED'
  | 'PASSKEY_ALREADY_REGISTERED'
  | 'PASSKEY_FAILED';

/** The codes of the gateway (`enum ErrorCode`; new ones may be added) and of the client. */
export type PosternErrorCode = ErrorCode | ClientErrorCode;

/** Why the caller is not signed in. The client itself handles `TOKEN_EXPIRED` and `TOKEN_INVALID`. */
export type UnauthenticatedReason = 'NO_CREDENTIALS' | 'TOKEN_EXPIRED' | 'TOKEN_INVALID' | 'SESSION_REVOKED';

/** `LAST_WAY_IN`: the user could no longer sign in. `HAS_PASSWORD`: call `changePassword`. */
export type ConflictReason = 'LAST_WAY_IN' | 'HAS_PASSWORD';

/** Why a sign-in with an external provider failed. */
export type FederatedReason =
  | 'CANCELLED'
  | 'PROVIDER_REFUSED'
  | 'PROVIDER_UNAVAILABLE'
  | 'STATE_MISMATCH'
  | 'EMAIL_MISSING'
  | 'NOT_ALLOWED';

/** What is wrong with the captcha token. `EXPIRED`: it was genuine and came too late. */
export type CaptchaReason = 'MISSING' | 'INVALID' | 'EXPIRED';

/**
 * `METHOD_DISABLED`: the operator has disabled this way to sign in; offer those of `enabledMethods()`. `LOCATION_NOT_ALLOWED`:
 * the operator refuses the country of the user.
 */
export type ForbiddenReason = 'METHOD_DISABLED' | 'LOCATION_NOT_ALLOWED';

export type ErrorReason = UnauthenticatedReason | ForbiddenReason | ConflictReason | FederatedReason | CaptchaReason;

/** What is wrong with one field of the input. */
export interface FieldProblem {
  /** The field, for example `input.password`. */
  path: string;
  /** The problem, for example `TOO_SHORT`. */
  code: string;
  /** What to do, in English. */
  message: string;
}

/** Codes with a time to wait. */
type WaitingCode = 'RATE_LIMITED' | 'TOO_MANY_ATTEMPTS' | 'SERVICE_BUSY' | 'SERVICE_UNAVAILABLE';

/** An error with this code. `retryAfter` is never null for the codes with a time to wait. */
export type PosternErrorOf<Code extends PosternErrorCode> = Code extends PosternErrorCode
  ? PosternError & { readonly code: Code; readonly retryAfter: Code extends WaitingCode ? number : number | null }
  : never;

export interface PosternErrorDetails {
  requestId?: string | null;
  reason?: ErrorReason | null;
  policyReason?: string | null;
  retryAfter?: number | null;
  fields?: readonly FieldProblem[];
  requiredPermission?: string | null;
  status?: number | null;
  cause?: unknown;
}

const waitingCodes: ReadonlySet<PosternErrorCode> = new Set<WaitingCode>([
  'RATE_LIMITED',
  'TOO_MANY_ATTEMPTS',
  'SERVICE_BUSY',
  'SERVICE_UNAVAILABLE',
]);

export class PosternError extends Error {
  override name = 'PosternError';
  readonly code: PosternErrorCode;
  /** For reports to the operator. Null without an answer of the gateway. */
  readonly requestId: string | null;
  /** With `UNAUTHENTICATED`, `FEDERATED_LOGIN_FAILED` and `CAPTCHA_REQUIRED`, and where `CONFLICT` has one. */
  readonly reason: ErrorReason | null;
  /** With `REFUSED_BY_POLICY`, where the operator's hook gave a reason, such as `OUTSIDE_OFFICE_HOURS`. */
  readonly policyReason: string | null;
  /** Whole seconds. */
  readonly retryAfter: number | null;
  /** With `BAD_USER_INPUT`; otherwise empty. */
  readonly fields: readonly FieldProblem[];
  /** With `FORBIDDEN`, when a permission is missing. */
  readonly requiredPermission: string | null;
  /** HTTP status. Null without an answer. */
  readonly status: number | null;

  constructor(code: PosternErrorCode, message: string, details: PosternErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.requestId = details.requestId ?? null;
    this.reason = details.reason ?? null;
    this.policyReason = details.policyReason ?? null;
    this.retryAfter = details.retryAfter ?? (waitingCodes.has(code) ? 1 : null);
    this.fields = details.fields ?? [];
    this.requiredPermission = details.requiredPermission ?? null;
    this.status = details.status ?? null;
  }
}

/** Whether this is a `PosternError` and, when codes are given, has one of them. */
export function isPosternError<Code extends PosternErrorCode = PosternErrorCode>(
  error: unknown,
  ...codes: Code[]
): error is PosternErrorOf<Code> {
  return error instanceof PosternError && (codes.length === 0 || codes.some((code) => code === error.code));
}

/** The gateway's error inside an error of Apollo Client or urql, or null. */
export function posternErrorIn(error: unknown): PosternError | null {
  if (error instanceof PosternError) return error;
  if (!isRecord(error)) return null;
  // CombinedGraphQLErrors of Apollo, CombinedError of urql. Both also wrap what the link or exchange threw.
  const wrapped = error.networkError ?? error.cause;
  return errorFromAnswer(error.errors ?? error.graphQLErrors, null) ?? (wrapped ? posternErrorIn(wrapped) : null);
}

/**
 * @param errors of a GraphQL answer
 * @returns `UNAUTHENTICATED` if it is among them, else the first; null when there is none
 */
export function errorFromAnswer(errors: unknown, status: number | null): PosternError | null {
  const listed: unknown[] = Array.isArray(errors) ? errors : [];
  const first = listed.find(isUnauthenticated) ?? listed[0];
  if (!isRecord(first)) return null;
  const { code, requestId, reason, retryAfter, fields, requiredPermission } = isRecord(first.extensions)
    ? first.extensions
    : {};
  const message =
    typeof first.message === 'string' ? first.message : 'The gateway rejected the request without a message.';
  return new PosternError(isCode(code) ? code : 'INTERNAL_SERVER_ERROR', message, {
    requestId: typeof requestId === 'string' ? requestId : null,
    reason: reasonIn(reason),
    policyReason: code === 'REFUSED_BY_POLICY' && typeof reason === 'string' ? reason : null,
    retryAfter: typeof retryAfter === 'number' ? retryAfter : null,
    fields: Array.isArray(fields) ? fields.filter(isFieldProblem) : [],
    requiredPermission: typeof requiredPermission === 'string' ? requiredPermission : null,
    status,
  });
}

/** Whether the request may have been executed although it failed. */
export function mayBeLost(
  error: unknown,
): error is PosternErrorOf<'NO_ANSWER' | 'SERVICE_BUSY' | 'SERVICE_UNAVAILABLE'> {
  return isPosternError(error, 'NO_ANSWER', 'SERVICE_BUSY', 'SERVICE_UNAVAILABLE');
}

/** Whether a later attempt may succeed and the session continues. */
export function isPassing(error: unknown): boolean {
  return mayBeLost(error) || isPosternError(error, 'RATE_LIMITED', 'INTERNAL_SERVER_ERROR');
}

/** Whether the request needs a newer access token. */
export function wantsFreshToken(error: unknown): boolean {
  if (!isPosternError(error, 'UNAUTHENTICATED')) return false;
  return error.reason === 'TOKEN_EXPIRED' || error.reason === 'TOKEN_INVALID';
}

function isUnauthenticated(error: unknown): boolean {
  return isRecord(error) && isRecord(error.extensions) && error.extensions.code === 'UNAUTHENTICATED';
}

/** A newer gateway may answer codes that this client does not know; they are passed on. */
function isCode(code: unknown): code is ErrorCode {
  return typeof code === 'string';
}

const reasons: ReadonlySet<unknown> = new Set<ErrorReason>([
  'METHOD_DISABLED',
  'LOCATION_NOT_ALLOWED',
  'NO_CREDENTIALS',
  'TOKEN_EXPIRED',
  'TOKEN_INVALID',
  'SESSION_REVOKED',
  'LAST_WAY_IN',
  'HAS_PASSWORD',
  'CANCELLED',
  'PROVIDER_REFUSED',
  'PROVIDER_UNAVAILABLE',
  'STATE_MISMATCH',
  'EMAIL_MISSING',
  'NOT_ALLOWED',
  'MISSING',
  'INVALID',
  'EXPIRED',
]);

/** @returns null for a reason that this client does not know */
export function reasonIn(reason: unknown): ErrorReason | null {
  return isReason(reason) ? reason : null;
}

function isReason(reason: unknown): reason is ErrorReason {
  return reasons.has(reason);
}

function isFieldProblem(value: unknown): value is FieldProblem {
  return isRecord(value) && [value.path, value.code, value.message].every((part) => typeof part === 'string');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
