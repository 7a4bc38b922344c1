/** `/graphql`: Apollo behind Fastify, and the Sandbox page for people. */
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../domain/errors.ts';
import { errorBody } from '../graphql/errors.ts';
import { createLoaders } from '../graphql/loaders.ts';
import { mayAskAnything } from '../graphql/trusted-documents.ts';
import { clientOf } from './client.ts';
import { withinDeadline } from './deadline.ts';
import { noteOperation } from './metrics.ts';
import type { HttpOptions } from './options.ts';
import { createLandingPage, wantsHtml } from './pages/landing.ts';
import { onlyForOwnHosts } from './pages/local-pages.ts';
import { sendPage } from './pages/page.ts';
import { sandboxPage, sandboxPolicy } from './sandbox-page.ts';
import { sessionCookies } from './session-cookies.ts';
import { resolveDocument } from './trusted-documents.ts';

const unknownDocument =
  'This gateway answers the operations of its own clients only, and this is none of them. Send the id or the text of a trusted document.';

export function registerGraphql(
  server: FastifyInstance,
  { apollo, identify, isRouter, sandbox, publicUrl, allowedOrigins, mailbox, trustedDocuments }: HttpOptions,
): void {
  const landingPage = createLandingPage({ sandbox, mailbox: mailbox !== null });
  const refuseForeignHosts = onlyForOwnHosts(publicUrl);
  const callerOf = (request: FastifyRequest) => identify(clientOf(request), request.headers.authorization);
  const handle = fastifyApolloHandler(apollo, {
    context: async (request, reply) => {
      const { caller, services } = await callerOf(request);
      const cookies = sessionCookies(request, reply, allowedOrigins);
      return {
        caller,
        services,
        loaders: createLoaders(caller, services),
        cookies,
        isRouter: isRouter(request.headers['router-authorization']),
        noteOperation: (kind) => noteOperation(request, kind),
      };
    },
  });

  async function isKnown(request: FastifyRequest): Promise<boolean> {
    if (!trustedDocuments || resolveDocument(request, trustedDocuments)) return true;
    if (isRouter(request.headers['router-authorization'])) return true;
    if (!sandbox) return false;
    const { viewer } = (await callerOf(request)).caller;
    return viewer !== null && mayAskAnything(viewer);
  }

  async function answer(this: FastifyInstance, request: FastifyRequest, reply: FastifyReply) {
    if (await isKnown(request)) return withinDeadline(Promise.resolve(handle.call(this, request, reply)));
    const { errors } = errorBody(new Refusal('BAD_REQUEST'), request.id);
    return reply.code(400).send({ errors: errors.map((error) => ({ ...error, message: unknownDocument })) });
  }

  server.post('/graphql', answer);
  server.get('/graphql', async function answerPerson(request, reply) {
    if (!wantsHtml(request)) return answer.call(this, request, reply);
    if (!sandbox) return sendPage(reply, landingPage);
    await refuseForeignHosts(request, reply);
    if (reply.sent) return reply;
    return reply.type('text/html; charset=utf-8').header('content-security-policy', sandboxPolicy).send(sandboxPage);
  });
}
