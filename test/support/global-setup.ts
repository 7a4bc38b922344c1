/** Starts one real PostgreSQL for the whole run, with one migrated template database that every test file clones. */
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/development/embedded-postgres.ts';
import { migrate } from '../../src/persistence/migrate.ts';
import { startPgBouncer } from './proxies/pgbouncer.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The address of the template database; others differ in their path. */
    templateUrl: string;
    /** The host and port of PgBouncer with TEST_POOLER=transaction; null: gateways under test connect directly. */
    pooler: string | null;
    /** The path of the log that PostgreSQL writes. */
    postgresLog: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-test-'));
  const postgres = await startEmbeddedPostgres(folder);
  await stopSyncing(join(folder, 'postgres'));
  const client = new pg.Client(postgres.url);
  await client.connect();
  await client.query('create database postern_template');
  await client.end();
  const templateUrl = postgres.url.replace(/[^/]+$/, 'postern_template');
  await migrate({ url: templateUrl });
  project.provide('templateUrl', templateUrl);
  project.provide('postgresLog', join(folder, 'postgres', 'server.log'));
  // Not the template, whose copies need it without connections.
  const pooler = process.env.TEST_POOLER === 'transaction' ? await startPgBouncer(postgres.url, 'transaction') : null;
  project.provide('pooler', pooler && new URL(pooler.url).host);
  return async () => {
    await pooler?.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

/** The tests discard their databases, so commits need not wait for the disk. */
async function stopSyncing(cluster: string): Promise<void> {
  await appendFile(join(cluster, 'postgresql.conf'), 'fsync = off\nfull_page_writes = off\n');
  const [pid] = (await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n');
  process.kill(Number(pid), 'SIGHUP');
}
