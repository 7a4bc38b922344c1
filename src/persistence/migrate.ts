/** Brings the database to this version's schema. Instances that start together take turns (advisory lock). */
import { MikroORM } from '@mikro-orm/postgresql';
import { ormOptions } from './orm.ts';

/** Any fixed number: it names our lock among all advisory locks of the database. */
const migrationLock = 7_265_001;

/**
 * Applies what is pending, all or nothing, on one connection without deadlines: a migration may take its time.
 * @returns the names of the migrations that were applied
 */
export async function migrate(url: string): Promise<string[]> {
  const orm = new MikroORM(ormOptions({ url, poolMax: 2 }, { connectionTimeoutMillis: 5000 }));
  try {
    return await orm.em.fork().transactional(async (em) => {
      await em.execute('select pg_advisory_xact_lock(?)', [migrationLock]);
      const applied = await orm.migrator.up({ transaction: em.getTransactionContext() });
      return applied.map(({ name }) => name);
    });
  } finally {
    await orm.close(true);
  }
}

export async function pendingMigrations(orm: MikroORM): Promise<string[]> {
  const pending = await orm.migrator.getPending();
  return pending.map(({ name }) => name);
}
