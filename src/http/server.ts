/**
 * The HTTP server: every path, header and status that is not GraphQL's. Answers are JSON in one shape, uncached, with
 * a request id; what is not listed here is 404.
 */
import { STATUS_CODES } from 'node:http';
import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { publicMessages, Refusal, refusalOf } from '../domain/errors.ts';
import { errorBody } from '../graphql/request/errors.ts';
import { describeError, type Logger, requestScope } from '../logger.ts';
import { createBrokenRequestHandler, ignoreExpectations, refuseWithoutOneHost } from './broken-requests.ts';
import { connectionTimeouts, maxConnections } from './deadline.ts';
import { isDecodable } from './decodable.ts';
import { registerForwardAuth } from './endpoints/forward-auth.ts';
import { registerGraphql } from './endpoints/graphql.ts';
import { registerHealth } from './endpoints/health.ts';
import { measureRequests, registerMetrics } from './endpoints/metrics.ts';
import { registerPublicDocuments } from './endpoints/public-documents.ts';
import { IllFormedText, registerJsonBodies } from './json-bodies.ts';
import type { HttpOptions } from './options.ts';
import { registerConsole } from './pages/console.ts';
import { registerLanding } from './pages/landing.ts';
import { registerMailLinks } from './pages/mail-links.ts';
import { registerMailbox } from './pages/mailbox.ts';
import { logRequests, notesOf } from './request-record.ts';
import { registerSecurityHeaders } from './security-headers.ts';
import { cookieScheme } from './session-cookies.ts';

const maxBodyBytes = 100_000;
const methods = ['GET', 'HEAD', 'POST', 'OPTIONS'];
/** A list of header names, as browsers send it. */
const headerNames = /^(?=.{1,2000}$)[\w!#$%&'*+.^`|~-]+( *, *[\w!#$%&'*+.^`|~-]+)*$/;
const saneRequestId = /^[A-Za-z0-9._:-]{8,128}$/;

export async function createHttpServer(options: HttpOptions): Promise<FastifyInstance> {
  const { allowedOrigins, trustedProxies, logger } = options;
  const overTls = new URL(options.publicUrl).protocol === 'https:';
  const server = Fastify({
    bodyLimit: maxBodyBytes,
    // Fastify overwrites the one of `http`.
    requestTimeout: connectionTimeouts.requestTimeout,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    // Fastify answers a path that does not decode by itself, past every hook; so it is one of the unknown paths.
    rewriteUrl: ({ url = '/' }) => (isDecodable(url.split('?', 1)[0] ?? '') ? url : '/undecodable'),
    requestIdHeader: false,
    genReqId: ({ headers }) => requestIdFrom(headers['x-request-id']),
    // A longer part of a path would be answered past every hook, and quoted; Node takes none that is as long as this.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1_000_000 },
    // Node would answer a request without a Host header by itself.
    http: { ...connectionTimeouts, requireHostHeader: false },
    clientErrorHandler: createBrokenRequestHandler(overTls),
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  });
  server.server.maxConnections = maxConnections;
  registerJsonBodies(server);

  await registerSecurityHeaders(server, overTls);
  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  ignoreExpectations(server);
  // Last, because Apollo sets one of its own on some errors.
  server.addHook('onSend', async (request, reply) => {
    const isPublic = request.routeOptions.config.cacheable === true && reply.statusCode < 400;
    if (!isPublic) reply.header('cache-control', 'no-store');
    // Clients and proxies open their next connection to another instance.
    if (options.draining.aborted) reply.header('connection', 'close');
  });
  await server.register(cookie);
  // The list of origins is the protection: monitoring scripts of an allowed page add headers of their own.
  server.addHook('onRequest', async ({ headers }) => {
    const requested = headers['access-control-request-headers'];
    if (requested !== undefined && !headerNames.test(requested)) delete headers['access-control-request-headers'];
  });
  server.decorate('cookieScheme', cookieScheme(options.secureCookies));
  await server.register(cors, {
    origin: (origin, done) => done(null, origin !== undefined && allowedOrigins.allows(origin)),
    credentials: true,
    methods: ['GET', 'POST'],
    exposedHeaders: ['retry-after', 'ratelimit', 'ratelimit-policy', 'x-request-id'],
    maxAge: 86_400,
    strictPreflight: false,
  });
  refuseWithoutOneHost(server);
  // After the body was read: before that, the scope would be lost on the way through the socket's events.
  server.addHook('preHandler', (request, _reply, done) =>
    requestScope.run({ requestId: request.id, errorCodes: notesOf(request).errorCodes }, done),
  );
  logRequests(server, logger);
  measureRequests(server, options.metrics);

  server.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request, reply, logger));
  server.setNotFoundHandler((request, reply) => answerUnknown(request, reply));

  registerGraphql(server, options);
  registerForwardAuth(server, options);
  if (options.sandbox) registerConsole(server, options.publicUrl);
  registerPublicDocuments(server, options);
  registerHealth(server, options);
  if (options.metricsToken !== null) registerMetrics(server, options.metrics, options.metricsToken);
  if (options.mailbox) registerMailbox(server, options.mailbox, options.publicUrl);
  if (options.servesMailLinks) registerMailLinks(server);
  registerLanding(server, { sandbox: options.sandbox, mailbox: options.mailbox !== null });
  return server;
}

function requestIdFrom(header: string | string[] | undefined): string {
  return typeof header === 'string' && saneRequestId.test(header) ? header : uuidv7();
}

/** What the request itself got wrong, in a sentence: never the body, which the parser's own message may quote. */
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
  const body = errorBody(new Refusal('BAD_REQUEST'), request.id);
  return reply
    .code(status)
    .send({ errors: body.errors.map((entry) => ({ ...entry, message: sentenceFor(status, error) })) });
}

function sentenceFor(status: number, error: Error): string {
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
