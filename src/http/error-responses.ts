/** Responses to requests that fail outside GraphQL: rejected bodies, unknown paths and methods, unexpected errors. */
import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { publicMessages, Refusal, refusalOf } from '../domain/errors.ts';
import { errorBody } from '../graphql/request/errors.ts';
import { describeError, type Logger } from '../logger.ts';
import { IllFormedText } from './json-bodies.ts';

export const maxBodyBytes = 100_000;
const methods = ['GET', 'HEAD', 'POST', 'OPTIONS'];

export function registerErrorResponses(server: FastifyInstance, logger: Logger): void {
  server.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request, reply, logger));
  server.setNotFoundHandler((request, reply) => answerUnknown(request, reply));
}

/** Never sends the parser's own message, which may quote the body. */
function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply, logger: Logger): FastifyReply {
  const status = error.statusCode ?? 500;
  const refusal = refusalOf(error);
  if (refusal) {
    reply.header('retry-after', refusal.options.retryAfterSeconds ?? 1);
    return reply.code(503).send(errorBody(refusal, request.id));
  }
  if (status >= 500) {
    logger.error({ requestId: request.id, ...describeError(error) }, 'a request failed unexpectedly');
    return reply.code(500).send(errorBody(new Refusal('INTERNAL_SERVER_ERROR'), request.id));
  }
  return reply.code(status).send(errorBody(new Refusal('BAD_REQUEST'), request.id, messageFor(status, error)));
}

function messageFor(status: number, error: Error): string {
  if (error instanceof IllFormedText) return error.message;
  if (status === 413) return `The request body is larger than ${maxBodyBytes / 1000} kB.`;
  if (status === 415) return 'Send the body as application/json.';
  if (status === 400) return 'The request body is not valid JSON.';
  return STATUS_CODES[status] ?? publicMessages.BAD_REQUEST;
}

function answerUnknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (request.method === 'OPTIONS') return reply.code(204).header('allow', methods.join(', ')).send();
  if (methods.includes(request.method)) return reply.code(404).send(errorBody(new Refusal('NOT_FOUND'), request.id));
  const body = errorBody(new Refusal('BAD_REQUEST'), request.id);
  return reply.code(405).header('allow', methods.join(', ')).send(body);
}
