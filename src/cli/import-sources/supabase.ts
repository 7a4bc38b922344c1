/** Supabase: a line of the SQL in docs/import.md, which reads auth.users, auth.identities and auth.mfa_factors. */
import type { ImportRow, RowProblem } from '../../domain/administration/import/row.ts';
import { id, list, type Members, members, text, time } from './fields.ts';

const issuers: Readonly<Record<string, string>> = {
  google: 'https://accounts.google.com',
  apple: 'https://appleid.apple.com',
};

export function fromSupabase(user: Members): ImportRow | RowProblem {
  const externalId = id(user, 'id');
  const email = text(user, 'email');
  if (externalId === null) return 'MISSING_EXTERNAL_ID';
  if (email === null) return 'INVALID_EMAIL';
  const profile = members(user, 'raw_user_meta_data');
  const bannedUntil = time(user, 'banned_until');
  return {
    externalId,
    email,
    emailVerified: time(user, 'email_confirmed_at') !== null,
    displayName: text(profile, 'full_name') ?? text(profile, 'name'),
    isSuspended: bannedUntil !== null && bannedUntil > new Date(),
    createdAt: time(user, 'created_at'),
    passwordHash: text(user, 'encrypted_password'),
    totpSecret: text(user, 'totp_secret'),
    identities: list(user, 'identities').flatMap((identity) => {
      const provider = text(identity, 'provider');
      const subject = id(identity, 'provider_id') ?? id(members(identity, 'identity_data'), 'sub');
      return provider === null || subject === null || provider === 'email' || provider === 'phone'
        ? []
        : [{ provider: issuers[provider] ?? provider, subject }];
    }),
  };
}
