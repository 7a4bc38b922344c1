/** Locks the users before several of their sessions are locked, so that concurrent callers cannot deadlock. */
import type { EntityManager } from '@mikro-orm/postgresql';

export async function lockUsersOf(em: EntityManager, sessionIds: readonly string[]): Promise<void> {
  if (sessionIds.length === 0) return;
  await em.execute(
    'select from users where id in (select user_id from token_families where id in (?)) order by id for update',
    [[...sessionIds]],
  );
}
