/** The audit entries that tell of a person: by what they did, what was done to them, and who tried their address. */
import type { EntityManager } from '@mikro-orm/postgresql';

export interface Person {
  userId: string;
  /** As audit details have them. */
  addressHashes: readonly string[];
}

/** Each part has an index of its own. */
const entriesOfPerson = `
  select id from audit_entries where actor_id = :userId
  union select id from audit_entries where target_type = 'user' and target_id = :userIdText
  union select id from audit_entries where details->>'addressHash' in (:addressHashes)
  union select a.id from audit_entries a join token_families f on f.id = a.session_id
    where f.user_id = :userId and a.actor_id is null and a.session_id is not null`;

/** Takes the personal data of those entries away for good. @returns of how many */
export async function purgePersonalData(em: EntityManager, person: Person): Promise<number> {
  const rows = await em.execute<{ gone: number }[]>(
    `update audit_entries set ip_address = null, user_agent = null, reason = null, personal_salt = null
     where personal_salt is not null and id in (${entriesOfPerson})
     returning 1 as gone`,
    parametersOf(person),
  );
  return rows.length;
}

function parametersOf({ userId, addressHashes }: Person) {
  return { userId, userIdText: userId, addressHashes: [...addressHashes] };
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
