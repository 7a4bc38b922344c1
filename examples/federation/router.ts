/**
 * The router in front: Hive Gateway. It checks tokens against Postern's keys, refuses what `@authenticated` and
 * `@requiresScopes` say, and shows each subgraph the secret that makes it the router.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import type { Caller, Verifier } from '@postern/verify';
import { GraphQLError } from 'graphql';

export interface RouterOptions {
  supergraphSdl: string;
  verify: Verifier;
  routerSecret: string;
  port: number;
}

export async function startRouter({ supergraphSdl, verify, routerSecret, port }: RouterOptions) {
  const runtime = createGatewayRuntime<{ req?: IncomingMessage }>({
    supergraph: supergraphSdl,
    logging: 'warn',
    genericAuth: {
      mode: 'protect-granular',
      // Always somebody to `validateUser`, which tells why it is nobody.
      resolveUserFn: ({ request }) => verify(request.headers.get('authorization')),
      validateUser: ({ user, fieldAuthArgs, typeAuthArgs, fieldScopes, typeScopes, fieldNode, path }) => {
        const caller: Caller | null = user.caller;
        const demanded = [fieldScopes, typeScopes].filter((lists) => lists !== undefined);
        if (!caller) {
          const isPublic = demanded.length === 0 && !fieldAuthArgs && !typeAuthArgs;
          if (isPublic) return undefined;
          const extensions = { code: 'UNAUTHENTICATED', reason: user.problem };
          return new GraphQLError('Sign in to do this.', { nodes: [fieldNode], path, extensions });
        }
        const holds = (permissions: string[]) => permissions.every((one) => caller.permissions.includes(one));
        if (demanded.every((lists) => lists.some(holds))) return undefined;
        const extensions = { code: 'FORBIDDEN' };
        return new GraphQLError('You may not do this.', { nodes: [fieldNode], path, extensions });
      },
    },
    propagateHeaders: {
      // Nothing that a client sends passes but what stands here: not a `Router-Authorization` of their own, above all.
      fromClientToSubgraphs: ({ request, context }) => ({
        'router-authorization': routerSecret,
        authorization: request.headers.get('authorization'),
        'user-agent': request.headers.get('user-agent'),
        'x-device-token': request.headers.get('x-device-token'),
        // Limits count by address: TRUSTED_PROXIES of Postern has to hold this router's own.
        'x-forwarded-for': context.req?.socket.remoteAddress,
      }),
    },
  });
  const server = createServer(runtime).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : port}/graphql`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await runtime[Symbol.asyncDispose]();
    },
  };
}
