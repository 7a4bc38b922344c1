/** `@postern/client/apollo`: Apollo Client sends its operations with the client's session. */
import { ApolloLink, Observable } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { posternErrorIn, wantsFreshToken } from './errors/postern-error.ts';
import type { PosternSession } from './session/session.ts';

/**
 * Goes before the HttpLink to Postern, to a router, or to a subgraph that verifies Postern's tokens. An operation waits while
 * its token is renewed, and is sent once more when the server reports that its token has expired.
 */
export function createPosternLink({ session }: { session: PosternSession }): ApolloLink {
  const authorize = new SetContextLink(async ({ headers }) => {
    const posternToken = await session.accessToken();
    if (posternToken === null) return {};
    return { headers: { ...headers, authorization: `Bearer ${posternToken}` }, posternToken };
  });
  const renew = new ErrorLink(({ error, result, operation, forward }) => {
    const { posternToken: token } = operation.getContext();
    const cause = posternErrorIn(error);
    if (cause === null || typeof token !== 'string') return undefined;
    const asItWas = () => (result ? of(result) : failed(error));
    if (wantsFreshToken(cause))
      return after(session.renew(token), (fresh) => (fresh === null ? asItWas() : forward(operation)));
    void session.note(cause, token);
    return undefined;
  });
  return ApolloLink.from([renew, authorize]);
}

type Results = Observable<ApolloLink.Result>;

function after<Value>(promise: Promise<Value>, next: (value: Value) => Results): Results {
  return new Observable((observer) => {
    let isWanted = true;
    let stop = () => {
      isWanted = false;
    };
    promise.then(
      (value) => {
        if (!isWanted) return;
        const subscription = next(value).subscribe(observer);
        stop = () => subscription.unsubscribe();
      },
      (error: unknown) => observer.error(error),
    );
    return () => stop();
  });
}

function of(result: ApolloLink.Result): Results {
  return new Observable((observer) => {
    observer.next(result);
    observer.complete();
  });
}

function failed(error: unknown): Results {
  return new Observable((observer) => observer.error(error));
}
