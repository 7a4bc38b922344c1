/** Wires the parts of the gateway together from the configuration. Decides nothing. */

import type { Config } from '../config/config.ts';
import { developmentFolder, developmentSecret, writing } from '../development/development.ts';
import { startEmbeddedPostgres } from '../development/embedded-postgres.ts';
import { AuditSealing } from '../domain/audit/sealing.ts';
import type { Clock } from '../domain/clock.ts';
import { DatabaseClock } from '../domain/database-clock.ts';
import type { DomainDependencies } from '../domain/dependencies.ts';
import { KeyedQueue } from '../domain/keyed-queue.ts';
import { type CleanedUp, cleanUp } from '../domain/operations/clean-up.ts';
import { readStoredNumbers } from '../domain/operations/stored-numbers.ts';
import { passwordPolicies } from '../domain/passwords/policy.ts';
import { createServices, type Services } from '../domain/services.ts';
import { Confirmations } from '../domain/sessions/confirmations.ts';
import { SigningKeys } from '../domain/sessions/signing-keys.ts';

import { createLogger, describeError, type Logger } from '../logger.ts';
import { createOutbox } from '../mail/outbox.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import { createBreachCheck } from '../outbound/breach-check.ts';
import { isUsedByOthers } from '../persistence/connection/connections.ts';
import type { DatabaseSettings } from '../persistence/connection/database-url.ts';
import { requireUsableServer } from '../persistence/connection/server-check.ts';
import { readDatabaseTime } from '../persistence/database-time.ts';
import { pendingMigrations } from '../persistence/migrate.ts';
import { createMaintenanceOrm, createOrm } from '../persistence/orm.ts';
import { confirmGenerations } from '../persistence/sessions/confirm-generations.ts';
import { unlessBusy } from '../persistence/take-turns.ts';
import { createRateLimiter, type RateLimiter } from '../ratelimit/rate-limiter.ts';
import { createKeyRing } from '../security/keys/key-ring.ts';
import { keyedHash } from '../security/keys/keyed-hash.ts';
import { createSealer, type Sealer } from '../security/keys/sealing.ts';
import { PasswordHasher } from '../security/passwords/password-hash.ts';
import { createCsrfTokens } from '../security/tokens/csrf-token.ts';
import { createDeviceTokens } from '../security/tokens/device-token.ts';
import { createRefreshTokens } from '../security/tokens/refresh-token.ts';
import { Closers } from './closers.ts';

export interface Overrides {
  /** In place of the database's time. */
  clock?: Clock;
  logger?: Logger;
  /** Shows a development mail to the person at the terminal. */
  print?: (text: string) => void;
  /** Whether an embedded PostgreSQL may be created in this folder, or only one that exists is used. */
  embeddedDatabase?: 'create' | 'existing';
  /** Registers work for a process that ends at once. */
  beforeExit?: (work: () => Promise<void>) => void;
}

/** Everything except the server. The command line uses it too. */
export interface App {
  logger: Logger;
  databaseUrl: string;
  /** Whether the database is the one of this folder, and whether another running process uses it. */
  embeddedDatabase: { shared: boolean } | null;
  /** Past a pooler: for migrations. */
  directDatabase: DatabaseSettings;
  sealer: Sealer;
  signingKeys: SigningKeys;
  auditSealing: AuditSealing;
  /** Has this machine's time until it is measured: measure it before work that compares times. */
  databaseClock: DatabaseClock;
  limiter: RateLimiter;
  metrics: Metrics;
  /** The services over a new unit of work. */
  services(): Services;
  dependencies(): DomainDependencies;
  pendingMigrations(): Promise<string[]>;
  /** Deletes what has expired. @returns null while another instance does it */
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
  const { url: databaseUrl, embedded } = await openDatabase(config, overrides, opened);
  const [newest = await writing(developmentFolder, () => developmentSecret(developmentFolder)), ...older] =
    config.secrets;
  const keyRing = createKeyRing([newest, ...older]);
  const sealer = createSealer(keyRing);
  const { poolMax, directUrl, ...settings } = config.database;
  const database = { ...settings, url: databaseUrl };
  const orm = createOrm({ ...database, poolMax });
  opened.add(() => orm.close(true));
  const maintenanceOrm = createMaintenanceOrm(database);
  opened.add(() => maintenanceOrm.close(true));
  const fork = () => orm.em.fork();
  const databaseClock = new DatabaseClock({
    machineMs: () => Date.now(),
    elapsedMs: () => performance.now(),
    databaseTime: () => readDatabaseTime(fork()),
  });
  const clock = overrides.clock ?? databaseClock;
  const accessTokenTtlSeconds = config.accessTokenTtlSeconds;
  const rotationSeconds = config.keyRotationSeconds;
  const signingKeys = new SigningKeys({ fork, clock, sealer, accessTokenTtlSeconds, rotationSeconds });
  const metrics = createMetrics();
  const hasher = new PasswordHasher(config.argon2);
  const { auditRetentionSeconds: retentionSeconds } = config;
  const auditSealing = new AuditSealing({
    fork,
    clock,
    skewSeconds: () => databaseClock.skewSeconds(),
    sealer,
    logger,
    metrics,
    retentionSeconds,
  });
  const confirmations = new Confirmations({
    write: (notes) => confirmGenerations(fork(), notes),
    report: (error) => logger.warn(describeError(error), 'used tokens could not be confirmed: will be tried again'),
  });
  opened.add(() => confirmations.flush());
  const shared = {
    clock,
    metrics,
    settings: {
      productName: config.productName,
      issuer: config.publicUrl,
      passkeys: config.passkeys,
      emailVerification: config.emailVerification,
      passwordPolicy: passwordPolicies[config.passwordPreset],
      breachCheckEnabled: config.breachCheckUrl !== null,
      accessTokenTtlSeconds,
      refreshTokenTtlSeconds: config.refreshTokenTtlSeconds,
      refreshGraceSeconds: config.refreshGraceSeconds,
      lockout: config.lockout,
      rateLimitAllowlist: config.rateLimitAllowlist,
      reauthWindowSeconds: config.reauthWindowSeconds,
      mfaRequiredFor: config.mfaRequiredFor,
      adminIpAllowlist: config.adminIpAllowlist,
      softDeleteRetentionSeconds: config.softDeleteRetentionSeconds,
      auditRetentionSeconds: config.auditRetentionSeconds,
    },
    hasher,
    breachCheck: createBreachCheck(config.breachCheckUrl, (problem) => {
      metrics.breachCheckFailed();
      logger.warn({ problem }, 'the breach check did not answer: a password passed unchecked');
    }),
    keyRing,
    sealer,
    refreshTokens: createRefreshTokens(keyRing),
    deviceTokens: createDeviceTokens(keyRing),
    csrfTokens: createCsrfTokens(keyRing),
    confirmations,
    signingKeys,
    outbox: createOutbox({ seal: sealer.seal, hashAddress: (email) => keyedHash(keyRing, email) }),
    addressQueue: new KeyedQueue(),
  };
  const dependencies = () => ({ ...shared, em: fork() });
  const limiter = createRateLimiter(config.limits, config.redisUrl, (problem) => {
    if (problem === null) logger.info('Redis counts: rate limits are shared');
    else logger.warn({ problem }, 'Redis does not count: each process limits by itself, and stricter');
  });
  metrics.watch({
    passwordHashes: () => hasher.load,
    stored: () => readStoredNumbers(fork(), clock.now()),
    limits: () => limiter.state(),
  });
  opened.add(() => limiter.close());
  return {
    logger,
    limiter,
    metrics,
    databaseUrl,
    embeddedDatabase: embedded,
    directDatabase: { ...database, pooler: 'none', url: directUrl ?? database.url },
    sealer,
    signingKeys,
    auditSealing,
    databaseClock,
    dependencies,
    services: () => createServices(dependencies()),
    pendingMigrations: () => pendingMigrations(fork()),
    close: () => opened.close(),
    cleanUpAlone: () => {
      const em = maintenanceOrm.em.fork();
      return unlessBusy(em, 'clean-up', () => cleanUp({ ...shared, em }, () => auditSealing.removeOutdated()));
    },
    requireUsableDatabase: () => requireUsableServer(fork()),
  };
}

interface Database {
  url: string;
  embedded: App['embeddedDatabase'];
}

async function openDatabase(config: Config, overrides: Overrides, opened: Closers): Promise<Database> {
  if (config.database.url !== null) return { url: config.database.url, embedded: null };
  const need = overrides.embeddedDatabase ?? 'create';
  const { url, stop } = await writing(developmentFolder, () => startEmbeddedPostgres(developmentFolder, need));
  // A question that gets no answer is no reason to stop a database that another process may use.
  const isShared = () => isUsedByOthers(url).catch(() => true);
  const stopUnlessShared = async () => {
    if (!(await isShared())) await stop();
  };
  opened.add(stopUnlessShared);
  overrides.beforeExit?.(() => opened.close());
  return { url, embedded: { shared: await isShared() } };
}
