/** The span of each request and of its operation. Paths, addresses, headers and names that clients choose are not part of them. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isWithin, readNetworks } from '../domain/source.ts';
import { operationLabel, outcomeLabel } from '../metrics/operations.ts';
import type { RequestSpan, SpanAttributes, SpanResult, Tracing } from '../trace.ts';
import type { HttpOptions } from './options.ts';
import type { RequestNotes } from './request-record.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** null: the request is not traced. */
    span: RequestSpan | null;
  }
}

/** Only proxies may continue their trace: others could have every request recorded. */
export function traceRequests(
  server: FastifyInstance,
  tracing: Tracing,
  { trustedProxies, traceName }: Pick<HttpOptions, 'trustedProxies' | 'traceName'>,
): void {
  const proxies = readNetworks(trustedProxies);
  server.decorateRequest('span', null);
  server.addHook('onRequest', (request, _reply, done) => {
    if (request.routeOptions.config.probe !== true) {
      const continues = request.headers.traceparent !== undefined && isWithin(peerOf(request), proxies);
      request.span = tracing.request(`${request.method} ${routeOf(request)}`, continues ? request.headers : null);
      request.notes.traceId = request.span.traceId;
    }
    done();
  });
  server.addHook('preHandler', ({ span }, _reply, done) => (span ? span.run(done) : done()));
  server.addHook('onResponse', (request, { statusCode }, done) => {
    request.span?.end(() => ({ ...attributesOf(request, traceName), 'http.response.status_code': statusCode }));
    done();
  });
}

function attributesOf(request: FastifyRequest, traceName: HttpOptions['traceName']): SpanAttributes {
  const { userId, errorCodes } = request.notes;
  return {
    'http.request.method': request.method,
    'http.route': routeOf(request),
    ...(errorCodes.size > 0 && { 'error.type': outcomeLabel(errorCodes) }),
    ...(userId !== null && traceName !== null && { 'enduser.pseudo.id': traceName(userId) }),
  };
}

function peerOf({ socket }: FastifyRequest): string | null {
  return socket.remoteAddress ?? null;
}

function routeOf({ routeOptions }: FastifyRequest): string {
  return routeOptions.url ?? 'unknown';
}

/** An operation is named by its root field: the name in the document is text of the client. */
export function describeOperation({ operation, fields, errorCodes }: RequestNotes): SpanResult {
  const label = operationLabel(fields);
  return {
    ...(operation !== 'none' && { name: label === 'other' ? operation : `${operation} ${label}` }),
    attributes: { 'postern.operation': label, 'postern.outcome': outcomeLabel(errorCodes) },
  };
}
