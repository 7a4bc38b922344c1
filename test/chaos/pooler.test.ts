/** Faults of PgBouncer between two gateways and PostgreSQL. */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, test } from 'vitest';
import { drill, type Site } from './support/drill.ts';
import { useEnding } from './support/ending.ts';
import { type PgBouncer, startPgBouncer } from './support/pgbouncer.ts';
import { query, startPostgres } from './support/postgres.ts';
import { startSite } from './support/site.ts';

const deadlines = { statement_timeout: '5s', lock_timeout: '1500ms', idle_in_transaction_session_timeout: '10s' };
const ending = useEnding();
let pooler: PgBouncer;
let site: Site;
beforeAll(async () => {
  const postgres = await startPostgres(ending);
  // The pooler passes no startup parameter, so the role has the deadlines, as `postern doctor` prints them.
  for (const [name, value] of Object.entries(deadlines)) {
    await query(postgres.superuserUrl, `alter role postern in database postern set ${name} = '${value}'`);
  }
  pooler = await startPgBouncer(ending, postgres.url);
  const settings = { DATABASE_POOLER: 'transaction', DATABASE_DIRECT_URL: postgres.url };
  site = await startSite(ending, pooler.url, { count: 2, direct: () => postgres.url, settings });
}, 240_000);

test('the gateways serve at once when PgBouncer is back after kill -9', async () => {
  const fault = async () => {
    await pooler.kill();
    await sleep(2000);
    await pooler.start();
  };
  await drill('PgBouncer is killed and restarted', site, fault, { recoverySeconds: 3 });
});

test('the gateways answer within their deadline while PgBouncer is frozen, and serve afterwards', async () => {
  const fault = async () => {
    await pooler.freeze();
    await sleep(8000);
    await pooler.thaw();
  };
  await drill('PgBouncer is frozen for 8 s', site, fault, { recoverySeconds: 3 });
});
