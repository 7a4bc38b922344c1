/** The statements of an import: one for each table and batch. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { MailTokenRow } from '../access/mail-token.ts';
import { mailTokenRows } from '../access/mail-token-rows.ts';
import { type JsonTable, jsonTable } from '../json-rows.ts';
import type { OutboxRow } from '../mail/outbox-mail.ts';
import { outboxRows } from '../mail/outbox-rows.ts';
import { query } from '../statement.ts';
import { addressLockName } from './addresses.ts';
import type { UserStatus } from './user.ts';

export interface NewImportedUser {
  id: string;
  email: string;
  emailVerifiedAt: Date | null;
  displayName: string | null;
  locale: string | null;
  passwordHash: string | null;
  roleName: string;
  status: UserStatus;
  mfaEnabledAt: Date | null;
  suspendedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

export interface NewOrigin {
  source: string;
  externalId: string;
  userId: string;
  importId: string;
  importedAt: Date;
}

export interface NewIdentity {
  id: string;
  userId: string;
  providerId: string;
  issuer: string;
  subject: string;
  email: string | null;
  linkedAt: Date;
}

export interface NewTotpSecret {
  userId: string;
  secretSealed: Buffer;
  lastStep: number;
  createdAt: Date;
  confirmedAt: Date;
}

export interface NewPasskey {
  id: string;
  userId: string;
  credentialId: Buffer;
  publicKey: Buffer;
  counter: number;
  transports: string[];
  backedUp: boolean;
  name: string;
  createdAt: Date;
}

export interface NewBackupCode {
  id: string;
  userId: string;
  codeHash: Buffer;
  createdAt: Date;
}

const users = jsonTable<NewImportedUser>('users', {
  id: 'id',
  email: 'email',
  emailVerifiedAt: 'email_verified_at',
  displayName: 'display_name',
  locale: 'locale',
  passwordHash: 'password_hash',
  roleName: 'role_name',
  status: 'status',
  mfaEnabledAt: 'mfa_enabled_at',
  suspendedAt: 'suspended_at',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
});

const origins = jsonTable<NewOrigin>('imported_users', {
  source: 'source',
  externalId: 'external_id',
  userId: 'user_id',
  importId: 'import_id',
  importedAt: 'imported_at',
});

const identities = jsonTable<NewIdentity>('identities', {
  id: 'id',
  userId: 'user_id',
  providerId: 'provider_id',
  issuer: 'issuer',
  subject: 'subject',
  email: 'email',
  linkedAt: 'linked_at',
});

const totpSecrets = jsonTable<NewTotpSecret>('totp_secrets', {
  userId: 'user_id',
  secretSealed: 'secret_sealed',
  lastStep: 'last_step',
  createdAt: 'created_at',
  confirmedAt: 'confirmed_at',
});

const passkeys = jsonTable<NewPasskey>('passkeys', {
  id: 'id',
  userId: 'user_id',
  credentialId: 'credential_id',
  publicKey: 'public_key',
  counter: 'counter',
  transports: 'transports',
  backedUp: 'backed_up',
  name: 'name',
  createdAt: 'created_at',
});

const backupCodes = jsonTable<NewBackupCode>('backup_codes', {
  id: 'id',
  userId: 'user_id',
  codeHash: 'code_hash',
  createdAt: 'created_at',
});

/** @returns the ids of the users that were new; others have the address or the id */
export async function insertUsers(em: EntityManager, rows: readonly NewImportedUser[]): Promise<ReadonlySet<string>> {
  const inserted = await insert<NewImportedUser, { id: string }>(
    em,
    users,
    'users',
    rows,
    'on conflict do nothing returning id',
  );
  return new Set(inserted.map(({ id }) => id));
}

export const insertOrigins = (em: EntityManager, rows: readonly NewOrigin[]) =>
  insert(em, origins, 'imported_users', rows);
export const insertIdentities = (em: EntityManager, rows: readonly NewIdentity[]) =>
  insert(em, identities, 'identities', rows);
export const insertTotpSecrets = (em: EntityManager, rows: readonly NewTotpSecret[]) =>
  insert(em, totpSecrets, 'totp_secrets', rows);
export const insertPasskeys = (em: EntityManager, rows: readonly NewPasskey[]) =>
  insert(em, passkeys, 'passkeys', rows);
export const insertBackupCodes = (em: EntityManager, rows: readonly NewBackupCode[]) =>
  insert(em, backupCodes, 'backup_codes', rows);

/** @param max mails of the kind to one address in an hour @returns the ids of the mails that the limit allows */
export async function insertInvitationMails(
  em: EntityManager,
  rows: readonly OutboxRow[],
  max: number,
): Promise<ReadonlySet<string>> {
  const text = `with due as (select) ${outboxRows.insert('$1', 'due')}
    where (select count(*) from outbox_mails m where m.recipient_hash = r.recipient_hash and m.kind = r.kind
           and m.created_at > r.created_at - interval '1 hour') < $2
    returning id`;
  const sent = await query<{ id: string }>(em, { name: 'import_mails', text }, [outboxRows.valueOf(rows), max]);
  return new Set(sent.map(({ id }) => id));
}

export const insertInvitationTokens = (em: EntityManager, rows: readonly MailTokenRow[]) =>
  insert(em, mailTokenRows, 'mail_tokens', rows);

async function insert<Row extends object, Result extends object = object>(
  em: EntityManager,
  table: JsonTable<Row>,
  name: string,
  rows: readonly Row[],
  ending = '',
): Promise<Result[]> {
  if (rows.length === 0) return [];
  const text = `with due as (select) ${table.insert('$1', 'due')} ${ending}`;
  return query<Result>(em, { name: `import_${name}`, text }, [table.valueOf(rows)]);
}

/** Until the transaction ends, no other one creates accounts with these addresses. In one order, so that none waits for another in turn. */
export async function lockAddresses(em: EntityManager, emails: readonly string[]): Promise<void> {
  const text = `select pg_advisory_xact_lock(hashtextextended(name, 0))
    from (select distinct name from unnest($1::text[]) as name order by name) names`;
  await query(em, { name: 'import_locks', text }, [emails.map(addressLockName)]);
}

/** What an import knows about an address that is taken. */
export interface TakenAddress {
  email: string;
  userId: string;
  emailVerified: boolean;
  status: UserStatus;
  rank: number;
  /** The run that imported the account; null: none did. */
  importId: string | null;
}

export function findTakenAddresses(em: EntityManager, emails: readonly string[], now: Date): Promise<TakenAddress[]> {
  const text = `select a.email, u.id as "userId", u.email_verified_at is not null as "emailVerified", u.status, r.rank,
      (select import_id from imported_users i where i.user_id = u.id order by imported_at desc limit 1) as "importId"
    from (select email, id from users where email = any($1)
      union select email, user_id from mail_tokens
        where email = any($1) and purpose = 'EMAIL_CHANGE_NOT_ME' and used_at is null and expires_at > $2) a
      join users u on u.id = a.id join roles r on r.name = u.role_name`;
  return query<TakenAddress>(em, { name: 'import_addresses', text }, [[...emails], now]);
}

/** @returns the external ids that an import has used before */
export async function findOrigins(em: EntityManager, source: string, externalIds: readonly string[]) {
  const text = `select external_id as "externalId", user_id as "userId" from imported_users
    where source = $1 and external_id = any($2)`;
  const rows = await query<{ externalId: string; userId: string | null }>(em, { name: 'import_origins', text }, [
    source,
    [...externalIds],
  ]);
  return new Map(rows.map(({ externalId, userId }) => [externalId, userId]));
}

/** @returns the given identities that belong to a user, as `issuer subject`, and the given passkeys */
export async function findTakenKeys(
  em: EntityManager,
  { issuers, subjects, credentialIds }: { issuers: string[]; subjects: string[]; credentialIds: Buffer[] },
): Promise<ReadonlySet<string>> {
  const text = `select i.issuer || ' ' || i.subject as key
      from unnest($1::text[], $2::text[]) as given (issuer, subject) join identities i using (issuer, subject)
    union all select encode(credential_id, 'hex') from passkeys where credential_id = any($3)`;
  const rows = await query<{ key: string }>(em, { name: 'import_keys', text }, [issuers, subjects, credentialIds]);
  return new Set(rows.map(({ key }) => key));
}

/** Forgets where users came from, so that an import from the source creates them again. @returns how many */
export async function forgetOrigins(em: EntityManager, source: string): Promise<number> {
  const rows = await em.execute<{ externalId: string }[]>(
    'delete from imported_users where source = ? returning external_id as "externalId"',
    [source],
  );
  return rows.length;
}
