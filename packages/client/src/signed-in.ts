/** What the methods that sign in return. */
import type { DeviceSessionFragment, LoginMutation, MyselfFragment, StartedFragment } from './generated/operations.ts';

/** A user is signed in. The client keeps the tokens. */
export interface SignedIn {
  __typename: 'AuthSession';
  session: DeviceSessionFragment;
  viewer: MyselfFragment;
}

/** The first proof was right and a second factor is required: call `verifyMfa` or `signInWithPasskey` with the ticket. */
export type MfaChallenge = Extract<LoginMutation['login'], { __typename: 'MfaChallenge' }>;

export function signedIn({ session, viewer }: StartedFragment): SignedIn {
  return { __typename: 'AuthSession', session, viewer };
}
