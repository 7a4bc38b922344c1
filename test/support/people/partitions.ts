/** Reads the partitions of a test database, and writes rows with ids of any time. */
import { v7 as uuidv7 } from 'uuid';
import { hashPersonal } from '../../../src/security/keys/personal-hash.ts';
import type { TestDatabase } from '../gateway/database.ts';

export async function partitionsOf(database: TestDatabase, table: string): Promise<string[]> {
  const rows = await database.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = $1::regclass order by 1`,
    [table],
  );
  return rows.map(({ name }) => name);
}

/** The partition of each id. */
export async function placesOf(database: TestDatabase, table: string, ids: readonly string[]): Promise<string[]> {
  const rows = await database.query<{ id: string; place: string }>(
    `select id, tableoid::regclass::text as place from ${table} where id::text = any($1)`,
    [ids],
  );
  return ids.map((id) => rows.find((row) => row.id === id)?.place ?? 'missing');
}

export const idAt = (time: Date) => uuidv7({ msecs: time.getTime() });

/** @returns the id of the entry */
export async function insertEntry(database: TestDatabase, occurredAt: Date, id = idAt(occurredAt)): Promise<string> {
  const { salt, hash } = hashPersonal([null, null, null]);
  await database.query(
    `insert into audit_entries (id, occurred_at, action, outcome, request_id, personal_salt, personal_hash, details)
     values ($1, $2, 'session.ended', 'SUCCESS', 'partitions', $3, $4, '{}')`,
    [id, occurredAt, salt, hash],
  );
  return id;
}

/** @returns the id of the mail */
export async function insertMail(database: TestDatabase, createdAt: Date, state = 'sent'): Promise<string> {
  const id = idAt(createdAt);
  await database.query(
    `insert into outbox_mails (id, kind, recipient_hash, state, attempts, created_at, next_attempt_at)
     values ($1, 'password_reset', 'x', $2, 1, $3, $3::timestamptz + interval '100 years')`,
    [id, state, createdAt],
  );
  return id;
}
