/** Errors of the endpoints of `/oauth`, in the form of RFC 6749 5.2. They never repeat a value of the request. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal, refusalOf } from '../../domain/errors.ts';
import { describeError, type Logger } from '../../logger.ts';

const statuses = {
  invalid_request: 400,
  invalid_scope: 400,
  unsupported_grant_type: 400,
  invalid_client: 401,
  /** RFC 6750 3.1. */
  insufficient_scope: 403,
  rate_limited: 429,
  temporarily_unavailable: 503,
  server_error: 500,
} as const;

export type OauthErrorCode = keyof typeof statuses;

export class OauthError extends Error {
  override name = 'OauthError';
  readonly code: OauthErrorCode;
  readonly retryAfterSeconds: number | null;

  constructor(code: OauthErrorCode, message: string, retryAfterSeconds: number | null = null) {
    super(message);
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export function sendOauthError(
  error: FastifyError | OauthError,
  request: FastifyRequest,
  reply: FastifyReply,
  logger: Logger,
): FastifyReply {
  const { code, message, retryAfterSeconds } = oauthErrorOf(error);
  request.notes.errorCodes.add(code);
  if (code === 'server_error')
    logger.error({ requestId: request.id, ...describeError(error) }, 'a request failed unexpectedly');
  if (code === 'invalid_client') reply.header('www-authenticate', 'Basic realm="postern", charset="UTF-8"');
  if (retryAfterSeconds !== null) reply.header('retry-after', retryAfterSeconds);
  return reply.code(statuses[code]).send({ error: code, error_description: message });
}

function oauthErrorOf(error: FastifyError | OauthError): OauthError {
  if (error instanceof OauthError) return error;
  const refusal = refusalOf(error);
  if (refusal) {
    const { code, options } = refusal;
    const isLimited = code === 'RATE_LIMITED';
    return new OauthError(
      isLimited ? 'rate_limited' : 'temporarily_unavailable',
      new Refusal(code).message,
      options.retryAfterSeconds ?? 1,
    );
  }
  const isClients = 'statusCode' in error && error.statusCode !== undefined && error.statusCode < 500;
  if (isClients) return new OauthError('invalid_request', 'The request is malformed or too large.');
  return new OauthError('server_error', 'Internal error.');
}
