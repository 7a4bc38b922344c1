/** Brings the database to this version's schema. Instances that start together migrate one after another (advisory lock). */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Migration } from '@mikro-orm/migrations';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { migrationsList } from '../../migrations/index.ts';
import { isDatabaseUnavailable, isLockTimeout } from './connection/availability.ts';
import { type DatabaseSettings, readDatabaseUrl } from './connection/database-url.ts';
import { requireUsableServer } from './connection/server-check.ts';
import { readDatabaseTime } from './database-time.ts';
import { setLockTimeout, withLockRetries } from './lock-retries.ts';
import { ormOptions } from './orm.ts';
import { partitionTable } from './partitions/convert.ts';
import { partitionedTables, partitioningOf } from './partitions/tables.ts';

export class MigrationFailed extends Error {
  override name = 'MigrationFailed';

  constructor(name: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message.replace(/^.* - /s, '') : 'unknown';
    const advice = isLockTimeout(cause)
      ? 'another transaction holds a lock on its table; end it, then run "postern migrate" again'
      : 'set DATABASE_URL to a separate database, or remove the conflicting object';
    super(`the migration ${name} failed and changed nothing: ${reason}: ${advice}`, { cause });
  }
}

/** An arbitrary constant that identifies the lock among the advisory locks of the database. */
const migrationLock = 7_265_001;
const lockPollMs = 250;

const lockTimeout = { inTransactionMs: 1000, outside: '60s' };
const pausesMs = [500, 1000, 2000, 4000, 8000, 8000, 8000, 8000, 8000, 8000];

/** Milliseconds. The role may have deadlines of its own, for the sessions behind a pooler: 0 removes them. */
const noDeadlines = { connect: 5000, statement: 0, lock: 0, idleInTransaction: 0 };

/**
 * Applies pending migrations, each in its own transaction, or without one (`isTransactional`), and partitions large tables.
 * Uses one connection without deadlines, because a migration can take long.
 * @returns the names of the migrations that were applied, and what was partitioned
 */
export async function migrate(database: DatabaseSettings): Promise<string[]> {
  // The session holds the lock: its connection must stay open.
  const untilClosed = { idleTimeoutMillis: 0, maxLifetimeSeconds: 0 };
  const orm = new MikroORM(ormOptions({ ...database, poolMax: 1 }, noDeadlines, untilClosed));
  const em = orm.em.fork();
  try {
    await requireUsableServer(em);
    await takeLock(em);
    await createTable(em, readDatabaseUrl(database).schema);
    const applied: string[] = [];
    for (const name of await pendingMigrations(em)) {
      await apply(orm, name);
      applied.push(name);
    }
    if (database.partitions === 'off') return applied;
    return [...applied, ...(await partitionTables(em))];
  } finally {
    // Ends the session, and with it the lock.
    await orm.close(true);
  }
}

/** @returns one line for each table that was partitioned */
async function partitionTables(em: EntityManager): Promise<string[]> {
  const now = await readDatabaseTime(em);
  const done: string[] = [];
  for (const table of partitionedTables) {
    const name = partitioningOf(table);
    if (await explained(name, () => partitionTable(em, table, now))) done.push(name);
  }
  return done;
}

/**
 * The session holds the lock, because `create index concurrently` runs outside of transactions. The lock is polled: a
 * session that waits inside PostgreSQL has a snapshot, and `create index concurrently` would wait for it.
 */
async function takeLock(em: EntityManager): Promise<void> {
  for (;;) {
    const [row] = await em.execute<{ taken: boolean }[]>('select pg_try_advisory_lock(?) as taken', [migrationLock]);
    if (row?.taken) return;
    await sleep(lockPollMs);
  }
}

/** The table that MikroORM's migrator created in earlier versions. */
async function createTable(em: EntityManager, schema: string | null): Promise<void> {
  if (schema !== null) await em.execute(`create schema if not exists "${schema}"`);
  const [table] = await em.execute<{ exists: boolean }[]>(
    "select to_regclass('schema_migrations') is not null as exists",
  );
  if (table?.exists) return;
  await em.execute(
    `create table schema_migrations (
       id serial primary key, name varchar(255) not null, executed_at timestamptz(6) not null default current_timestamp)`,
  );
}

async function apply(orm: MikroORM, name: string): Promise<void> {
  const listed = migrationsList.find((migration) => migration.name === name);
  if (!listed) throw new Error(`there is no migration ${name}`);
  await explained(name, () =>
    withLockRetries(pausesMs, () => run(orm, new listed.class(orm.em.getDriver(), orm.config), name)),
  );
}

/** @throws MigrationFailed */
async function explained<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isDatabaseUnavailable(error) ? error : new MigrationFailed(name, error);
  }
}

async function run(orm: MikroORM, migration: Migration, name: string): Promise<void> {
  const em = orm.em.fork();
  if (!migration.isTransactional()) {
    await em.execute(`set lock_timeout = '${lockTimeout.outside}'`);
    await runStatements(em, migration);
    await note(em, name);
    return;
  }
  await em.transactional(async (tx) => {
    await setLockTimeout(tx, lockTimeout.inTransactionMs);
    migration.setTransactionContext(tx.getTransactionContext());
    await runStatements(tx, migration);
    await note(tx, name);
  });
}

async function runStatements(em: EntityManager, migration: Migration): Promise<void> {
  await migration.up();
  for (const query of migration.getQueries()) {
    await em.getDriver().execute(query, [], 'all', em.getTransactionContext());
  }
}

async function note(em: EntityManager, name: string): Promise<void> {
  await em.execute('insert into schema_migrations (name) values (?)', [name]);
}

/** Only reads. */
export async function pendingMigrations(em: EntityManager): Promise<string[]> {
  const names = migrationsList.map(({ name }) => name);
  const [table] = await em.execute<{ exists: boolean }[]>(
    "select to_regclass('schema_migrations') is not null as exists",
  );
  if (!table?.exists) return names;
  const applied = await em.execute<{ name: string }[]>('select name from schema_migrations');
  return names.filter((name) => !applied.some((row) => row.name === name));
}
