/** What pending migrations and the partitioning of tables would do: the lock that each statement takes, and the rows that it reads or changes. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { migrationsList } from '../../migrations/index.ts';
import { pendingMigrations } from './migrate.ts';
import { isPartitioned } from './partitions/convert.ts';
import { partitionedTables, partitioningOf } from './partitions/tables.ts';

export interface PlannedStep {
  /** The mode of PostgreSQL's table lock (https://www.postgresql.org/docs/current/explicit-locking.html). */
  lock: string;
  /** null: the statement names an index only. */
  table: string | null;
  /** The estimated rows of the table, where the statement reads or changes all of them; null: none, or not known. */
  rows: number | null;
}

export interface PlannedMigration {
  name: string;
  /** Whether it is one transaction: its locks are then held until its end. */
  transactional: boolean;
  steps: PlannedStep[];
}

interface Rule {
  pattern: RegExp;
  lock: string;
  readsTable: boolean;
}

const table = '(?:only )?(?:if exists )?"?(\\w+)"?';
const rule = (pattern: string, lock: string, readsTable = false): Rule => ({
  pattern: new RegExp(`^${pattern}`, 'is'),
  lock,
  readsTable,
});

/** The first one that matches. Statements that match none create objects that no other session uses yet. */
const rules: readonly Rule[] = [
  rule(`create (?:unique )?index concurrently .*?\\bon ${table}`, 'SHARE UPDATE EXCLUSIVE', true),
  rule(`create (?:unique )?index .*?\\bon ${table}`, 'SHARE', true),
  rule('drop index concurrently', 'SHARE UPDATE EXCLUSIVE'),
  rule('drop index', 'ACCESS EXCLUSIVE'),
  rule(`alter table ${table} validate constraint`, 'SHARE UPDATE EXCLUSIVE', true),
  rule(`alter table ${table} add constraint .* foreign key .* not valid`, 'SHARE ROW EXCLUSIVE'),
  rule(`alter table ${table} add constraint .* foreign key`, 'SHARE ROW EXCLUSIVE', true),
  rule(`alter table ${table} (?:add|attach) (?:constraint|partition)(?!.* not valid)`, 'ACCESS EXCLUSIVE', true),
  rule(`alter table ${table} alter (?:column )?\\S+ (?:set not null|type)`, 'ACCESS EXCLUSIVE', true),
  rule(`(?:alter|drop) table ${table}`, 'ACCESS EXCLUSIVE'),
  rule(`create trigger .*?\\bon ${table}`, 'SHARE ROW EXCLUSIVE'),
  rule(`drop trigger .*?\\bon ${table}`, 'ACCESS EXCLUSIVE'),
  rule(`(?:update|delete from) ${table}`, 'ROW EXCLUSIVE', true),
  rule(`insert into ${table}`, 'ROW EXCLUSIVE'),
];

/** Only reads. @param partitions whether `migrate` partitions tables after the migrations */
export async function planMigrations(em: EntityManager, partitions: boolean): Promise<PlannedMigration[]> {
  const plans: PlannedMigration[] = [];
  for (const name of await pendingMigrations(em)) {
    const listed = migrationsList.find((migration) => migration.name === name);
    if (!listed) continue;
    const migration = new listed.class(em.getDriver(), em.config);
    await migration.up();
    const steps = new Map<string, PlannedStep>();
    for (const statement of migration.getQueries()) {
      const step = await stepOf(em, String(statement).trim());
      if (step) steps.set(`${step.lock} ${step.table} ${step.rows}`, step);
    }
    plans.push({ name, transactional: migration.isTransactional(), steps: [...steps.values()] });
  }
  return partitions ? [...plans, ...(await planPartitioning(em))] : plans;
}

/** The statements of partitions/convert.ts: a check of all rows beside running requests, then an exchange of names. */
async function planPartitioning(em: EntityManager): Promise<PlannedMigration[]> {
  const plans: PlannedMigration[] = [];
  for (const table of partitionedTables) {
    if (await isPartitioned(em, table)) continue;
    const size = await readSize(em, table.name);
    const steps = [
      { lock: 'SHARE UPDATE EXCLUSIVE', table: table.name, rows: size?.rows ?? null },
      { lock: 'ACCESS EXCLUSIVE', table: table.name, rows: null },
    ];
    plans.push({ name: partitioningOf(table), transactional: false, steps: size === null ? [] : steps });
  }
  return plans;
}

async function stepOf(em: EntityManager, statement: string): Promise<PlannedStep | null> {
  const found = rules.find(({ pattern }) => pattern.test(statement));
  if (!found) return null;
  const name = found.pattern.exec(statement)?.[1] ?? null;
  const size = name === null ? null : await readSize(em, name);
  // A table of the same migration: no other session uses it.
  if (name !== null && size === null) return null;
  return { lock: found.lock, table: name, rows: found.readsTable ? (size?.rows ?? null) : null };
}

/** @returns null when the table does not exist */
async function readSize(em: EntityManager, name: string): Promise<{ rows: number | null } | null> {
  const [row] = await em.execute<{ rows: number }[]>(
    'select reltuples::float8 as rows from pg_class where oid = to_regclass(quote_ident(?))',
    [name],
  );
  // -1: PostgreSQL has no estimate, because the table was never analysed.
  return row ? { rows: row.rows < 0 ? null : row.rows } : null;
}
