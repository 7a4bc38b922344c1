/** `@postern/client/urql`: urql sends its operations in the name of the client's session. */
import type { Exchange, Operation } from '@urql/core';
import { authExchange } from '@urql/exchange-auth';
import { type PosternError, posternErrorIn, wantsFreshToken } from './postern-error.ts';
import type { PosternSession } from './session.ts';

/**
 * To put before the fetchExchange, whether that leads to Postern, to a router or to a subgraph that verifies Postern's
 * tokens. Operations wait for a token that is about to end, and are sent once more when theirs turns out to have ended.
 */
export function createPosternExchange({ session }: { session: PosternSession }): Exchange {
  return authExchange(async ({ appendHeaders }) => {
    /** The token that was not taken, and what the gateway said. */
    let refused: { token: string; cause: PosternError } | null = null;
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
        if (wantsFreshToken(cause)) refused = { token, cause };
        else void session.note(cause, token);
        return wantsFreshToken(cause);
      },
      async refreshAuth() {
        const stale = refused;
        refused = null;
        if (stale === null) await session.accessToken();
        else if ((await session.renew(stale.token)) === null) throw stale.cause;
      },
    };
  });
}

/** What it was sent with. */
function tokenOf({ context: { fetchOptions } }: Operation): string | null {
  const { headers } = (typeof fetchOptions === 'function' ? fetchOptions() : fetchOptions) ?? {};
  return /^Bearer (.+)$/.exec(new Headers(headers).get('authorization') ?? '')?.[1] ?? null;
}
