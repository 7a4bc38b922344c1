/** Responses that refuse a caller outside of GraphQL: the status, its headers, and the usual JSON of errors. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Refusal } from '../domain/errors.ts';
import { errorBody } from '../graphql/request/errors.ts';

/** Proxies pass on 401 and 403 as they are, and treat every other status as a failure of the gateway. */
export function sendRefusal(refusal: Refusal, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { code, options } = refusal;
  const unavailable = code === 'SERVICE_BUSY' || code === 'SERVICE_UNAVAILABLE';
  if (unavailable) reply.code(503).header('retry-after', options.retryAfterSeconds ?? 1);
  else if (code === 'RATE_LIMITED') reply.code(429).header('retry-after', options.retryAfterSeconds ?? 1);
  else if (code === 'UNAUTHENTICATED') reply.code(401).header('www-authenticate', challengeFor(options.reason));
  else reply.code(403);
  return reply.send(errorBody(refusal, request.id));
}

/** RFC 6750 3: no error code for requests without credentials. */
function challengeFor(reason: string | undefined): string {
  return reason === 'NO_CREDENTIALS' ? 'Bearer' : 'Bearer error="invalid_token"';
}
