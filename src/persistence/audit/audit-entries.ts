/** Reads the audit trail through several indexes: each returns its newest entries, and the newest of those form the page. */
import type { FilterObject } from '@mikro-orm/core';
import { type EntityManager, raw } from '@mikro-orm/postgresql';
import { boundedCount, maxListCount } from '../bounded-count.ts';
import { AuditEntry } from './audit-entry.ts';

/** The user, and the hash of their address: they select the entries about a user. */
export interface About {
  userId: string;
  /** The keyed hash of the current address. Its entries count from the time at which the user got the address. */
  addressHash: string;
}

export interface Bounds {
  id?: { $lt?: string; $gt?: string };
}

export interface Chosen {
  /** Whether continued sessions are among the entries. They are most entries of an account in use. */
  refreshes: boolean;
}

/** @returns a page of ids for each user, in their order */
export async function findIdsAbout(
  em: EntityManager,
  abouts: readonly About[],
  slice: { keyset: Bounds; orderBy: { id: 'asc' | 'desc' }; limit: number },
  chosen: Chosen,
): Promise<string[][]> {
  const order = slice.orderBy.id === 'asc' ? 'asc' : 'desc';
  const { $lt: lt = null, $gt: gt = null } = slice.keyset.id ?? {};
  const within = `${lt ? 'and e.id < :lt' : ''} ${gt ? 'and e.id > :gt' : ''} order by id ${order} limit :limit`;
  const rows = await em.execute<{ place: number; id: string }[]>(
    `select a.place, found.id from ${users}
     cross join lateral (select id from (${entriesAbout(chosen, within)}) e order by id ${order} limit :limit) found
     order by found.id ${order}`,
    { users: JSON.stringify(abouts.map(placed)), lt, gt, limit: slice.limit },
  );
  const found = Map.groupBy(rows, ({ place }) => place);
  return abouts.map((_, place) => (found.get(place) ?? []).map(({ id }) => id));
}

/** @returns the number of matching entries, up to a bound */
export async function countEntries(em: EntityManager, where: FilterObject<AuditEntry>): Promise<number> {
  const counted = em.createQueryBuilder(AuditEntry).select('id').where(where).limit(maxListCount);
  const { count } = await em
    .createQueryBuilder(AuditEntry)
    .select(raw('count(*)::int as count'))
    .from(counted)
    .execute<{ count: number }>('get', false);
  return count;
}

/** @returns the number of entries for each user, in their order, up to a bound */
export async function countAbout(em: EntityManager, abouts: readonly About[], chosen: Chosen): Promise<number[]> {
  const counted = boundedCount(`(${entriesAbout(chosen, `limit ${maxListCount}`)}) e`, maxListCount);
  const rows = await em.execute<{ place: number; count: number }[]>(
    `select a.place, ${counted} as count from ${users}`,
    { users: JSON.stringify(abouts.map(placed)) },
  );
  const counts = new Map(rows.map(({ place, count }) => [place, count]));
  return abouts.map((_, place) => counts.get(place) ?? 0);
}

/**
 * The users, each with the lowest id of the entries about their address that count: ids are UUIDv7, in the order of time.
 * The user got the address by the last change to it, otherwise by the confirmed registration, otherwise with the account.
 * Earlier entries belong to a former owner of the address.
 */
const users = `jsonb_to_recordset(:users::jsonb) as a (place int, "userId" uuid, "addressHash" text)
  cross join lateral (select coalesce(
    (select c.id from audit_entries c where c.target_id = a."userId"::text and c.target_type = 'user'
       and c.action = 'email.changed' order by c.id desc limit 1),
    (select (c.details->>'registrationId')::uuid from audit_entries c where c.target_id = a."userId"::text
       and c.target_type = 'user' and c.action = 'registration.confirmed' order by c.id limit 1),
    (select rpad(lpad(to_hex(floor(extract(epoch from u.created_at) * 1000)::bigint), 12, '0'), 32, '0')::uuid
       from users u where u.id = a."userId")) as since) held`;

function placed(about: About, place: number) {
  return { ...about, place };
}

/** Entries by the user, about the user and their sessions, and about their address since they got it. */
function entriesAbout({ refreshes }: Chosen, page: string): string {
  const within = refreshes ? page : `and e.action <> 'session.refreshed' ${page}`;
  const branches = [
    `select e.id from audit_entries e where e.actor_id = a."userId" ${within}`,
    `select e.id from audit_entries e where e.target_id = a."userId"::text and e.target_type = 'user' ${within}`,
    `select s.id from token_families f cross join lateral
       (select e.id from audit_entries e where e.target_id = f.id::text and e.target_type = 'session' ${within}) s
     where f.user_id = a."userId"`,
    `select e.id from audit_entries e where e.details->>'addressHash' = a."addressHash" and e.id >= held.since ${within}`,
  ];
  return branches.map((branch) => `(${branch})`).join(' union ');
}

/** The position of an entry in the chain. */
export interface Seal {
  sequence: number;
  /** In hex. */
  hash: string;
}

/** The seals of sealed entries, by entry. @param ids at least one */
export async function findSeals(em: EntityManager, ids: readonly string[]): Promise<Map<string, Seal>> {
  const rows = await em.execute<(Seal & { id: string })[]>(
    `select entry_id as id, seq::float8 as sequence, encode(hash, 'hex') as hash from audit_seals where entry_id in (?)`,
    [[...ids]],
  );
  return new Map(rows.map(({ id, sequence, hash }) => [id, { sequence, hash }]));
}
