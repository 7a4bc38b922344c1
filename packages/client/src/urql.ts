/** `@postern/client/urql`: urql sends its operations with the client's session. */
import type { Exchange, Operation } from '@urql/core';
import { authExchange } from '@urql/exchange-auth';
import { type PosternError, posternErrorIn, wantsFreshToken } from './errors/postern-error.ts';
import type { PosternSession } from './session/session.ts';

/**
 * Goes before the fetchExchange to Postern, to a router, or to a subgraph that verifies Postern's tokens. Operations wait while
 * their token is renewed, and are sent once more when the server reports that their token has expired.
 */
export function createPosternExchange({ session }: { session: PosternSession }): Exchange {
  return authExchange(async ({ appendHeaders }) => {
    /** The rejected token and the error of the gateway. */
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

/** The token that the operation was sent with. */
function tokenOf({ context: { fetchOptions } }: Operation): string | null {
  const { headers } = (typeof fetchOptions === 'function' ? fetchOptions() : fetchOptions) ?? {};
  return /^Bearer (.+)$/.exec(new Headers(headers).get('authorization') ?? '')?.[1] ?? null;
}
