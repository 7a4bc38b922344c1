/** Marks generations of token families as received by their clients, many families in one statement. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../statement.ts';

/** Locks in the order of ids, as every statement does that locks several families. */
const statement = {
  name: 'confirm_generations',
  text: `with noted as (
      select f.id, n.generation
      from unnest($1::uuid[], $2::int[]) as n (id, generation) join token_families f on f.id = n.id
      where f.generation = n.generation and f.confirmed_generation < n.generation
      order by f.id for no key update of f
    )
    update token_families f set confirmed_generation = noted.generation
    from noted where f.id = noted.id and f.generation = noted.generation`,
};

/** @param generations by the id of their family; one that is no longer the family's newest changes nothing */
export async function confirmGenerations(em: EntityManager, generations: ReadonlyMap<string, number>): Promise<void> {
  await query(em, statement, [[...generations.keys()], [...generations.values()].map(String)]);
}
