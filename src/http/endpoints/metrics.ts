/** `/metrics` for Prometheus: behind a token on the main port, or open on a port of its own. Also measures every request. */
import { createHash, timingSafeEqual } from 'node:crypto';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { Refusal } from '../../domain/errors.ts';
import { errorBody } from '../../graphql/request/errors.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import { outcomeLabel } from '../../metrics/operations.ts';
import { createBrokenRequestHandler } from '../broken-requests.ts';
import { connectionTimeouts } from '../deadline.ts';
import { registerSecurityHeaders } from '../security-headers.ts';

/** Prometheus and an operator need only a few connections. */
const maxMetricsConnections = 100;

export function measureRequests(server: FastifyInstance, metrics: Metrics): void {
  server.addHook('onResponse', (request, reply, done) => {
    const { operation, fields, errorCodes } = request.notes;
    const route = request.routeOptions.url ?? 'unknown';
    const seconds = reply.elapsedTime / 1000;
    // A stream lasts as long as its access token.
    if (operation !== 'subscription') metrics.request({ route, operation, status: reply.statusCode, seconds });
    // The pages of this path are no operations.
    const isOperation = operation !== 'none' || errorCodes.size > 0;
    if (route === '/graphql' && isOperation) metrics.operation({ fields, errorCodes, seconds });
    if (route.startsWith('/oauth/')) metrics.oauthRequest(route, outcomeLabel(errorCodes));
    done();
  });
}

export function registerMetrics(server: FastifyInstance, metrics: Metrics, token: string): void {
  server.get('/metrics', { config: { probe: true } }, async (request, reply) => {
    if (!isSame(request.headers.authorization ?? '', `Bearer ${token}`)) {
      const body = errorBody(new Refusal('UNAUTHENTICATED', { reason: 'NO_CREDENTIALS' }), request.id);
      return reply.code(401).header('www-authenticate', 'Bearer').send(body);
    }
    return reply.type(metrics.contentType).send(await metrics.text());
  });
}

/** The listener of METRICS_PORT: every client that reaches it may read, except pages of other origins in a browser. */
export async function createMetricsServer(metrics: Metrics): Promise<FastifyInstance> {
  const server = Fastify({
    forceCloseConnections: true,
    requestTimeout: connectionTimeouts.requestTimeout,
    http: { ...connectionTimeouts },
    clientErrorHandler: createBrokenRequestHandler(false),
  });
  server.server.maxConnections = maxMetricsConnections;
  registerSecurityHeaders(server, false);
  server.addHook('onRequest', (_request, reply, done) => {
    reply.header('cache-control', 'no-store');
    done();
  });
  const answer = (reply: FastifyReply, status: number, text: string) =>
    reply.code(status).type('text/plain; charset=utf-8').send(text);
  server.setNotFoundHandler((_request, reply) => answer(reply, 404, 'Not found. This port serves GET /metrics.\n'));
  server.setErrorHandler(({ statusCode = 500 }: FastifyError, _request, reply) => {
    return answer(reply, statusCode, statusCode < 500 ? 'Bad request.\n' : 'The metrics are unavailable. Try again.\n');
  });
  server.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  return server;
}

/** Compares the hashes, so that the time shows neither the length nor the position of a difference. */
function isSame(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
