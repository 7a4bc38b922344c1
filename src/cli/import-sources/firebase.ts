/** Firebase: a user of `firebase auth:export --format=json`. Its hashes need the key of the project: `--hash-config`. */
import type { ImportRow, RowProblem } from '../../domain/administration/import/row.ts';
import { firebaseId } from '../../security/foreign-hashes/firebase-scrypt.ts';
import { formatPhc } from '../../security/foreign-hashes/phc.ts';
import { flag, id, integer, list, type Members, text, time } from './fields.ts';

export interface FirebaseKey {
  memCost: number;
  rounds: number;
  saltSeparator: Buffer;
  signerKeySealed: Buffer;
}

const issuers: Readonly<Record<string, string>> = {
  'google.com': 'https://accounts.google.com',
  'apple.com': 'https://appleid.apple.com',
  'github.com': 'github',
};
/** Ways in that are no provider. */
const ownProviders = ['password', 'phone', 'anonymous', 'emailLink'];

export function fromFirebase(
  user: Members,
  { firebaseKey }: { firebaseKey: FirebaseKey | null },
): ImportRow | RowProblem {
  const externalId = id(user, 'localId');
  const email = text(user, 'email');
  if (externalId === null) return 'MISSING_EXTERNAL_ID';
  if (email === null) return 'INVALID_EMAIL';
  const hash = text(user, 'passwordHash');
  const salt = text(user, 'salt');
  if (hash !== null && !firebaseKey) return 'HASH_CONFIG_MISSING';
  return {
    externalId,
    email,
    emailVerified: flag(user, 'emailVerified'),
    displayName: text(user, 'displayName'),
    isSuspended: flag(user, 'disabled'),
    createdAt: time(user, 'createdAt'),
    passwordHash: hash !== null && firebaseKey ? encoded(hash, salt ?? '', firebaseKey) : null,
    identities: list(user, 'providerUserInfo').flatMap((identity) => {
      const provider = text(identity, 'providerId');
      const subject = id(identity, 'rawId');
      return provider === null || subject === null || ownProviders.includes(provider)
        ? []
        : [{ provider: issuers[provider] ?? provider, subject, email: text(identity, 'email') }];
    }),
  };
}

/** Firebase writes Base64 in the alphabet for URLs. */
function encoded(hash: string, salt: string, { memCost, rounds, saltSeparator, signerKeySealed }: FirebaseKey): string {
  const parameters = { ln: memCost, r: rounds, ss: saltSeparator, sk: signerKeySealed };
  return formatPhc(firebaseId, parameters, Buffer.from(salt, 'base64url'), Buffer.from(hash, 'base64url'));
}

/** A hash of Firebase whose signer key another installation has sealed, with the key sealed here instead. */
export function withOwnKey(passwordHash: string, { signerKeySealed }: FirebaseKey): string {
  if (!passwordHash.startsWith(`$${firebaseId}$`)) return passwordHash;
  return passwordHash.replace(/,sk=[^$,]*/, `,sk=${signerKeySealed.toString('base64').replaceAll('=', '')}`);
}

/**
 * @param config the hash parameters that the Firebase console shows, as JSON
 * @param seal keeps the signer key from readers of the database
 * @returns null where something is missing
 */
export function readFirebaseKey(config: Members, seal: (plain: Buffer) => Buffer): FirebaseKey | null {
  const signerKey = text(config, 'base64_signer_key');
  const separator = text(config, 'base64_salt_separator');
  const memCost = integer(config, 'mem_cost');
  const rounds = integer(config, 'rounds');
  if (signerKey === null || separator === null || memCost === null || rounds === null) return null;
  const signerKeySealed = seal(Buffer.from(signerKey, 'base64'));
  return { memCost, rounds, saltSeparator: Buffer.from(separator, 'base64'), signerKeySealed };
}
