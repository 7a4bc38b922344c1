/** Kinds of clients. Each function returns the next request of one client, which waits for its answers. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { goodPassword, withRefreshToken } from '../../support/gateway/gateway.ts';
import {
  ChangePasswordDocument,
  FullLoginDocument,
  FullRefreshDocument,
  FullViewerDocument,
  LogoutDocument,
  RegisterDocument,
  VerifyEmailDocument,
} from '../../support/generated/graphql.ts';
import { type MailServer, recipientsOf, tokenIn } from '../../support/mail/mail-server.ts';
import { type Ledger, type Tokens, tokensOf } from './ledger.ts';

export interface World {
  ledger: Ledger;
  mail: MailServer;
  /** Sends a request and records it. @returns null when it was not acknowledged */
  ask<Data, Variables extends object>(
    operation: string,
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    accessToken?: string,
  ): Promise<Data | null>;
}

export type Client = () => Promise<void>;

/** Looks at itself and refreshes, in turn. After a lost answer it sends the same refresh token again. */
export function holder(world: World, sessionId: string): Client {
  const { ledger, ask } = world;
  let turn = 0;
  return async () => {
    const tokens = ledger.sessions.get(sessionId);
    if (!tokens) return;
    turn += 1;
    if (turn % 2 === 0) await ask('viewer', FullViewerDocument, {}, tokens.accessToken);
    else await refresh(world, tokens);
  };
}

async function refresh({ ledger, ask }: World, { sessionId, refreshToken }: Tokens): Promise<void> {
  const data = await ask('refresh', FullRefreshDocument, { input: { refreshToken } });
  if (!data) return;
  ledger.sessions.set(sessionId, tokensOf(withRefreshToken(data.refresh)));
  ledger.rotations.set(sessionId, (ledger.rotations.get(sessionId) ?? 0) + 1);
}

/** Signs in and out, in turn. */
export function visitor({ ledger, ask }: World, email: string): Client {
  let session: Tokens | null = null;
  return async () => {
    if (session) {
      const { sessionId, accessToken } = session;
      // Without an answer the session may live or not: no client holds it any more.
      ledger.sessions.delete(sessionId);
      if (await ask('logout', LogoutDocument, { input: {} }, accessToken)) ledger.ended.push(session);
      session = null;
      return;
    }
    const data = await ask('login', FullLoginDocument, { input: { email, password: goodPassword } });
    if (!data) return;
    session = tokensOf(withRefreshToken(data.login));
    ledger.sessions.set(session.sessionId, session);
  };
}

/** Changes its password again and again, until an answer is lost. */
export function changer({ ledger, ask }: World, email: string, { accessToken }: Tokens): Client {
  let changes = 0;
  return async () => {
    const password = ledger.passwords.get(email) ?? { current: goodPassword, uncertain: null, replaced: [] };
    ledger.passwords.set(email, password);
    if (password.uncertain !== null) return;
    changes += 1;
    const newPassword = `Wander ${changes} lanterns, ${changes}`;
    password.uncertain = newPassword;
    const input = { currentPassword: password.current, newPassword };
    if (!(await ask('changePassword', ChangePasswordDocument, { input }, accessToken))) return;
    password.replaced.push(password.current);
    password.current = newPassword;
    password.uncertain = null;
  };
}

/** Registers an address, and confirms it when the mail has arrived. */
export function newcomer({ ledger, mail, ask }: World, name: string): Client {
  let number = 0;
  let waiting: string | null = null;
  return async () => {
    if (waiting === null) {
      number += 1;
      const email = `${name}-${number}@example.com`;
      if (!(await ask('register', RegisterDocument, { input: { email, password: goodPassword } }))) return;
      ledger.registered.add(email);
      waiting = email;
      return;
    }
    const token = mailedToken(mail, waiting);
    if (!token || !(await ask('verifyEmail', VerifyEmailDocument, { input: { token } }))) return;
    ledger.confirmed.add(waiting);
    waiting = null;
  };
}

export function mailedToken(mail: MailServer, email: string): string | undefined {
  const sent = mail.mails.find((one) => recipientsOf(one).includes(email));
  return sent && tokenIn(sent);
}
