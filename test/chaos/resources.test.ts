/** A PostgreSQL without room: no connection left, no disk left. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect, test } from 'vitest';
import { drill } from './support/drill.ts';
import { useEnding } from './support/ending.ts';
import { query, startPostgres } from './support/postgres.ts';
import { startSite } from './support/site.ts';
import { fillDisk, onSmallDisk } from './support/small-disk.ts';

const ending = useEnding();

/** Opens connections until PostgreSQL refuses them. @returns what closes them */
async function takeAllConnections(url: string): Promise<() => Promise<unknown>> {
  const clients: pg.Client[] = [];
  for (;;) {
    const client = new pg.Client(url);
    client.on('error', () => undefined);
    const isOpen = await client.connect().then(
      () => true,
      () => false,
    );
    if (!isOpen) return () => Promise.all(clients.map((open) => open.end()));
    clients.push(client);
  }
}

test('gateways without a connection refuse requests, and serve when connections are free again', async () => {
  const postgres = await startPostgres(ending, { settings: { max_connections: '40' } });
  const site = await startSite(ending, postgres.url, { count: 2 });
  const fault = async () => {
    const release = await takeAllConnections(postgres.url);
    await query(
      postgres.superuserUrl,
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'postern'`,
    );
    const releaseOthers = await takeAllConnections(postgres.url);
    await sleep(5000);
    await Promise.all([release(), releaseOthers()]);
  };
  await drill('other programs hold all connections for 5 s', site, fault, { recoverySeconds: 3 });
}, 300_000);

test('gateways refuse changes while the disk is full, and serve when it has room again', async () => {
  const postgres = await startPostgres(ending, {
    settings: { min_wal_size: '32MB', max_wal_size: '48MB' },
    wrap: onSmallDisk,
  });
  const site = await startSite(ending, postgres.url, { count: 2 });
  const fault = async () => {
    const free = await fillDisk(postgres.pid(), postgres.data);
    await expect(query(postgres.url, 'create table full_disk as select generate_series(1, 1000000)')).rejects.toThrow(
      /No space left/,
    );
    await sleep(8000);
    await free();
  };
  await drill('the disk of PostgreSQL is full for 8 s', site, fault, { recoverySeconds: 5 });
}, 300_000);
