/** Reading the audit trail by what several indexes know: each gives its newest entries, and the newest of those are the page. */
import type { EntityManager } from '@mikro-orm/postgresql';

/** What a user's own trail consists of. */
export interface About {
  userId: string;
  /** The keyed hash of their address: what was tried at it, by whomever. */
  addressHash: string | null;
}

export interface Bounds {
  id?: { $lt?: string; $gt?: string };
}

export async function findIdsAbout(
  em: EntityManager,
  about: About,
  slice: { keyset: Bounds; orderBy: { id: 'asc' | 'desc' }; limit: number },
): Promise<string[]> {
  const order = slice.orderBy.id === 'asc' ? 'asc' : 'desc';
  const rows = await em.execute<{ id: string }[]>(
    `select id from (${unionFor(about, slice.keyset, `order by id ${order} limit :limit`)}) found order by id ${order} limit :limit`,
    valuesOf(about, slice.keyset, slice.limit),
  );
  return rows.map(({ id }) => id);
}

export async function countAbout(em: EntityManager, about: About): Promise<number> {
  const [row] = await em.execute<{ count: number }[]>(
    `select count(*)::int as count from (${unionFor(about, {}, '')}) found`,
    valuesOf(about, {}, 0),
  );
  return row?.count ?? 0;
}

/** What they did, what was done to them and to their sessions, and what was tried at their address. */
function unionFor({ addressHash }: About, { id: bounds = {} }: Bounds, tail: string): string {
  const within = `${bounds.$lt ? 'and e.id < :lt' : ''} ${bounds.$gt ? 'and e.id > :gt' : ''} ${tail}`;
  const branches = [
    `select e.id from audit_entries e where e.actor_id = :userId ${within}`,
    `select e.id from audit_entries e where e.target_id = :userIdText and e.target_type = 'user' ${within}`,
    `select s.id from token_families f cross join lateral
       (select e.id from audit_entries e where e.target_id = f.id::text and e.target_type = 'session' ${within}) s
     where f.user_id = :userId`,
    ...(addressHash === null
      ? []
      : [`select e.id from audit_entries e where e.details->>'addressHash' = :addressHash ${within}`]),
  ];
  return branches.map((branch) => `(${branch})`).join(' union ');
}

function valuesOf({ userId, addressHash }: About, { id: bounds = {} }: Bounds, limit: number) {
  return { userId, userIdText: userId, addressHash, lt: bounds.$lt ?? null, gt: bounds.$gt ?? null, limit };
}

/** The hashes of sealed entries, in hex, by entry. @param ids at least one */
export async function findSeals(em: EntityManager, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await em.execute<{ id: string; hash: string }[]>(
    `select entry_id as id, encode(hash, 'hex') as hash from audit_seals where entry_id in (?)`,
    [[...ids]],
  );
  return new Map(rows.map(({ id, hash }) => [id, hash]));
}
