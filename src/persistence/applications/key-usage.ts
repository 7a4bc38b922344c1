/** Stores when and from where API keys were last used, many keys in one statement. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../statement.ts';

export interface KeyUse {
  at: Date;
  from: string | null;
}

/** Locks in the order of ids, so that two instances never wait for each other. */
const statement = {
  name: 'stamp_key_usage',
  text: `with noted as (
      select k.id, n.at, n.source
      from unnest($1::uuid[], $2::timestamptz[], $3::text[]) as n (id, at, source) join api_keys k on k.id = n.id
      where k.last_used_at is null or k.last_used_at < n.at
      order by k.id for no key update of k
    )
    update api_keys k set last_used_at = noted.at, last_used_from = noted.source from noted where k.id = noted.id`,
};

/** @param uses by the id of the key */
export async function stampKeyUsage(em: EntityManager, uses: ReadonlyMap<string, KeyUse>): Promise<void> {
  const all = [...uses.values()];
  await query(em, statement, [[...uses.keys()], all.map(({ at }) => at.toISOString()), all.map(({ from }) => from)]);
}
