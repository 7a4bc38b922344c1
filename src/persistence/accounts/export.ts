/** Reads all users for an export, in the order of their ids. */
import type { EntityManager } from '@mikro-orm/postgresql';

export interface ExportedUserRow {
  id: string;
  email: string;
  emailVerified: boolean;
  displayName: string | null;
  locale: string | null;
  role: string;
  status: string;
  createdAt: string;
  lastLoginAt: string | null;
  passwordHash: string | null;
  totpSealed: Buffer | null;
  externalIds: { source: string; id: string }[];
  identities: { issuer: string; subject: string; email: string | null }[];
  /** The bytes as Base64. */
  passkeys: {
    credentialId: string;
    publicKey: string;
    counter: number;
    transports: string[];
    backedUp: boolean;
    name: string;
  }[];
  /** Hashes that were not used, as hexadecimal. */
  backupCodes: string[];
}

const listOf = (text: string) => `coalesce((select jsonb_agg(${text}), '[]'::jsonb)`;

/** Deleted users stay behind. @param since users that were changed or signed in from this time on; null: all */
export function findUsersAfter(
  em: EntityManager,
  page: { after: string | null; since: Date | null; limit: number },
): Promise<ExportedUserRow[]> {
  return em.execute<ExportedUserRow[]>(
    `select u.id, u.email, u.email_verified_at is not null as "emailVerified", u.display_name as "displayName", u.locale,
       u.role_name as role, u.status, u.created_at as "createdAt", u.last_login_at as "lastLoginAt",
       u.password_hash as "passwordHash",
       (select secret_sealed from totp_secrets t where t.user_id = u.id and t.confirmed_at is not null) as "totpSealed",
       ${listOf(`jsonb_build_object('source', source, 'id', external_id)) from imported_users i where i.user_id = u.id`)} as "externalIds",
       ${listOf(`jsonb_build_object('issuer', issuer, 'subject', subject, 'email', email) order by id) from identities i where i.user_id = u.id`)} as identities,
       ${listOf(`jsonb_build_object('credentialId', encode(credential_id, 'base64'), 'publicKey', encode(public_key, 'base64'),
         'counter', counter, 'transports', transports, 'backedUp', backed_up, 'name', name) order by id) from passkeys p where p.user_id = u.id`)} as passkeys,
       ${listOf(`encode(code_hash, 'hex') order by id) from backup_codes b where b.user_id = u.id and used_at is null`)} as "backupCodes"
     from users u
     where u.status <> 'DELETED' and (:after::uuid is null or u.id > :after::uuid)
       and (:since::timestamptz is null or greatest(u.updated_at, u.last_login_at) >= :since::timestamptz)
     order by u.id limit :limit`,
    page,
  );
}

/** Until the transaction ends: the program that reads the export may pause for longer than a request may. */
export async function allowPauses(tx: EntityManager): Promise<void> {
  await tx.execute(`set local idle_in_transaction_session_timeout = '1h'`);
}

export interface HashCount {
  algorithm: string;
  users: number;
  imported: number;
}

/** Of users that are not deleted, by the first part of their hash. */
export function countHashes(em: EntityManager): Promise<HashCount[]> {
  return em.execute<HashCount[]>(
    `select coalesce(split_part(password_hash, '$', 2), 'none') as algorithm, count(*)::int as users,
       (count(*) filter (where exists (select from imported_users i where i.user_id = u.id)))::int as imported
     from users u where status <> 'DELETED' group by 1 order by 2 desc, 1`,
  );
}
