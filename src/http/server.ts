/**
 * Builds the HTTP server: its hooks, and every path that it serves; other paths are 404. Responses are uncached JSON in
 * one shape, with a request id.
 */
import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import Fastify, { type FastifyInstance } from 'fastify';
import { requestScope } from '../logger.ts';
import type { AllowedOrigins } from './allowed-origins.ts';
import { createBrokenRequestHandler, ignoreExpectations, refuseWithoutOneHost } from './broken-requests.ts';
import { createClaimedPlaces } from './client-location.ts';
import { connectionTimeouts, maxConnections } from './deadline.ts';
import { isDecodable } from './decodable.ts';
import { registerFederatedCallback } from './endpoints/federated-callback.ts';
import { registerForwardAuth } from './endpoints/forward-auth.ts';
import { registerGraphql } from './endpoints/graphql.ts';
import { registerHealth } from './endpoints/health.ts';
import { registerIdentities } from './endpoints/identities.ts';
import { measureRequests, registerMetrics } from './endpoints/metrics.ts';
import { registerOauth } from './endpoints/oauth.ts';
import { registerPublicDocuments } from './endpoints/public-documents.ts';
import { registerRevocations } from './endpoints/revocations.ts';
import { registerStream } from './endpoints/stream.ts';
import { maxBodyBytes, registerErrorResponses } from './error-responses.ts';
import { registerJsonBodies } from './json-bodies.ts';
import { refuseMisplacedKeys } from './key-placement.ts';
import type { HttpOptions } from './options.ts';
import { registerApplication } from './pages/built/routes.ts';
import { registerConsole } from './pages/console.ts';
import { registerLanding } from './pages/landing.ts';
import { registerMailLinks } from './pages/mail-links.ts';
import { registerMailbox } from './pages/mailbox.ts';
import { logRequests, registerRequestNotes } from './request-record.ts';
import { traceRequests } from './request-spans.ts';
import { registerSecurityHeaders } from './security-headers.ts';
import { cookieScheme } from './session-cookies.ts';
import { endWaitingConnections } from './waiting-connections.ts';

/** A list of header names, as browsers send it. */
const headerNames = /^(?=.{1,2000}$)[\w!#$%&'*+.^`|~-]+( *, *[\w!#$%&'*+.^`|~-]+)*$/;
const acceptedRequestId = /^[A-Za-z0-9._:-]{8,128}$/;

export async function createHttpServer(options: HttpOptions): Promise<FastifyInstance> {
  const overTls = new URL(options.publicUrl).protocol === 'https:';
  const server = createFastify(options, overTls);
  endWaitingConnections(server);
  registerRequestNotes(server);
  if (options.tracing) traceRequests(server, options.tracing, options);
  registerJsonBodies(server);
  registerSecurityHeaders(server, overTls);
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  ignoreExpectations(server);
  writeCachingHeaders(server, options.draining);
  await server.register(cookie);
  server.decorateRequest('client', null);
  server.decorate('cookieScheme', cookieScheme(options.secureCookies));
  server.decorate('claimedPlaceOf', createClaimedPlaces(options.geoHeaders, options.trustedProxies));
  await registerCors(server, options.allowedOrigins);
  refuseWithoutOneHost(server);
  refuseMisplacedKeys(server, options.noteExposedKeys);
  // Once the body is read: an earlier scope would be lost in the socket's events.
  server.addHook('preHandler', ({ id: requestId, notes: { errorCodes, traceId } }, _reply, done) =>
    requestScope.run({ requestId, traceId, errorCodes }, done),
  );
  logRequests(server, options.logger);
  measureRequests(server, options.metrics);
  registerErrorResponses(server, options.logger);
  registerEndpoints(server, options);
  return server;
}

/** proxy-addr, with which Fastify compares addresses, takes no network of prefix 0: its two halves are the same. */
function halved(network: string): string[] {
  if (!/\/0+$/.test(network)) return [network];
  return network.includes(':') ? ['::/1', '8000::/1'] : ['0.0.0.0/1', '128.0.0.0/1'];
}

function createFastify({ trustedProxies }: HttpOptions, overTls: boolean): FastifyInstance {
  const server = Fastify({
    bodyLimit: maxBodyBytes,
    // Fastify overwrites the value of `http`.
    requestTimeout: connectionTimeouts.requestTimeout,
    trustProxy: trustedProxies.length > 0 ? trustedProxies.flatMap(halved) : false,
    // Fastify answers an undecodable path itself, without any hook: it becomes an unknown path.
    rewriteUrl: ({ url = '/' }) => (isDecodable(url.split('?', 1)[0] ?? '') ? url : '/undecodable'),
    requestIdHeader: false,
    genReqId: ({ headers }) => requestIdFrom(headers['x-request-id']),
    // Fastify would answer a longer parameter without any hook, and quote it; Node accepts no path of this length.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1_000_000 },
    // Node would answer a request without a Host header itself.
    http: { ...connectionTimeouts, requireHostHeader: false },
    clientErrorHandler: createBrokenRequestHandler(overTls),
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  });
  server.server.maxConnections = maxConnections;
  return server;
}

/** The last hook that writes headers, because Apollo sets its own on some errors. */
function writeCachingHeaders(server: FastifyInstance, draining: AbortSignal): void {
  server.addHook('onSend', (request, reply, payload, done) => {
    const isPublic = request.routeOptions.config.cacheable === true && reply.statusCode < 400;
    if (!isPublic) reply.header('cache-control', 'no-store');
    // Clients and proxies open their next connection to another instance.
    if (draining.aborted) reply.header('connection', 'close');
    done(null, payload);
  });
}

/** The origins are the protection; headers are not restricted, because monitoring scripts of an allowed page add their own. */
async function registerCors(server: FastifyInstance, allowedOrigins: AllowedOrigins): Promise<void> {
  server.addHook('onRequest', ({ headers }, _reply, done) => {
    const requested = headers['access-control-request-headers'];
    if (requested !== undefined && !headerNames.test(requested)) delete headers['access-control-request-headers'];
    done();
  });
  await server.register(cors, {
    origin: (origin, done) => done(null, origin !== undefined && allowedOrigins.allows(origin)),
    credentials: true,
    methods: ['GET', 'POST'],
    exposedHeaders: ['retry-after', 'ratelimit', 'ratelimit-policy', 'x-request-id'],
    maxAge: 86_400,
    strictPreflight: false,
  });
}

function registerEndpoints(server: FastifyInstance, options: HttpOptions): void {
  const { sandbox, publicUrl, mailbox, metrics, metricsToken, servesMailLinks, pages } = options;
  registerGraphql(server, options);
  registerStream(server, options);
  registerForwardAuth(server, options);
  registerIdentities(server, options);
  registerRevocations(server, options);
  registerFederatedCallback(server, options);
  registerOauth(server, options);
  if (sandbox) registerConsole(server, publicUrl);
  registerPublicDocuments(server, options);
  registerHealth(server, options);
  if (metricsToken !== null) registerMetrics(server, metrics, metricsToken);
  if (mailbox) registerMailbox(server, mailbox, publicUrl);
  if (servesMailLinks) registerMailLinks(server);
  for (const application of pages.applications) registerApplication(server, application);
  registerLanding(server, { pages: pages.served, sandbox, mailbox: mailbox !== null });
}

function requestIdFrom(header: string | string[] | undefined): string {
  return typeof header === 'string' && acceptedRequestId.test(header) ? header : randomUUID();
}
