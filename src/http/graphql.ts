/** `/graphql`: Apollo behind Fastify, and the Sandbox page for people. */
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance } from 'fastify';
import { clientOf } from './client.ts';
import { withinDeadline } from './deadline.ts';
import type { HttpOptions } from './options.ts';
import { sandboxPage, sandboxPolicy } from './sandbox-page.ts';
import { sessionCookies } from './session-cookies.ts';

export function registerGraphql(
  server: FastifyInstance,
  { apollo, identify, sandbox, publicUrl, corsOrigins }: HttpOptions,
): void {
  const allowedOrigins = new Set([new URL(publicUrl).origin, ...corsOrigins]);
  const handle = fastifyApolloHandler(apollo, {
    context: async (request, reply) => ({
      ...(await identify(clientOf(request), request.headers.authorization)),
      cookies: sessionCookies(request, reply, allowedOrigins),
    }),
  });
  server.post('/graphql', function answer(request, reply) {
    return withinDeadline(Promise.resolve(handle.call(this, request, reply)));
  });
  server.get('/graphql', async function answer(request, reply) {
    const isPerson = request.headers.accept?.includes('text/html');
    if (!sandbox || !isPerson) return withinDeadline(Promise.resolve(handle.call(this, request, reply)));
    return reply.type('text/html; charset=utf-8').header('content-security-policy', sandboxPolicy).send(sandboxPage);
  });
}
