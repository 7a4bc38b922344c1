/** Brings the database to this version's schema. Instances that start together take turns (advisory lock). */
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { migrationsList } from '../../migrations/index.ts';
import { isDatabaseUnavailable } from './availability.ts';
import { ormOptions } from './orm.ts';

export class MigrationFailed extends Error {
  override name = 'MigrationFailed';

  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message.replace(/^.* - /s, '') : 'unknown';
    const advice = 'give DATABASE_URL a database of its own, or take away what is in the way';
    super(`a migration failed and nothing was changed: ${reason}: ${advice}`, { cause });
  }
}

/** Any fixed number: it names our lock among all advisory locks of the database. */
const migrationLock = 7_265_001;

/**
 * Applies what is pending, all or nothing, on one connection without deadlines: a migration may take its time.
 * @returns the names of the migrations that were applied
 */
export async function migrate(url: string): Promise<string[]> {
  const orm = new MikroORM(ormOptions({ url, poolMax: 2 }, { connectionTimeoutMillis: 5000 }));
  try {
    // MikroORM would make a database that does not exist; an operator's typing error should not.
    await orm.em.fork().execute('select 1');
    return await orm.em.fork().transactional(async (em) => {
      await em.execute('select pg_advisory_xact_lock(?)', [migrationLock]);
      const applied = await orm.migrator.up({ transaction: em.getTransactionContext() }).catch((error: unknown) => {
        throw isDatabaseUnavailable(error) ? error : new MigrationFailed(error);
      });
      return applied.map(({ name }) => name);
    });
  } finally {
    await orm.close(true);
  }
}

/** Asks, and changes nothing: MikroORM's own question would make the table. */
export async function pendingMigrations(em: EntityManager): Promise<string[]> {
  const names = migrationsList.map(({ name }) => name);
  const [table] = await em.execute<{ exists: boolean }[]>(
    "select to_regclass('schema_migrations') is not null as exists",
  );
  if (!table?.exists) return names;
  const applied = await em.execute<{ name: string }[]>('select name from schema_migrations');
  return names.filter((name) => !applied.some((row) => row.name === name));
}
