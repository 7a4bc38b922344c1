/** `/graphql`: Apollo behind Fastify, and the Sandbox page for people. */
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../../domain/caller.ts';
import type { DomainDependencies } from '../../domain/dependencies.ts';
import { Refusal } from '../../domain/errors.ts';
import { mayAskAnything } from '../../graphql/documents/trusted-documents.ts';
import { RequestLimits } from '../../graphql/rate-limits/rate-limit-headers.ts';
import type { Context } from '../../graphql/request/context.ts';
import { errorBody } from '../../graphql/request/errors.ts';
import { createLoaders } from '../../graphql/request/loaders.ts';
import { clientOf } from '../client.ts';
import { withinDeadline } from '../deadline.ts';
import { isDecodable } from '../decodable.ts';
import { IllFormedText } from '../json-bodies.ts';
import type { HttpOptions } from '../options.ts';
import { createLandingPage, wantsHtml } from '../pages/landing.ts';
import { onlyForOwnHosts } from '../pages/local-pages.ts';
import { sendPage } from '../pages/page.ts';
import { sandboxPage, sandboxPolicy } from '../pages/sandbox-page.ts';
import { RequestCounter, writeLimits } from '../request-limits.ts';
import { notesOf } from '../request-record.ts';
import { sessionCookies } from '../session-cookies.ts';
import { resolveDocument } from '../trusted-documents.ts';

const unknownDocument = 'This gateway accepts trusted documents only. Send the id or the text of a trusted document.';

export function registerGraphql(server: FastifyInstance, options: HttpOptions): void {
  const { apollo, identify, isRouter, sandbox, publicUrl, allowedOrigins, mailbox, trustedDocuments } = options;
  const landingPage = createLandingPage({ sandbox, mailbox: mailbox !== null });
  const refuseForeignHosts = onlyForOwnHosts(publicUrl);
  const counter = new RequestCounter(options);

  function contextOf(
    request: FastifyRequest,
    reply: FastifyReply,
    { caller, unit }: { caller: Caller; unit: DomainDependencies },
  ): Context {
    return {
      caller,
      unit,
      loaders: createLoaders(caller, unit),
      cookies: sessionCookies(request, reply, allowedOrigins),
      limits: request.limits ?? new RequestLimits(),
      deniedOperations: new Set<string>(),
      isRouter: isRouter(request.headers['router-authorization']),
      noteOperation: (operation, fields) => Object.assign(notesOf(request), { operation, fields }),
    };
  }

  function isKnown(request: FastifyRequest, { viewer }: Caller): boolean {
    if (!trustedDocuments || resolveDocument(request, trustedDocuments)) return true;
    if (isRouter(request.headers['router-authorization'])) return true;
    return sandbox && viewer !== null && mayAskAnything(viewer);
  }

  async function answer(this: FastifyInstance, request: FastifyRequest, reply: FastifyReply) {
    const identified = await identify(clientOf(request), request.headers.authorization);
    notesOf(request).sessionId = identified.caller.viewer?.session.id ?? null;
    const refused = await counter.countCaller(request, reply, identified.caller);
    if (refused) return refused;
    if (!isKnown(request, identified.caller)) {
      const { errors } = errorBody(new Refusal('BAD_REQUEST'), request.id);
      return reply.code(400).send({ errors: errors.map((error) => ({ ...error, message: unknownDocument })) });
    }
    dropEmptyOperationName(request);
    const handle = fastifyApolloHandler(apollo, { context: async () => contextOf(request, reply, identified) });
    return handle.call(this, request, reply);
  }

  server.decorateRequest('limits', null);
  const hooks = { onRequest: counter.countSource, onSend: writeLimits };
  server.post('/graphql', hooks, function answerInTime(request, reply) {
    return withinDeadline(answer.call(this, request, reply));
  });
  server.get('/graphql', hooks, async function answerPerson(request, reply) {
    if (!isDecodable(request.url)) throw new IllFormedText('Percent-encode the query string as UTF-8.');
    if (!wantsHtml(request)) return withinDeadline(answer.call(this, request, reply));
    if (!sandbox) return sendPage(reply, landingPage);
    await refuseForeignHosts(request, reply);
    if (reply.sent) return reply;
    return reply.type('text/html; charset=utf-8').header('content-security-policy', sandboxPolicy).send(sandboxPage);
  });
}

/** Some clients always send a name, also where the document has none. */
function dropEmptyOperationName(request: FastifyRequest): void {
  const { body } = request;
  if (typeof body === 'object' && body !== null && 'operationName' in body && body.operationName === '')
    body.operationName = null;
  request.raw.url = request.raw.url?.replace(/([?&])operationName=(?=&|$)/, '$1');
}
