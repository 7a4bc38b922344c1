/**
 * Measures the queries of the list of users with a million users: each filter and order, on the first page and on a
 * late one, with its plan, the number of read database pages and the time. Asserts nothing.
 *
 * `node bench/users.ts [users] [--plans]` (a million: some minutes and about 1 GB of disk)
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/development/embedded-postgres.ts';
import type { UserCriteria, UserSlice, UserSortField } from '../src/persistence/accounts/user-criteria.ts';
import { findUsers } from '../src/persistence/accounts/users.ts';
import type { EntityManager } from '../src/persistence/entity-manager.ts';
import { migrate } from '../src/persistence/migrate.ts';
import { ormOptions } from '../src/persistence/orm.ts';
import { insertUsers } from './growth/rows.ts';

const total = Number(process.argv[2] ?? 1_000_000);
const showPlans = process.argv.includes('--plans');
const samples = 5;
const pageSize = 21;

const anybody: UserCriteria = {
  emailPrefix: null,
  nameWords: null,
  externalId: null,
  role: null,
  status: null,
  hasSecondFactor: null,
  createdFrom: null,
  createdBefore: null,
  lastLoginFrom: null,
  lastLoginBefore: null,
};

const day = 24 * 60 * 60 * 1000;
/** One user was created every few minutes, up to this day. */
const today = Date.UTC(2026, 10, 21);
const daysAgo = (days: number) => new Date(today - days * day);

const filters: [string, Partial<UserCriteria>][] = [
  ['all', {}],
  ['one address', { emailPrefix: 'user777777@example.com' }],
  ['addresses user7777…', { emailPrefix: 'user7777' }],
  ['addresses u…', { emailPrefix: 'u' }],
  ['no such address', { emailPrefix: 'zz' }],
  ['a rare name', { nameWords: ['zephyrine'] }],
  ['a common name', { nameWords: ['ada'] }],
  ['two common names', { nameWords: ['ada', 'lovel'] }],
  ['role ADMIN', { role: 'ADMIN' }],
  ['role USER', { role: 'USER' }],
  ['suspended', { status: 'SUSPENDED' }],
  ['active', { status: 'ACTIVE' }],
  ['with a factor', { hasSecondFactor: true }],
  ['without', { hasSecondFactor: false }],
  ['made within a week', { createdFrom: daysAgo(7) }],
  ['made two years ago', { createdFrom: daysAgo(737), createdBefore: daysAgo(730) }],
  ['in within a day', { lastLoginFrom: daysAgo(1) }],
  ['not in for two years', { lastLoginBefore: daysAgo(730) }],
  ['ADMIN without a factor', { role: 'ADMIN', hasSecondFactor: false }],
  ['common name, suspended', { nameWords: ['ada'], status: 'SUSPENDED' }],
  ['u…, factor, two years ago', { emailPrefix: 'u', hasSecondFactor: true, createdBefore: daysAgo(730) }],
];
const sorts: UserSortField[] = ['CREATED_AT', 'EMAIL', 'LAST_LOGIN_AT'];

async function main(): Promise<void> {
  // After Ctrl-C the database is stopped.
  let interrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (interrupted = true));
  const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  const postgres = await startEmbeddedPostgres(folder);
  // Without the deadlines of the gateway, so that a query above them is measured too.
  const orm = new MikroORM(ormOptions({ url: postgres.url, poolMax: 1 }, { connect: 5000 }));
  try {
    await migrate({ url: postgres.url });
    await fill(postgres.url);
    const em = orm.em.fork();
    print(['filter', 'order', 'page', 'rows', 'ms', 'buffers', 'read', 'plan']);
    for (const [name, filter] of filters) {
      for (const sort of sorts) {
        for (const page of pages) {
          if (interrupted) return;
          await measure(em, { name, filter, sort, page });
        }
      }
    }
  } finally {
    await orm.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const pages = ['first', 'deep', 'last'] as const;

interface Case {
  name: string;
  filter: Partial<UserCriteria>;
  sort: UserSortField;
  page: (typeof pages)[number];
}

async function measure(em: EntityManager, { name, filter, sort, page }: Case): Promise<void> {
  const slice: UserSlice = {
    sort,
    // The last page is read from the end.
    descending: page !== 'last',
    beyond: page === 'deep' ? middle[sort] : null,
    upTo: null,
    limit: pageSize,
  };
  const criteria = { ...anybody, ...filter };
  const runs: Explained[] = [];
  for (let sample = 0; sample < samples; sample += 1) runs.push(await explained(em, criteria, slice));
  runs.sort((one, other) => one['Execution Time'] - other['Execution Time']);
  const median = runs[Math.floor(samples / 2)];
  if (!median) return;
  const { Plan: plan } = median;
  const buffers = plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
  const time = median['Execution Time'].toFixed(2);
  print([
    name,
    sort,
    page,
    `${plan['Actual Rows']}`,
    time,
    `${buffers}`,
    `${Math.round(rowsRead(plan))}`,
    scansOf(plan).join(' + '),
  ]);
  if (showPlans) process.stdout.write(`${JSON.stringify(plan, null, 1)}\n`);
}

interface PlanNode {
  'Node Type': string;
  'Index Name'?: string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: PlanNode[];
}

interface Explained {
  Plan: PlanNode;
  'Execution Time': number;
}

/** The statement of the list itself, with EXPLAIN before it. */
async function explained(em: EntityManager, criteria: UserCriteria, slice: UserSlice): Promise<Explained> {
  let seen: Explained | undefined;
  const explaining = new Proxy(em, {
    get: (target, property) =>
      property === 'execute'
        ? async (text: string, values: unknown[]) => {
            const rows: { 'QUERY PLAN': Explained[] }[] = await target.execute(
              `explain (analyze, buffers, format json) ${text}`,
              values,
            );
            seen = rows[0]?.['QUERY PLAN'][0];
            return [];
          }
        : Reflect.get(target, property),
  });
  await findUsers(explaining, criteria, slice);
  if (!seen) throw new Error('nothing was explained');
  return seen;
}

function scansOf(node: PlanNode): string[] {
  const below = (node.Plans ?? []).flatMap(scansOf);
  const type = node['Node Type'];
  if (type === 'Sort' || type === 'Incremental Sort') return [...below, type.toLowerCase()];
  return type.includes('Scan')
    ? [`${type} ${node['Index Name'] ?? node['Relation Name'] ?? ''}`.trim(), ...below]
    : below;
}

function rowsRead(node: PlanNode): number {
  const below = (node.Plans ?? []).reduce((sum, child) => sum + rowsRead(child), 0);
  const isScan = node['Node Type'].includes('Scan') && !node['Node Type'].startsWith('Bitmap Index');
  const own = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
  return below + (isScan ? own : 0);
}

const middle: Record<UserSortField, { key: string; id: string }> = {
  CREATED_AT: { key: `${daysAgo(700).getTime()}000`, id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' },
  EMAIL: { key: 'user5', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' },
  LAST_LOGIN_AT: { key: `${daysAgo(200).getTime()}000`, id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' },
};

async function fill(url: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await insertUsers(client, { count: total, until: new Date(today), passwordHash: null });
  await client.query('vacuum analyze users');
  await client.end();
}

function print(cells: readonly string[]): void {
  const widths = [27, 15, 7, 6, 10, 9, 9];
  process.stdout.write(`${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('')}\n`);
}

await main();
