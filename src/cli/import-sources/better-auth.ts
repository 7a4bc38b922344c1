/** better-auth: a line of the SQL in docs/import.md, which reads the tables user, account and twoFactor. */
import type { ImportRow, RowProblem } from '../../domain/administration/import/row.ts';
import { formatPhc } from '../../security/foreign-hashes/phc.ts';
import { flag, id, list, type Members, text, time } from './fields.ts';

const issuers: Readonly<Record<string, string>> = {
  google: 'https://accounts.google.com',
  apple: 'https://appleid.apple.com',
};
/** The parameters of better-auth's own hash, which its text does not name. */
const cost = { ln: 14, r: 16, p: 1 };
const ownForm = /^([0-9a-f]{32}):([0-9a-f]{128})$/;

export function fromBetterAuth(user: Members): ImportRow | RowProblem {
  const externalId = id(user, 'id');
  const email = text(user, 'email');
  if (externalId === null) return 'MISSING_EXTERNAL_ID';
  if (email === null) return 'INVALID_EMAIL';
  const accounts = list(user, 'accounts');
  const credential = accounts.find((account) => text(account, 'providerId') === 'credential');
  return {
    externalId,
    email,
    emailVerified: flag(user, 'emailVerified'),
    displayName: text(user, 'name'),
    isSuspended: flag(user, 'banned'),
    createdAt: time(user, 'createdAt'),
    passwordHash: credential ? hashOf(text(credential, 'password')) : null,
    totpSecret: text(user, 'totpSecret'),
    identities: accounts.flatMap((account) => {
      const provider = text(account, 'providerId');
      const subject = id(account, 'accountId');
      return provider === null || subject === null || provider === 'credential'
        ? []
        : [{ provider: issuers[provider] ?? provider, subject }];
    }),
  };
}

/** The salt is the text of its hexadecimal digits, not their bytes. An application may have configured another hash. */
function hashOf(password: string | null): string | null {
  const [, salt, digest] = ownForm.exec(password ?? '') ?? [];
  return salt && digest ? formatPhc('scrypt', cost, Buffer.from(salt), Buffer.from(digest, 'hex')) : password;
}
