/** `/graphql`: Apollo behind Fastify, and for browsers the Sandbox page. */
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../../domain/errors.ts';
import { RequestLimits } from '../../graphql/rate-limits/rate-limit-headers.ts';
import type { Context } from '../../graphql/request/context.ts';
import { errorBody } from '../../graphql/request/errors.ts';
import { createLoaders } from '../../graphql/request/loaders.ts';
import { clientOf } from '../client.ts';
import { withinDeadline } from '../deadline.ts';
import { isDecodable } from '../decodable.ts';
import { IllFormedText } from '../json-bodies.ts';
import { isKeyBesideCookie, refuseKeyBesideCookie } from '../key-placement.ts';
import type { HttpOptions, Identified } from '../options.ts';
import { createLandingPage, wantsHtml } from '../pages/landing.ts';
import { onlyForOwnHosts } from '../pages/local-pages.ts';
import { sendPage } from '../pages/page.ts';
import { sandboxPage, sandboxPolicy } from '../pages/sandbox-page.ts';
import { RequestCounter, writeLimits } from '../request-limits.ts';
import { noteCaller } from '../request-record.ts';
import { describeOperation } from '../request-spans.ts';
import { sessionCookies } from '../session-cookies.ts';
import { isAnswered, unknownDocument } from '../trusted-documents.ts';

export function registerGraphql(server: FastifyInstance, options: HttpOptions): void {
  const { sandbox, publicUrl, mailbox, pages, events } = options;
  const landingPage = createLandingPage({ pages: pages.served, sandbox, mailbox: mailbox !== null });
  const refuseForeignHosts = onlyForOwnHosts(publicUrl);
  const counter = new RequestCounter(options);
  const answer = (request: FastifyRequest, reply: FastifyReply) =>
    withinDeadline(answerOperation(server, request, reply, { options, counter }));

  server.decorateRequest('limits', null);
  const onResponse = async ({ notes }: FastifyRequest) => {
    if (notes.operation === 'mutation') events.announce();
  };
  const hooks = { onRequest: counter.countSource, onSend: writeLimits, onResponse };
  server.post('/graphql', hooks, answer);
  server.get('/graphql', hooks, async (request, reply) => {
    if (!isDecodable(request.url)) throw new IllFormedText('Percent-encode the query string as UTF-8.');
    if (!wantsHtml(request)) return answer(request, reply);
    if (!sandbox) return sendPage(reply, landingPage);
    await refuseForeignHosts(request, reply);
    if (reply.sent) return reply;
    return reply.type('text/html; charset=utf-8').header('content-security-policy', sandboxPolicy).send(sandboxPage);
  });
}

async function answerOperation(
  server: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
  { options, counter }: { options: HttpOptions; counter: RequestCounter },
): Promise<unknown> {
  if (isKeyBesideCookie(request)) return refuseKeyBesideCookie(request, reply);
  const identified = await options.identify(clientOf(request), request.headers.authorization);
  noteCaller(request, identified.caller);
  const refused = await counter.countCaller(request, reply, identified.caller);
  if (refused) return refused;
  if (!isAnswered(request, identified.caller, options))
    return reply.code(400).send(errorBody(new Refusal('BAD_REQUEST'), request.id, unknownDocument));
  dropEmptyOperationName(request);
  const context = async () => contextOf(request, reply, identified, options);
  const { tracing } = options;
  const run = async () => fastifyApolloHandler(options.apollo, { context }).call(server, request, reply);
  return tracing ? tracing.span('graphql', run, () => describeOperation(request.notes)) : run();
}

function contextOf(
  request: FastifyRequest,
  reply: FastifyReply,
  { caller, unit }: Identified,
  { allowedOrigins, isRouter }: HttpOptions,
): Context {
  return {
    caller,
    unit,
    loaders: createLoaders(caller, unit),
    cookies: sessionCookies(request, reply, allowedOrigins),
    limits: request.limits ?? new RequestLimits(),
    deniedOperations: new Set<string>(),
    requestedEntities: 0,
    isRouter: isRouter(request.headers['router-authorization']),
    noteOperation: (operation, fields) => Object.assign(request.notes, { operation, fields }),
  };
}

/** Some clients send an empty name for an unnamed operation. */
function dropEmptyOperationName(request: FastifyRequest): void {
  const { body } = request;
  if (typeof body === 'object' && body !== null && 'operationName' in body && body.operationName === '')
    body.operationName = null;
  request.raw.url = request.raw.url?.replace(/([?&])operationName=(?=&|$)/, '$1');
}
