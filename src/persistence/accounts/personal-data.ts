/**
 * Personal data without a foreign key to the user: the audit entries by the user, about the user and about anonymous
 * requests for their address; and the mails to it.
 */
import type { EntityManager } from '@mikro-orm/postgresql';

/** The hash of an address in audit details, and the time during which the user had it. */
export interface HeldAddress {
  hash: string;
  since: Date;
  /** Null: the user still has it. */
  until: Date | null;
}

export interface Person {
  userId: string;
  addresses: readonly HeldAddress[];
}

const heldAddresses = `
  jsonb_to_recordset(cast(:addresses as jsonb)) as held (hash text, since timestamptz, until timestamptz)`;

/**
 * Each part uses its own index: `offset 0` prevents a join, for which PostgreSQL would read the whole table. Entries by other
 * users about the address belong to those users.
 */
const entriesOfPerson = `
  select id from audit_entries where actor_id = :userId
  union select id from audit_entries where target_type = 'user' and target_id = :userIdText
  union select a.id from ${heldAddresses} cross join lateral
    (select id, occurred_at from audit_entries where details->>'addressHash' = held.hash and actor_id is null offset 0) a
    where a.occurred_at between held.since and coalesce(held.until, 'infinity')
  union select a.id from audit_entries a join token_families f on f.id = a.session_id
    where f.user_id = :userId and a.actor_id is null and a.session_id is not null`;

const mailsToPerson = `
  select m.id from ${heldAddresses} cross join lateral
    (select id, created_at from outbox_mails
     where recipient_hash = decode(translate(held.hash, '-_', '+/') || '=', 'base64') offset 0) m
  where m.created_at between held.since and coalesce(held.until, 'infinity')`;

function parametersOf({ userId, addresses }: Person) {
  return { userId, userIdText: userId, addresses: JSON.stringify(addresses) };
}

/** The former addresses of the user, oldest first. */
export async function findFormerAddresses(em: EntityManager, userId: string): Promise<{ hash: string; until: Date }[]> {
  const rows = await em.execute<{ hash: string; until: string }[]>(
    `select details->>'formerAddressHash' as hash, occurred_at as until from audit_entries
     where target_type = 'user' and target_id = ? and action = 'email.changed' order by id`,
    [userId],
  );
  return rows.map(({ hash, until }) => ({ hash, until: new Date(until) }));
}

/** @returns the id of the registration that became the account; null: none did, or its entry is past retention */
export async function findConfirmedRegistration(em: EntityManager, userId: string): Promise<string | null> {
  const [row] = await em.execute<{ id: string }[]>(
    `select details->>'registrationId' as id from audit_entries
     where target_type = 'user' and target_id = ? and action = 'registration.confirmed' order by audit_entries.id limit 1`,
    [userId],
  );
  return row?.id ?? null;
}

/** Deletes the personal data of those entries permanently. @returns their ids, in order */
export async function purgePersonalData(em: EntityManager, person: Person): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `update audit_entries set ip_address = null, user_agent = null, reason = null, personal_salt = null
     where personal_salt is not null and id in (${entriesOfPerson})
     returning id`,
    parametersOf(person),
  );
  return rows.map(({ id }) => id).sort();
}

export async function deleteMailsTo(em: EntityManager, person: Person): Promise<void> {
  await em.execute(`delete from outbox_mails where id in (${mailsToPerson})`, parametersOf(person));
}

export interface EntryOfPerson {
  id: string;
  occurredAt: Date;
  action: string;
  outcome: string;
  actorId: string | null;
  sessionId: string | null;
  ipAddress: string | null;
  userAgent: string | null;
  reason: string | null;
  details: Record<string, unknown>;
}

/** @returns newest first */
export async function findEntriesOfPerson(em: EntityManager, person: Person, since: Date | null) {
  const rows = await em.execute<(Omit<EntryOfPerson, 'occurredAt'> & { occurredAt: string })[]>(
    `select id, occurred_at as "occurredAt", action, outcome, actor_id as "actorId", session_id as "sessionId",
            ip_address as "ipAddress", user_agent as "userAgent", reason, details
     from audit_entries where id in (${entriesOfPerson}) and occurred_at >= :since order by id desc`,
    { ...parametersOf(person), since: since ?? new Date(0) },
  );
  return rows.map((row): EntryOfPerson => ({ ...row, occurredAt: new Date(row.occurredAt) }));
}

export interface MailToPerson {
  kind: string;
  state: string;
  createdAt: Date;
  /** Null: not sent yet, or withheld. */
  sentAt: Date | null;
}

/** @returns newest first */
export async function findMailsTo(em: EntityManager, person: Person, since: Date | null): Promise<MailToPerson[]> {
  const rows = await em.execute<{ kind: string; state: string; createdAt: string; sentAt: string | null }[]>(
    `select kind, state, created_at as "createdAt", sent_at as "sentAt" from outbox_mails
     where id in (${mailsToPerson}) and created_at >= :since order by id desc`,
    { ...parametersOf(person), since: since ?? new Date(0) },
  );
  return rows.map(({ createdAt, sentAt, ...row }) => ({
    ...row,
    createdAt: new Date(createdAt),
    sentAt: sentAt === null ? null : new Date(sentAt),
  }));
}
