/**
 * The configuration of Hive Gateway. It verifies tokens with Postern's keys, enforces `@authenticated` and `@requiresScopes`,
 * and sends each subgraph the secret that identifies the router.
 */
import type { IncomingMessage } from 'node:http';
import type { GatewayConfigSupergraph } from '@graphql-hive/gateway-runtime';
import type { Caller, Verifier } from '@postern/verify';
import { GraphQLError } from 'graphql';

export interface RouterConfigOptions {
  /** The SDL of the supergraph, or the path of its file. */
  supergraph: string;
  verify: Verifier;
  routerSecret: string;
}

export interface RouterContext {
  req?: IncomingMessage;
}

export function createRouterConfig(options: RouterConfigOptions): GatewayConfigSupergraph<RouterContext> {
  const { supergraph, verify, routerSecret } = options;
  return {
    supergraph,
    logging: 'warn',
    genericAuth: {
      mode: 'protect-granular',
      // Never null, so that `validateUser` can report why there is no caller.
      resolveUserFn: ({ request }) => verify(request.headers.get('authorization')),
      validateUser: ({ user, fieldAuthArgs, typeAuthArgs, fieldScopes, typeScopes, fieldNode, path }) => {
        const caller: Caller | null = user.caller;
        const required = [fieldScopes, typeScopes].filter((lists) => lists !== undefined);
        if (!caller) {
          const isPublic = required.length === 0 && !fieldAuthArgs && !typeAuthArgs;
          if (isPublic) return undefined;
          const extensions = { code: 'UNAUTHENTICATED', reason: user.problem };
          return new GraphQLError('Authentication is required. Sign in, then try again.', {
            nodes: [fieldNode],
            path,
            extensions,
          });
        }
        const holds = (permissions: string[]) => permissions.every((one) => caller.permissions.includes(one));
        if (required.every((lists) => lists.some(holds))) return undefined;
        const extensions = { code: 'FORBIDDEN' };
        return new GraphQLError('You do not have permission for this operation.', {
          nodes: [fieldNode],
          path,
          extensions,
        });
      },
    },
    propagateHeaders: {
      // Only these headers pass. In particular, a client cannot send its own `Router-Authorization`.
      fromClientToSubgraphs: ({ request, context }) => ({
        'router-authorization': routerSecret,
        authorization: request.headers.get('authorization'),
        'user-agent': request.headers.get('user-agent'),
        'x-device-token': request.headers.get('x-device-token'),
        // Postern counts by this address: its TRUSTED_PROXIES must contain the address of this router.
        'x-forwarded-for': context.req?.socket.remoteAddress,
      }),
    },
  };
}
