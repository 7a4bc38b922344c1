/**
 * `/auth/callback/{slug}`: where identity providers send browsers back to. It redirects to the application with an exchange
 * code or a reason. Without a known state there is no address to redirect to, and the page says so.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { clientOf } from '../client.ts';
import type { HttpOptions } from '../options.ts';
import { RequestCounter, writeLimits } from '../request-limits.ts';
import { flowTokenOf } from '../session-cookies.ts';

const path = '/auth/callback/:slug';
/** A code, a state and the name of a user fit many times. */
const maxParameterUnits = 8192;

/** Counted by source as every request to `/graphql` is: each call costs a transaction. */
export function registerFederatedCallback(server: FastifyInstance, options: HttpOptions): void {
  const { federatedCallback } = options;
  const { countSource: onRequest } = new RequestCounter(options);
  server.get<{ Params: { slug: string } }>(path, { onRequest, onSend: writeLimits }, async (request, reply) => {
    const query = queryOf(request);
    if (query.length > maxParameterUnits) return refuse(reply);
    const { slug } = request.params;
    const sent = { slug, parameters: new URLSearchParams(query), browserToken: flowTokenOf(request) };
    const target = await federatedCallback.answer(clientOf(request), sent);
    return target === null ? refuse(reply) : reply.code(303).header('location', target).send();
  });
  registerPost(server, federatedCallback, onRequest);
}

/** Forms are accepted on this path only: browsers send them across sites without a preflight request. */
function registerPost(
  server: FastifyInstance,
  federatedCallback: HttpOptions['federatedCallback'],
  onRequest: RequestCounter['countSource'],
): void {
  void server.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: maxParameterUnits },
      (_request, body, done) => done(null, new URLSearchParams(body.toString())),
    );
    scope.post<{ Params: { slug: string }; Body: unknown }>(
      path,
      { onRequest, onSend: writeLimits },
      async (request, reply) => {
        const { slug } = request.params;
        if (!(request.body instanceof URLSearchParams)) return refuse(reply);
        const resume = await federatedCallback.keep(clientOf(request), slug, request.body);
        if (resume === null) return refuse(reply);
        return reply.code(303).header('location', `?resume=${resume}`).send();
      },
    );
  });
}

function queryOf({ url }: FastifyRequest): string {
  const start = url.indexOf('?');
  return start === -1 ? '' : url.slice(start + 1);
}

/** The page shows nothing of the request. */
function refuse(reply: FastifyReply): FastifyReply {
  const text = 'This sign-in has expired or was already used. Go back to the application and start again.\n';
  return reply.code(400).type('text/plain; charset=utf-8').send(text);
}
