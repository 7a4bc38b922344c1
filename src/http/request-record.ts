/** Writes the log record of each request, from what its handlers note. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../domain/caller.ts';
import type { Logger } from '../logger.ts';
import type { OperationKind } from '../metrics/requests.ts';
import { clientOf } from './client.ts';

const maxPathLength = 200;

export interface RequestNotes {
  operation: OperationKind;
  /** Root fields of the schema that the operation selects. */
  fields: readonly string[];
  /** Codes of the errors in the response. */
  errorCodes: Set<string>;
  /** The session of a valid access token. */
  sessionId: string | null;
  userId: string | null;
  /** Of a program that called with an API key. */
  apiKeyId: string | null;
  /** The trace of the request; null: it is not traced. */
  traceId: string | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What handlers note about the request for its log record and the metrics. */
    notes: RequestNotes;
  }
}

/** Registers the first hook, so that every other hook and handler has the notes. */
export function registerRequestNotes(server: FastifyInstance): void {
  server.decorateRequest('notes');
  server.addHook('onRequest', (request, _reply, done) => {
    request.notes = {
      operation: 'none',
      fields: [],
      errorCodes: new Set(),
      sessionId: null,
      userId: null,
      apiKeyId: null,
      traceId: null,
    };
    done();
  });
}

/** @param caller of valid credentials, or an anonymous one */
export function noteCaller({ notes }: FastifyRequest, { viewer, machine }: Caller): void {
  notes.sessionId = viewer?.session.id ?? null;
  notes.userId = viewer?.id ?? null;
  notes.apiKeyId = machine?.apiKeyId ?? null;
}

/** Probes repeat every few seconds, so their records have level `debug`. */
export function logRequests(server: FastifyInstance, logger: Logger): void {
  // Apollo's responses are text here: their errors are noted where they are formatted.
  server.addHook('preSerialization', (request, _reply, payload, done) => {
    for (const code of codesIn(payload)) request.notes.errorCodes.add(code);
    done(null, payload);
  });
  server.addHook('onResponse', (request, reply, done) => {
    const level = request.routeOptions.config.probe === true ? 'debug' : 'info';
    if (logger.isLevelEnabled(level)) logger[level](recordOf(request, reply), 'request');
    done();
  });
}

/** An allow-list: headers, bodies, queries and operation names are text of the client. */
function recordOf(request: FastifyRequest, reply: FastifyReply): Record<string, unknown> {
  const { operation, fields, errorCodes, sessionId, apiKeyId, traceId } = request.notes;
  return {
    requestId: request.id,
    ...(traceId !== null && { traceId }),
    method: request.method,
    path: pathOf(request),
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime),
    address: clientOf(request).ipAddress,
    ...(sessionId !== null && { sessionId }),
    ...(apiKeyId !== null && { apiKeyId }),
    ...(operation !== 'none' && { operation, fields }),
    ...(errorCodes.size > 0 && { errors: [...errorCodes] }),
  };
}

/** The route, if there is one: paths below `/auth/verify/` belong to another service and may hold a token. */
function pathOf({ routeOptions, url }: FastifyRequest): string | undefined {
  return routeOptions.url ?? url.split('?', 1)[0]?.slice(0, maxPathLength);
}

function codesIn(payload: unknown): string[] {
  if (typeof payload !== 'object' || payload === null || !('errors' in payload)) return [];
  const errors: unknown[] = Array.isArray(payload.errors) ? payload.errors : [];
  return errors.flatMap((error) =>
    error instanceof Object && 'extensions' in error ? [codeOf(error.extensions)] : [],
  );
}

function codeOf(extensions: unknown): string {
  return extensions instanceof Object && 'code' in extensions ? String(extensions.code) : 'UNKNOWN';
}
