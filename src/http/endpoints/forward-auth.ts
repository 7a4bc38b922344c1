/**
 * `/auth/verify`: proxies call it before they forward a request to a service. The result is the status and the headers;
 * a rejection has the usual JSON of errors. Only the bearer token of the request counts.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Identity } from '../../domain/access/identity.ts';
import { Refusal, refusalOf } from '../../domain/errors.ts';
import { admit, type Requirements } from '../../domain/sessions/forward-auth.ts';
import { clientOf } from '../client.ts';
import type { HttpOptions } from '../options.ts';
import { sendRefusal } from '../refusals.ts';
import { RequestCounter } from '../request-limits.ts';
import { noteCaller } from '../request-record.ts';

const path = '/auth/verify';

export function registerForwardAuth(server: FastifyInstance, options: HttpOptions): void {
  const counter = new RequestCounter(options);
  const answer = async (
    request: FastifyRequest,
    reply: FastifyReply,
    status: number,
    demandsIn: () => Requirements,
  ) => {
    try {
      const { caller, unit } = await options.identify(clientOf(request), request.headers.authorization);
      noteCaller(request, caller);
      // Sessions are not limited here: a page loads many files through the proxy.
      const refused = caller.machine ? await counter.countCaller(request, reply, caller) : null;
      if (refused) return refused;
      const { identity, token } = await admit(unit, caller, demandsIn());
      return await reply.code(status).headers(headersOf(identity, token)).send();
    } catch (error) {
      const refusal = refusalOf(error);
      if (!refusal) throw error;
      return sendRefusal(refusal, request, reply);
    }
  };
  // Envoy repeats the client's method, path and query behind this prefix. It accepts status 200 only.
  const answerEnvoy = (request: FastifyRequest, reply: FastifyReply) =>
    answer(request, reply, 200, () => ({ roles: [], scopes: [] }));
  server.all(`${path}/*`, answerEnvoy);
  // The router ignores a trailing slash; the prefix root of Envoy has one.
  const isEnvoy = ({ url }: FastifyRequest) => url.split('?', 1)[0]?.endsWith('/') ?? false;
  // nginx, Traefik and Caddy make a GET request of their own.
  server.get(path, (request, reply) =>
    isEnvoy(request) ? answerEnvoy(request, reply) : answer(request, reply, 204, () => readDemands(request.url)),
  );
  server.route({
    method: server.supportedMethods.filter((method) => !['GET', 'HEAD', 'OPTIONS'].includes(method)),
    url: path,
    handler: (request, reply) => (isEnvoy(request) ? answerEnvoy(request, reply) : reply.callNotFound()),
  });
}

/** @throws Refusal FORBIDDEN for an unknown requirement: a misspelt one would otherwise allow every caller */
function readDemands(url: string): Requirements {
  const demands = { role: new Set<string>(), scope: new Set<string>() };
  const [, ...parts] = url.split('?');
  if (parts.length > 1) throw new Refusal('FORBIDDEN', { detail: 'a second question mark' });
  for (const [name, value] of new URLSearchParams(parts[0])) {
    if (name !== 'role' && name !== 'scope') throw new Refusal('FORBIDDEN', { detail: 'an unknown demand' });
    demands[name].add(value);
  }
  return { roles: [...demands.role], scopes: [...demands.scope] };
}

function headersOf({ kind, id, role, permissions }: Identity, token: string): Record<string, string> {
  return {
    'x-auth-user': id,
    'x-auth-kind': kind,
    'x-auth-role': role.name,
    'x-auth-scopes': permissions.join(' '),
    'x-auth-token': token,
  };
}
