/** Faults of a single PostgreSQL under two gateways: nothing acknowledged is lost, and the gateways recover alone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, test } from 'vitest';
import { drill, type Site } from './support/drill.ts';
import { useEnding } from './support/ending.ts';
import { type Postgres, startPostgres } from './support/postgres.ts';
import { startSite } from './support/site.ts';

const ending = useEnding();
let postgres: Postgres;
let site: Site;
beforeAll(async () => {
  postgres = await startPostgres(ending);
  site = await startSite(ending, postgres.url, { count: 2 });
}, 240_000);

test('the gateways serve at once when PostgreSQL is back after kill -9', async () => {
  const fault = async () => {
    await postgres.kill();
    await sleep(2000);
    await postgres.start();
  };
  await drill('PostgreSQL is killed and restarted', site, fault, { recoverySeconds: 3 });
});

test('the gateways answer within their deadline while PostgreSQL is frozen, and serve afterwards', async () => {
  const fault = async () => {
    await postgres.freeze();
    await sleep(10_000);
    await postgres.thaw();
  };
  await drill('PostgreSQL is frozen for 10 s', site, fault, { recoverySeconds: 3 });
});
