/** Another Postern: a line of `postern users export`. */
import type { ImportedPasskey, ImportRow, RowProblem } from '../../domain/administration/import/row.ts';
import { flag, id, integer, list, type Members, text, time } from './fields.ts';
import { type FirebaseKey, withOwnKey } from './firebase.ts';

export function fromPostern(
  user: Members,
  { firebaseKey }: { firebaseKey: FirebaseKey | null },
): ImportRow | RowProblem {
  const externalId = id(user, 'id');
  const email = text(user, 'email');
  if (externalId === null) return 'MISSING_EXTERNAL_ID';
  if (email === null) return 'INVALID_EMAIL';
  const passwordHash = text(user, 'passwordHash');
  return {
    externalId,
    email,
    emailVerified: flag(user, 'emailVerified'),
    displayName: text(user, 'displayName'),
    locale: text(user, 'locale'),
    role: text(user, 'role'),
    isSuspended: text(user, 'status') === 'SUSPENDED',
    createdAt: time(user, 'createdAt'),
    passwordHash: firebaseKey && passwordHash !== null ? withOwnKey(passwordHash, firebaseKey) : passwordHash,
    totpSecret: text(user, 'totpSecret'),
    identities: list(user, 'identities').flatMap((identity) => {
      const provider = text(identity, 'issuer');
      const subject = text(identity, 'subject');
      return provider === null || subject === null ? [] : [{ provider, subject, email: text(identity, 'email') }];
    }),
    passkeys: list(user, 'passkeys').map(passkeyOf),
    postern: { id: externalId, backupCodes: codesOf(user.backupCodes), secretMark: text(user, 'secretMark') ?? '' },
  };
}

function passkeyOf(passkey: Members): ImportedPasskey {
  const transports = passkey.transports;
  return {
    credentialId: text(passkey, 'credentialId') ?? '',
    publicKey: text(passkey, 'publicKey') ?? '',
    rpId: text(passkey, 'rpId') ?? '',
    counter: integer(passkey, 'counter') ?? 0,
    transports: Array.isArray(transports) ? transports.filter((each) => typeof each === 'string') : [],
    backedUp: flag(passkey, 'backedUp'),
    name: text(passkey, 'name') ?? '',
  };
}

function codesOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((code) => typeof code === 'string' && /^[0-9a-f]{64}$/.test(code)) : [];
}
