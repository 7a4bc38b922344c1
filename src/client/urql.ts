/** `postern/client/urql`: urql sends its operations in the name of the client's session. */
import type { Exchange, Operation } from '@urql/core';
import { authExchange } from '@urql/exchange-auth';
import { posternErrorIn, wantsFreshToken } from './postern-error.ts';
import type { PosternSession } from './session.ts';

/**
 * To put before the fetchExchange, whether that leads to Postern, to a router or to a subgraph that verifies Postern's
 * tokens. Operations wait for a token that is about to end, and are sent once more when theirs turns out to have ended.
 */
export function createPosternExchange({ session }: { session: PosternSession }): Exchange {
  return authExchange(async ({ appendHeaders }) => {
    /** The token that was not taken. */
    let refused: string | null = null;
    return {
      addAuthToOperation: (operation) =>
        session.heldToken === null
          ? operation
          : appendHeaders(operation, { authorization: `Bearer ${session.heldToken}` }),
      willAuthError: () => session.freshToken === null,
      didAuthError(error, operation) {
        const token = tokenOf(operation);
        const cause = posternErrorIn(error);
        if (token === null || cause === null) return false;
        if (wantsFreshToken(cause)) refused = token;
        else void session.note(cause, token);
        return wantsFreshToken(cause);
      },
      async refreshAuth() {
        const stale = refused;
        refused = null;
        await (stale === null ? session.accessToken() : session.renew(stale));
      },
    };
  });
}

/** What it was sent with. */
function tokenOf({ context: { fetchOptions } }: Operation): string | null {
  const { headers } = (typeof fetchOptions === 'function' ? fetchOptions() : fetchOptions) ?? {};
  return /^Bearer (.+)$/.exec(new Headers(headers).get('authorization') ?? '')?.[1] ?? null;
}
