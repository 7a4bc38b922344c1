/** Wires the parts of the gateway, without a server. The command line uses it too. It makes no decision. */

import { availableParallelism } from 'node:os';
import type { Config } from '../config/config.ts';
import { developmentFolder, developmentSecret, writing } from '../development/development.ts';
import type { AuditSealing } from '../domain/audit/sealing.ts';
import type { Clock } from '../domain/clock.ts';
import type { DatabaseClock } from '../domain/database-clock.ts';
import { newId } from '../domain/ids.ts';
import { KeyedQueue } from '../domain/keyed-queue.ts';
import { type CleanedUp, type CleanUpTask, cleanUp } from '../domain/operations/clean-up.ts';
import type { FailoverWatch } from '../domain/operations/failover-watch.ts';
import { createStoredNumbers } from '../domain/operations/stored-numbers.ts';
import type { ReadReplica } from '../domain/read-replica.ts';
import { Confirmations } from '../domain/sessions/confirmations.ts';
import { SigningKeys } from '../domain/sessions/signing-keys/signing-keys.ts';
import type { RequestUnit } from '../graphql/request/unit.ts';
import { createLogger, describeError, type Logger } from '../logger.ts';
import { createOutbox } from '../mail/outbox.ts';
import { createMetrics, type Metrics } from '../metrics/metrics.ts';
import { createBreachCheck } from '../outbound/breach-check.ts';
import { createOutbound, type Outbound } from '../outbound/outbound.ts';
import { ProviderClient } from '../outbound/providers/provider-client.ts';
import type { DatabaseSettings } from '../persistence/connection/database-url.ts';
import { requireUsableServer } from '../persistence/connection/server-check.ts';
import { pendingMigrations } from '../persistence/migrate.ts';
import { runExclusively } from '../persistence/named-locks.ts';
import { requireRoleSettings } from '../persistence/operations/database-inspection.ts';
import { confirmGenerations } from '../persistence/sessions/confirm-generations.ts';
import { createRotations } from '../persistence/sessions/rotate-family.ts';
import { createTokenStates } from '../persistence/sessions/session-state.ts';
import { createRateLimiter, type RateLimiter } from '../ratelimit/rate-limiter.ts';
import { createKeyRing, type KeyRing } from '../security/keys/key-ring.ts';
import { keyedHash } from '../security/keys/keyed-hash.ts';
import { createSealer, type Sealer } from '../security/keys/sealing.ts';
import { PasswordHasher } from '../security/passwords/password-hash.ts';
import { createCsrfTokens } from '../security/tokens/csrf-token.ts';
import { createDeviceTokens } from '../security/tokens/device-token.ts';
import { createRefreshTokens, openingOnce } from '../security/tokens/refresh-token.ts';
import { VerifiedTokens } from '../security/tokens/verified-tokens.ts';
import { type Trace, type Tracing, untraced } from '../trace.ts';
import { Closers } from './closers.ts';
import { type Database, type EmbeddedOptions, openDatabase } from './database.ts';
import { createDatabaseClock, createReplica, followPrimary } from './database-watch.ts';

export interface Overrides extends EmbeddedOptions {
  /** Replaces the database's time. */
  clock?: Clock;
  logger?: Logger;
  /** Records what the gateway does; without it, nothing is traced. */
  tracing?: Tracing | null;
  /** Prints a development mail at the terminal. */
  print?: (text: string) => void;
  /** The pause between two looks into an empty outbox. */
  mailPollMs?: number;
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
  limiter: RateLimiter;
  metrics: Metrics;
  /** null: nothing is traced. */
  tracing: Tracing | null;
  /** A new unit of work, for the verbs of the domain. */
  dependencies(): RequestUnit;
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

/** What the functions below need. */
interface Base {
  config: Config;
  logger: Logger;
  metrics: Metrics;
  trace: Trace;
  clock: Clock;
  keyRing: KeyRing;
  sealer: Sealer;
  fork: Database['fork'];
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
  const base = { config, logger, metrics, trace, clock, keyRing, sealer: createSealer(keyRing), fork };
  const replica = createReplica(database, config);
  const shared = { ...createDependencies(base, opened), replica };
  const unit = () => unitOf(shared, fork);
  const { failovers, auditSealing } = followPrimary(base, database, databaseClock, unit);
  const limiter = openRateLimiter(base, opened);
  watch(base, shared, limiter);
  if (replica) metrics.watchReplica(() => replica.lagSeconds);
  return {
    logger,
    limiter,
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
    dependencies: unit,
    pendingMigrations: () => pendingMigrations(fork()),
    close: () => opened.close(),
    cleanUpAlone: () => cleanUpAlone({ ...shared, em: database.forkMaintenance() }, auditSealing, config.database),
    requireUsableDatabase: () => requireUsableDatabase(base),
  };
}

async function requireUsableDatabase({ config: { basics, database }, fork }: Base): Promise<void> {
  await requireUsableServer(fork());
  if (basics.production && database.pooler === 'transaction') await requireRoleSettings(fork());
}

/** Forks when it is first asked for: requests that batches.ts answers need no unit of work of their own. */
function unitOf(shared: Omit<RequestUnit, 'em'>, fork: Base['fork']): RequestUnit {
  let em: RequestUnit['em'] | undefined;
  return {
    ...shared,
    refreshTokens: openingOnce(shared.refreshTokens),
    get em() {
      em ??= fork();
      return em;
    },
  };
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

async function secretsOf({ secrets: [newest, ...older] }: Config): Promise<[Buffer, ...Buffer[]]> {
  return [newest ?? (await writing(developmentFolder, () => developmentSecret(developmentFolder))), ...older];
}

function createDependencies(base: Base, opened: Closers): Omit<RequestUnit, 'em' | 'replica'> {
  const { config, clock, metrics, trace, keyRing, sealer, fork } = base;
  const nowMs = () => clock.now().getTime();
  const outbound = createOutbound({ ...base, settings: config.outbound, nowMs });
  return {
    clock,
    metrics,
    settings: config.domain,
    hasher: new PasswordHasher(config.passwordHashing, availableParallelism(), trace),
    breachCheck: openBreachCheck(base, outbound),
    providerClient: new ProviderClient(outbound, nowMs),
    keyRing,
    sealer,
    accessTokens: new VerifiedTokens(),
    tokenStates: createTokenStates(fork, trace),
    rotations: createRotations(fork, trace),
    refreshTokens: createRefreshTokens(keyRing),
    deviceTokens: createDeviceTokens(keyRing),
    csrfTokens: createCsrfTokens(keyRing),
    confirmations: openConfirmations(base, opened),
    signingKeys: new SigningKeys({ ...base, ...config.signingKeys }),
    outbox: createOutbox({ seal: sealer.seal, hashAddress: (email) => keyedHash(keyRing, email), newId }),
    addressQueue: new KeyedQueue(),
  };
}

function openBreachCheck({ config, logger, metrics }: Base, outbound: Outbound): RequestUnit['breachCheck'] {
  return createBreachCheck(outbound, config.breachCheckUrl, (problem) => {
    metrics.breachCheckFailed();
    logger.warn({ problem }, 'the breach check did not answer: a password was accepted without it');
  });
}

function openConfirmations({ fork, logger }: Base, opened: Closers): Confirmations {
  const confirmations = new Confirmations({
    write: (notes) => confirmGenerations(fork(), notes),
    report: (error) => logger.warn(describeError(error), 'used refresh tokens could not be confirmed: retrying'),
  });
  opened.add(() => confirmations.flush());
  return confirmations;
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
  const { hasher, signingKeys } = shared;
  metrics.watchHashes(() => hasher.load);
  metrics.watchLimits(() => limiter.state());
  metrics.watchStored(createStoredNumbers({ fork, clock, signingKeys }));
}
