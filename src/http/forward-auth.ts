/**
 * `/auth/verify`: what proxies ask before they let a request through to a service of yours. The answer is in the status
 * and in headers; a refusal says why, in the one shape of errors. Of the request only its bearer token counts.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal, refusalOf } from '../domain/errors.ts';
import type { Demands, Identity } from '../domain/forward-auth.ts';
import { errorBody } from '../graphql/errors.ts';
import { clientOf } from './client.ts';
import type { HttpOptions } from './options.ts';

const path = '/auth/verify';

export function registerForwardAuth(server: FastifyInstance, { identify }: HttpOptions): void {
  const answer = async (request: FastifyRequest, reply: FastifyReply, status: number, demandsIn: () => Demands) => {
    try {
      const { caller, services } = await identify(clientOf(request), request.headers.authorization);
      const identity = await services.forwardAuth.vouch(caller, demandsIn());
      return await reply.code(status).headers(headersOf(identity)).send();
    } catch (error) {
      const refusal = refusalOf(error);
      if (!refusal) throw error;
      return refuse(refusal, request, reply);
    }
  };
  // nginx, Traefik, Caddy: a request of the proxy's own making.
  server.get(path, (request, reply) => answer(request, reply, 204, () => readDemands(request.url)));
  // Envoy repeats the client's request, method, path and query, behind its prefix; and takes nothing but 200 for a yes.
  server.all(`${path}/*`, (request, reply) => answer(request, reply, 200, () => ({ roles: [], scopes: [] })));
}

/** @throws Refusal FORBIDDEN for a demand that we do not know: misspelt, it would otherwise let everybody in */
function readDemands(url: string): Demands {
  const demands = { role: new Set<string>(), scope: new Set<string>() };
  for (const [name, value] of new URLSearchParams(url.split('?')[1])) {
    if (name !== 'role' && name !== 'scope') throw new Refusal('FORBIDDEN', { detail: 'an unknown demand' });
    demands[name].add(value);
  }
  return { roles: [...demands.role], scopes: [...demands.scope] };
}

function headersOf({ userId, role, permissions, token }: Identity): Record<string, string> {
  return {
    'x-auth-user': userId,
    'x-auth-role': role,
    'x-auth-scopes': permissions.join(' '),
    'x-auth-token': token,
  };
}

/** Proxies pass on 401 and 403 as they are, and take anything else for a failure of ours. */
function refuse(refusal: Refusal, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { code, options } = refusal;
  const unavailable = code === 'SERVICE_BUSY' || code === 'SERVICE_UNAVAILABLE';
  if (unavailable) reply.code(503).header('retry-after', options.retryAfterSeconds ?? 1);
  else if (code === 'UNAUTHENTICATED') reply.code(401).header('www-authenticate', challengeFor(options.reason));
  else reply.code(403);
  return reply.send(errorBody(refusal, request.id));
}

/** RFC 6750 3: no error code for those who have shown nothing. */
function challengeFor(reason: string | undefined): string {
  return reason === 'NO_CREDENTIALS' ? 'Bearer' : 'Bearer error="invalid_token"';
}
