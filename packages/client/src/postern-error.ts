/**
 * What a caller of the client catches: one class, whatever went wrong. It is made of what the gateway tells everybody;
 * nothing that was sent hangs on it, as it does on the errors of graphql-request, whose message has the password in it.
 */
import type { ErrorCode } from './generated/enums.ts';

/**
 * What the gateway answers (`enum ErrorCode`; expect new ones), and `NO_ANSWER`: none came, or none of the gateway's. What was asked
 * for may have been done then.
 */
export type PosternErrorCode = ErrorCode | 'NO_ANSWER';

/** Why nobody is signed in. `TOKEN_EXPIRED` and `TOKEN_INVALID` are seen by those only who send tokens by themselves. */
export type UnauthenticatedReason = 'NO_CREDENTIALS' | 'TOKEN_EXPIRED' | 'TOKEN_INVALID' | 'SESSION_REVOKED';

/** What is wrong with one field of the input. */
export interface FieldProblem {
  /** Where, such as `input.password`. */
  path: string;
  /** What, such as `TOO_SHORT`. */
  code: string;
  /** What to do about it, in English. */
  message: string;
}

/** The codes that come with a time to wait. */
type WaitingCode = 'RATE_LIMITED' | 'TOO_MANY_ATTEMPTS' | 'SERVICE_BUSY' | 'SERVICE_UNAVAILABLE';

/** An error of this code: those that say when to come again always say so. */
export type PosternErrorOf<Code extends PosternErrorCode> = Code extends PosternErrorCode
  ? PosternError & { readonly code: Code; readonly retryAfter: Code extends WaitingCode ? number : number | null }
  : never;

export interface PosternErrorDetails {
  requestId?: string | null;
  reason?: UnauthenticatedReason | null;
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
  /** To quote when reporting it. Null: no answer came. */
  readonly requestId: string | null;
  /** Of `UNAUTHENTICATED`. */
  readonly reason: UnauthenticatedReason | null;
  /** Whole seconds. */
  readonly retryAfter: number | null;
  /** Of `BAD_USER_INPUT`; else empty. */
  readonly fields: readonly FieldProblem[];
  /** Of `FORBIDDEN`, where a permission would help. */
  readonly requiredPermission: string | null;
  /** Of HTTP. Null: no answer came. */
  readonly status: number | null;

  constructor(code: PosternErrorCode, message: string, details: PosternErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.requestId = details.requestId ?? null;
    this.reason = details.reason ?? null;
    this.retryAfter = details.retryAfter ?? (waitingCodes.has(code) ? 1 : null);
    this.fields = details.fields ?? [];
    this.requiredPermission = details.requiredPermission ?? null;
    this.status = details.status ?? null;
  }
}

/** Whether it is an error of this client, and of one of these codes if any are given. */
export function isPosternError<Code extends PosternErrorCode = PosternErrorCode>(
  error: unknown,
  ...codes: Code[]
): error is PosternErrorOf<Code> {
  return error instanceof PosternError && (codes.length === 0 || codes.some((code) => code === error.code));
}

/** The gateway's error inside of one that Apollo Client or urql has made. Null: there is none. */
export function posternErrorIn(error: unknown): PosternError | null {
  if (error instanceof PosternError) return error;
  if (!isRecord(error)) return null;
  // CombinedGraphQLErrors of Apollo, CombinedError of urql; what the link or exchange itself threw is inside as well.
  const wrapped = error.networkError ?? error.cause;
  return errorFromAnswer(error.errors ?? error.graphQLErrors, null) ?? (wrapped ? posternErrorIn(wrapped) : null);
}

/**
 * @param errors of an answer of GraphQL
 * @returns the one to act on as ours: that nobody is signed in, else the first; null when there is none
 */
export function errorFromAnswer(errors: unknown, status: number | null): PosternError | null {
  const listed: unknown[] = Array.isArray(errors) ? errors : [];
  const first = listed.find(isUnauthenticated) ?? listed[0];
  if (!isRecord(first)) return null;
  const { code, requestId, reason, retryAfter, fields, requiredPermission } = isRecord(first.extensions)
    ? first.extensions
    : {};
  const message = typeof first.message === 'string' ? first.message : 'The gateway refused without a word.';
  return new PosternError(isCode(code) ? code : 'INTERNAL_SERVER_ERROR', message, {
    requestId: typeof requestId === 'string' ? requestId : null,
    reason: isReason(reason) ? reason : null,
    retryAfter: typeof retryAfter === 'number' ? retryAfter : null,
    fields: Array.isArray(fields) ? fields.filter(isFieldProblem) : [],
    requiredPermission: typeof requiredPermission === 'string' ? requiredPermission : null,
    status,
  });
}

/** Whether what was asked for may have been done all the same. */
export function mayBeLost(
  error: unknown,
): error is PosternErrorOf<'NO_ANSWER' | 'SERVICE_BUSY' | 'SERVICE_UNAVAILABLE'> {
  return isPosternError(error, 'NO_ANSWER', 'SERVICE_BUSY', 'SERVICE_UNAVAILABLE');
}

/** Whether asking again later may help, and nothing has been decided about the session. */
export function isPassing(error: unknown): boolean {
  return mayBeLost(error) || isPosternError(error, 'RATE_LIMITED', 'INTERNAL_SERVER_ERROR');
}

/** Whether the access token that was sent is to be replaced by a newer one. */
export function wantsFreshToken(error: unknown): boolean {
  if (!isPosternError(error, 'UNAUTHENTICATED')) return false;
  return error.reason === 'TOKEN_EXPIRED' || error.reason === 'TOKEN_INVALID';
}

function isUnauthenticated(error: unknown): boolean {
  return isRecord(error) && isRecord(error.extensions) && error.extensions.code === 'UNAUTHENTICATED';
}

/** A newer gateway may answer codes that this client has not heard of; they are handed on as they are. */
function isCode(code: unknown): code is ErrorCode {
  return typeof code === 'string';
}

const reasons: ReadonlySet<unknown> = new Set<UnauthenticatedReason>([
  'NO_CREDENTIALS',
  'TOKEN_EXPIRED',
  'TOKEN_INVALID',
  'SESSION_REVOKED',
]);

function isReason(reason: unknown): reason is UnauthenticatedReason {
  return reasons.has(reason);
}

function isFieldProblem(value: unknown): value is FieldProblem {
  return isRecord(value) && [value.path, value.code, value.message].every((part) => typeof part === 'string');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
