/** Wires the parts of the gateway, without a server. The command line uses it too. It makes no decision. */

import type { Config } from '../config/config.ts';
import { developmentFolder, developmentSecret, writing } from '../development/development.ts';
import type { AuditSealing } from '../domain/audit/sealing.ts';
import type { Client } from '../domain/caller.ts';
import type { Clock } from '../domain/clock.ts';
import type { DatabaseClock } from '../domain/database-clock.ts';
import { EventFanOut } from '../domain/events/fan-out.ts';
import { EventTail } from '../domain/events/tail.ts';
import { type CleanedUp, type CleanUpTask, cleanUp } from '../domain/operations/clean-up.ts';
import type { FailoverWatch } from '../domain/operations/failover-watch.ts';
import { createStoredNumbers } from '../domain/operations/stored-numbers.ts';
import type { ReadReplica } from '../domain/read-replica.ts';
import type { SigningKeys } from '../domain/sessions/signing-keys/signing-keys.ts';
import type { RequestUnit } from '../graphql/request/unit.ts';
import { createLogger, type Logger } from '../logger.ts';
import { createMetrics, type Metrics } from '../metrics/metrics.ts';
import type { DatabaseSettings } from '../persistence/connection/database-url.ts';
import { requireUsableServer } from '../persistence/connection/server-check.ts';
import { pendingMigrations } from '../persistence/migrate.ts';
import { runExclusively } from '../persistence/named-locks.ts';
import { requireRoleSettings } from '../persistence/operations/database-inspection.ts';
import { createRateLimiter, type RateLimiter } from '../ratelimit/rate-limiter.ts';
import { createKeyRing } from '../security/keys/key-ring.ts';
import { createSealer, type Sealer } from '../security/keys/sealing.ts';
import { type Tracing, untraced } from '../trace.ts';
import { Closers } from './closers.ts';
import { type Database, type EmbeddedOptions, openDatabase } from './database.ts';
import { createDatabaseClock, createReplica, followPrimary } from './database-watch.ts';
import { type AppKeys, type Base, createDependencies, unitOf } from './dependencies.ts';
import { type GeoDatabases, openGeoDatabases } from './geoip.ts';

export interface Overrides extends EmbeddedOptions {
  /** Replaces the database's time. */
  clock?: Clock;
  logger?: Logger;
  /** Records what the gateway does; without it, nothing is traced. */
  tracing?: Tracing | null;
  /** Prints the mails and the text messages of development at the terminal. */
  print?: (text: string) => void;
  /** The pause between two queries of an empty queue of mails, text messages or deliveries. */
  queuePollMs?: number;
}

export interface App {
  logger: Logger;
  databaseUrl: string;
  /** null: DATABASE_URL is set. `shared`: another running process uses the embedded database. */
  embeddedDatabase: Database['embedded'];
  /** Without a pooler, for migrations. */
  directDatabase: DatabaseSettings;
  sealer: Sealer;
  signingKeys: SigningKeys;
  auditSealing: AuditSealing;
  /** Equals this machine's clock until it is measured. Measure it before work that compares times. */
  databaseClock: DatabaseClock;
  failovers: FailoverWatch;
  /** null: DATABASE_READ_URL is not set. */
  replica: ReadReplica | null;
  /** What other instances and this one change, for streams and the revocation feed. */
  events: { tail: EventTail; fanOut: EventFanOut };
  limiter: RateLimiter;
  /** The location files. */
  geo: GeoDatabases;
  metrics: Metrics;
  /** null: nothing is traced. */
  tracing: Tracing | null;
  /** A new unit of work, for the verbs of the domain. */
  dependencies(): RequestUnit;
  /** The same with the long deadlines of background jobs, for commands about all users. */
  backgroundDependencies(): RequestUnit;
  /** Takes an address that contains API keys. `writeKeyNotes` records those that are genuine. */
  noteExposedKeys(client: Client, address: string): void;
  /** Writes when API keys were used, refused and exposed since the last call. */
  writeKeyNotes(): Promise<void>;
  pendingMigrations(): Promise<string[]>;
  /** Deletes expired rows. @returns null while another instance does so */
  cleanUpAlone(): Promise<CleanedUp | null>;
  /** @throws UnusableServer */
  requireUsableDatabase(): Promise<void>;
  close(): Promise<void>;
}

/** @throws Error with one sentence; everything that was opened is closed */
export async function createApp(config: Config, overrides: Overrides = {}): Promise<App> {
  const opened = new Closers();
  try {
    return await openApp(config, overrides, opened);
  } catch (error) {
    await opened.close().catch(() => undefined);
    throw error;
  }
}

async function openApp(config: Config, overrides: Overrides, opened: Closers): Promise<App> {
  const logger = overrides.logger ?? createLogger(config.logLevel);
  const { tracing = null } = overrides;
  const trace = tracing ?? untraced;
  const metrics = createMetrics();
  const onWait = (seconds: number) => metrics.waitedForConnection(seconds);
  const database = await openDatabase(config.database, { ...overrides, trace, onWait }, opened);
  const { fork } = database;
  const databaseClock = createDatabaseClock(fork);
  const clock = overrides.clock ?? databaseClock;
  const keyRing = createKeyRing(await secretsOf(config));
  const geo = await openGeo(config, logger, metrics);
  const { locate } = geo;
  const base = { config, logger, metrics, trace, clock, keyRing, sealer: createSealer(keyRing), fork, locate };
  const replica = createReplica(database, config);
  const limiter = openRateLimiter(base, opened);
  const shared = { ...(await createDependencies(base, limiter, opened)), replica };
  const unit = () => unitOf(shared, fork);
  const { failovers, auditSealing } = followPrimary(base, database, databaseClock, unit);
  watch(base, shared, limiter);
  const events = openEvents(base, opened);
  if (replica) metrics.watchReplica(() => replica.lagSeconds);
  return {
    logger,
    limiter,
    geo,
    metrics: base.metrics,
    tracing,
    databaseUrl: database.url,
    embeddedDatabase: database.embedded,
    directDatabase: database.direct,
    sealer: base.sealer,
    signingKeys: shared.signingKeys,
    auditSealing,
    databaseClock,
    failovers,
    replica,
    events,
    dependencies: unit,
    backgroundDependencies: () => ({ ...shared, em: database.forkMaintenance() }),
    noteExposedKeys: (client, address) => shared.exposedKeys.note(client, address),
    writeKeyNotes: () => writeKeyNotes(shared, unit()),
    pendingMigrations: () => pendingMigrations(fork()),
    close: () => opened.close(),
    cleanUpAlone: () => cleanUpAlone({ ...shared, em: database.forkMaintenance() }, auditSealing, config.database),
    requireUsableDatabase: () => requireUsableDatabase(base),
  };
}

function openEvents(base: Base, opened: Closers): App['events'] {
  const tail = new EventTail({ ...base, elapsedMs: () => performance.now() });
  opened.add(() => tail.stop());
  base.metrics.watchEventLag(() => tail.lagSeconds);
  return { tail, fanOut: new EventFanOut(tail) };
}

async function writeKeyNotes({ keyUsage, keyRefusals, exposedKeys }: AppKeys, unit: RequestUnit): Promise<void> {
  await keyUsage.flush();
  await keyRefusals.flush(unit);
  await exposedKeys.flush(unit);
}

async function requireUsableDatabase({ config: { basics, database }, fork }: Base): Promise<void> {
  await requireUsableServer(fork());
  if (basics.production && database.pooler === 'transaction') await requireRoleSettings(fork());
}

function cleanUpAlone(
  unit: RequestUnit,
  auditSealing: AuditSealing,
  { partitions }: Config['database'],
): Promise<CleanedUp | null> {
  const audit: CleanUpTask = ['audit_entries', () => auditSealing.removeOutdated()];
  return runExclusively(unit.em, 'clean-up', () =>
    cleanUp(unit, { partitions: partitions === 'on', further: [audit] }),
  );
}

function openGeo({ geo }: Config, logger: Logger, metrics: Metrics): Promise<GeoDatabases> {
  return openGeoDatabases(geo, (setting, problem) => {
    metrics.geoipFailed();
    logger.warn({ setting, problem }, 'a location file is unusable: the copy in memory stays in use');
  });
}

async function secretsOf({ secrets: [newest, ...older] }: Config): Promise<[Buffer, ...Buffer[]]> {
  return [newest ?? (await writing(developmentFolder, () => developmentSecret(developmentFolder))), ...older];
}

function openRateLimiter({ config, logger }: Base, opened: Closers): RateLimiter {
  const limiter = createRateLimiter(config.limits, (problem) => {
    if (problem === null) logger.info('Redis is available: rate limits are shared');
    else logger.warn({ problem }, 'Redis is unavailable: each process limits by itself, with stricter limits');
  });
  opened.add(() => limiter.close());
  return limiter;
}

function watch({ metrics, clock, fork }: Base, shared: Omit<RequestUnit, 'em'>, limiter: RateLimiter): void {
  const { hasher, signingKeys, settings } = shared;
  metrics.watchHashes(() => hasher.load);
  metrics.watchLimits(() => limiter.state());
  metrics.watchStored(createStoredNumbers({ fork, clock, signingKeys, settings }));
}
