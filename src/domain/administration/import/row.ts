/** A user of another system, as its source (cli/import-sources) or the mutation `importUsers` describes it. */

export interface ImportRow {
  externalId: string;
  email: string;
  emailVerified: boolean;
  displayName?: string | null | undefined;
  locale?: string | null | undefined;
  /** Null: the role of the run. */
  role?: string | null | undefined;
  /** Whether the other system had disabled the user. */
  isSuspended?: boolean | undefined;
  createdAt?: Date | null | undefined;
  /** In a form of security/foreign-hashes. */
  passwordHash?: string | null | undefined;
  identities?: readonly ImportedIdentity[] | null | undefined;
  /** Base32. */
  totpSecret?: string | null | undefined;
  passkeys?: readonly ImportedPasskey[] | undefined;
  /** What only another Postern knows. */
  postern?: PosternPart | undefined;
  /** What its source could not take over. */
  warnings?: readonly ImportWarning[] | undefined;
}

export interface ImportedIdentity {
  /** The slug of the provider here, or its issuer. */
  provider: string;
  subject: string;
  email?: string | null | undefined;
}

export interface ImportedPasskey {
  /** Base64url, as the key. */
  credentialId: string;
  /** COSE (RFC 9052). */
  publicKey: string;
  /** The relying party that it was made for. */
  rpId: string;
  counter: number;
  transports: readonly string[];
  backedUp: boolean;
  name: string;
}

export interface PosternPart {
  /** Kept, where it is free: subgraphs and passkeys name the user by it. */
  id: string;
  /** Hexadecimal, made with the secret that `secretMark` names. */
  backupCodes: readonly string[];
  secretMark: string;
}

export type ImportConflict = 'SKIP' | 'LINK' | 'FAIL';

export type RowProblem =
  | 'MALFORMED_JSON'
  | 'LINE_TOO_LONG'
  | 'INVALID_EMAIL'
  | 'INVALID_FIELD'
  | 'MISSING_EXTERNAL_ID'
  | 'DUPLICATE_IN_FILE'
  | 'EMAIL_TAKEN'
  | 'ALREADY_IMPORTED'
  | 'UNKNOWN_ROLE'
  | 'ROLE_TOO_HIGH'
  | 'UNKNOWN_HASH'
  | 'WEAK_HASH'
  | 'HASH_TOO_EXPENSIVE'
  | 'HASH_CONFIG_MISSING'
  | 'UNKNOWN_PROVIDER'
  | 'IDENTITY_TAKEN'
  | 'PASSKEY_FOREIGN_DOMAIN'
  /** The hook `beforeInvite` refused the user. */
  | 'REFUSED_BY_POLICY';

/** What a created user lacks. */
export type ImportWarning =
  /** The address is not verified: the user has no password until the invitation is accepted. */
  | 'PASSWORD_NOT_IMPORTED'
  /** Another secret made them. */
  | 'BACKUP_CODES_NOT_IMPORTED'
  /** Not SHA-1, six digits and thirty seconds. */
  | 'SECOND_FACTOR_NOT_IMPORTED'
  /** The limit of mails to the address is reached. */
  | 'INVITATION_WITHHELD';

export interface RowResult {
  externalId: string | null;
  outcome: 'CREATED' | 'LINKED' | 'SKIPPED' | 'FAILED';
  userId: string | null;
  reason: RowProblem | null;
  warnings: ImportWarning[];
}
