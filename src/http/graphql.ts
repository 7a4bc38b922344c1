/** `/graphql`: Apollo behind Fastify, and the Sandbox page for people. */
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance } from 'fastify';
import { createLoaders } from '../graphql/loaders.ts';
import { clientOf } from './client.ts';
import { noteOperation } from './metrics.ts';
import type { HttpOptions } from './options.ts';
import { sandboxPage, sandboxPolicy } from './sandbox-page.ts';
import { sessionCookies } from './session-cookies.ts';

export function registerGraphql(
  server: FastifyInstance,
  { apollo, identify, isRouter, sandbox, publicUrl, corsOrigins }: HttpOptions,
): void {
  const allowedOrigins = new Set([new URL(publicUrl).origin, ...corsOrigins]);
  const handle = fastifyApolloHandler(apollo, {
    context: async (request, reply) => {
      const { caller, services } = await identify(clientOf(request), request.headers.authorization);
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
  server.post('/graphql', handle);
  server.get('/graphql', async function answer(request, reply) {
    const isPerson = request.headers.accept?.includes('text/html');
    if (!sandbox || !isPerson) return handle.call(this, request, reply);
    return reply.type('text/html; charset=utf-8').header('content-security-policy', sandboxPolicy).send(sandboxPage);
  });
}
