/** Auth0: its bulk export, and the file of password hashes that its support provides. */
import type { ImportRow, RowProblem } from '../../domain/administration/import/row.ts';
import { flag, id, list, type Members, members, text, time } from './fields.ts';

/** Issuers of Auth0's names for providers. Others need a provider of the same slug here. */
const issuers: Readonly<Record<string, string>> = {
  'google-oauth2': 'https://accounts.google.com',
  apple: 'https://appleid.apple.com',
};

export function fromAuth0(user: Members): ImportRow | RowProblem {
  const objectId = text(members(user, '_id'), '$oid');
  const externalId = id(user, 'user_id') ?? (objectId === null ? null : `auth0|${objectId}`);
  const email = text(user, 'email');
  if (externalId === null) return 'MISSING_EXTERNAL_ID';
  if (email === null) return 'INVALID_EMAIL';
  return {
    externalId,
    email,
    emailVerified: flag(user, 'email_verified'),
    displayName: text(user, 'name') === email ? null : text(user, 'name'),
    isSuspended: flag(user, 'blocked'),
    createdAt: time(user, 'created_at'),
    passwordHash: text(user, 'passwordHash') ?? text(user, 'password_hash'),
    identities: list(user, 'identities').flatMap((identity) => {
      const provider = text(identity, 'provider');
      const subject = id(identity, 'user_id');
      return provider === null || subject === null || provider === 'auth0'
        ? []
        : [{ provider: issuers[provider] ?? provider, subject }];
    }),
  };
}
