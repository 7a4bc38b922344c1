/** Opens the database: the one of DATABASE_URL, or the embedded PostgreSQL of the working folder. */
import type { DatabaseConfig } from '../config/database.ts';
import { developmentFolder, writing } from '../development/development.ts';
import { startEmbeddedPostgres } from '../development/embedded-postgres.ts';
import { isUsedByOthers } from '../persistence/connection/connections.ts';
import type { DatabaseSettings } from '../persistence/connection/database-url.ts';
import type { PoolCounts } from '../persistence/connection/pool.ts';
import type { EntityManager } from '../persistence/entity-manager.ts';
import { createMaintenanceOrm, createOrm, createReplicaOrm } from '../persistence/orm.ts';
import type { Trace } from '../trace.ts';
import type { Closers } from './closers.ts';

export interface EmbeddedOptions {
  /** Whether an embedded PostgreSQL may be created in this folder, or only an existing one is used. */
  embeddedDatabase?: 'create' | 'existing';
  /** Registers work for a process that ends at once. */
  beforeExit?: (work: () => Promise<void>) => void;
}

export interface DatabaseOptions extends EmbeddedOptions {
  trace: Trace;
  /** Receives the seconds of each request that found no idle connection. */
  onWait(seconds: number): void;
}

/** Whether another running process uses the embedded database. */
interface Embedded {
  shared: boolean;
}

export interface Database {
  url: string;
  embedded: Embedded | null;
  /** Past a pooler: for migrations. */
  direct: DatabaseSettings;
  /** A new unit of work. */
  fork(): EntityManager;
  /** A new unit of work with the long deadlines of background jobs. */
  forkMaintenance(): EntityManager;
  /** A new unit of work on the standby; null: DATABASE_READ_URL is not set. */
  forkReplica: (() => EntityManager) | null;
  /** The connections of requests. */
  connections(): PoolCounts;
  /** Moves to another server of DATABASE_URL when that one has replaced the present one. */
  reviewServers(): Promise<void>;
}

export async function openDatabase(
  config: DatabaseConfig,
  options: DatabaseOptions,
  opened: Closers,
): Promise<Database> {
  const { url, embedded } =
    config.url === null ? await openEmbedded(options, opened) : { url: config.url, embedded: null };
  const { poolMax, directUrl, readUrl, ...shared } = config;
  const settings = { ...shared, url };
  const { orm, connections } = createOrm({ ...settings, poolMax, trace: options.trace }, options.onWait);
  opened.add(() => orm.close(true));
  const maintenance = createMaintenanceOrm(settings);
  opened.add(() => maintenance.orm.close(true));
  const replica =
    readUrl === null ? null : createReplicaOrm({ ...shared, url: readUrl, poolMax, trace: options.trace });
  if (replica) opened.add(() => replica.orm.close(true));
  return {
    url,
    embedded,
    direct: { ...settings, pooler: 'none', url: directUrl ?? url },
    fork: () => orm.em.fork(),
    forkMaintenance: () => maintenance.orm.em.fork(),
    forkReplica: replica && (() => replica.orm.em.fork()),
    connections: () => connections.counts(),
    async reviewServers() {
      await Promise.all([connections.review(), maintenance.connections.review()]);
    },
  };
}

async function openEmbedded(options: EmbeddedOptions, opened: Closers): Promise<{ url: string; embedded: Embedded }> {
  const need = options.embeddedDatabase ?? 'create';
  const { url, stop } = await writing(developmentFolder, () => startEmbeddedPostgres(developmentFolder, need));
  // A failed check does not stop a database that another process may use.
  const isShared = () => isUsedByOthers(url).catch(() => true);
  opened.add(async () => {
    if (!(await isShared())) await stop();
  });
  options.beforeExit?.(() => opened.close());
  return { url, embedded: { shared: await isShared() } };
}
