/** A session as an actor: its methods send requests of the owner, and check whether its tokens work. */
import { expect } from 'vitest';
import {
  goodPassword,
  refusal,
  type SignedIn,
  signIn,
  type TestGateway,
  withRefreshToken,
} from '../gateway/gateway.ts';
import {
  FullReauthenticateDocument,
  FullRefreshDocument,
  FullViewerDocument,
  LogoutDocument,
} from '../generated/graphql.ts';

/** The object does not change: a method that leads to new tokens returns a session with those. */
export interface Session extends SignedIn {
  refresh(): Promise<Session>;
  reauthenticate(input: { password?: string; code?: string }): Promise<Session>;
  signOut(): Promise<void>;
  expectSignedIn(): Promise<void>;
  /** Neither the access token nor the refresh token works: the session has been revoked. */
  expectSignedOut(): Promise<void>;
}

export async function openSession(gateway: TestGateway, email: string, password = goodPassword): Promise<Session> {
  return sessionOf(gateway, await signIn(gateway, email, password));
}

export function sessionOf(gateway: TestGateway, tokens: SignedIn): Session {
  const { accessToken, refreshToken, viewer } = tokens;
  const session: Session = {
    ...tokens,
    async refresh() {
      const answer = await gateway.send(FullRefreshDocument, { input: { refreshToken } });
      return sessionOf(gateway, withRefreshToken(answer.refresh));
    },
    async reauthenticate(input) {
      const answer = await gateway.send(FullReauthenticateDocument, { input }, accessToken);
      return sessionOf(gateway, withRefreshToken(answer.reauthenticate));
    },
    async signOut() {
      await gateway.send(LogoutDocument, { input: {} }, accessToken);
    },
    async expectSignedIn() {
      expect((await gateway.send(FullViewerDocument, {}, accessToken)).viewer?.id).toBe(viewer.id);
    },
    async expectSignedOut() {
      expect(await refusal(gateway.send(FullViewerDocument, {}, accessToken))).toMatchObject({
        code: 'UNAUTHENTICATED',
        extensions: { reason: 'SESSION_REVOKED' },
      });
      expect(await refusal(session.refresh())).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
    },
  };
  return session;
}

export async function expectSignedIn(...sessions: Session[]): Promise<void> {
  for (const session of sessions) await session.expectSignedIn();
}

export async function expectSignedOut(...sessions: Session[]): Promise<void> {
  for (const session of sessions) await session.expectSignedOut();
}
