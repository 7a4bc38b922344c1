/** The hall: puts everything together, starts it in order and ends it in the opposite order. Decides nothing. */
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { createBreachCheck } from './breaches/breach-check.ts';
import type { Config } from './config.ts';
import { developmentFolder, developmentSecret } from './development.ts';
import { AuditSealing } from './domain/audit-sealing.ts';
import { identify } from './domain/authentication.ts';
import type { Client } from './domain/caller.ts';
import { type Clock, systemClock } from './domain/clock.ts';
import type { DomainDependencies } from './domain/dependencies.ts';
import { passwordPolicies } from './domain/password-policy.ts';
import { type Check, checkReadiness } from './domain/readiness.ts';
import { createServices, type Services } from './domain/services.ts';
import { SigningKeys } from './domain/signing-keys.ts';
import { readStoredNumbers } from './domain/stored-numbers.ts';
import { Turns } from './domain/turns.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { createApollo } from './graphql/apollo.ts';
import { TrustedDocuments } from './graphql/trusted-documents.ts';
import { createMetricsServer } from './http/metrics.ts';
import { createHttpServer } from './http/server.ts';
import { createLogger, describeError, type Logger } from './logger.ts';
import { createDevelopmentMailbox, type DevelopmentMailbox } from './mail/development-mailbox.ts';
import { createOutbox } from './mail/outbox.ts';
import { renderMail } from './mail/templates.ts';
import { createSmtpTransport } from './mail/transport.ts';
import { OutboxWorker } from './mail/worker.ts';
import { startMaintenance } from './maintenance.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { isUsedByOthers } from './persistence/connections.ts';
import { migrate, pendingMigrations } from './persistence/migrate.ts';
import { createOrm } from './persistence/orm.ts';
import { createRateLimiter, type RateLimiter } from './ratelimit/rate-limiter.ts';
import { createCsrfTokens } from './security/csrf-token.ts';
import { createDeviceTokens } from './security/device-token.ts';
import { createKeyRing } from './security/key-ring.ts';
import { keyedHash } from './security/keyed-hash.ts';
import { PasswordHasher } from './security/password-hash.ts';
import { createRefreshTokens } from './security/refresh-token.ts';
import { createSealer, type Sealer } from './security/sealing.ts';
import { matchesSecret } from './security/shared-secret.ts';

export interface Overrides {
  clock?: Clock;
  logger?: Logger;
  /** Shows a development mail to the person at the terminal. */
  print?: (text: string) => void;
}

/** Everything but the server: what the command line needs as well. */
export interface House {
  logger: Logger;
  databaseUrl: string;
  sealer: Sealer;
  signingKeys: SigningKeys;
  auditSealing: AuditSealing;
  limiter: RateLimiter;
  metrics: Metrics;
  /** A fresh unit of work and the services over it. */
  services(): Services;
  dependencies(): DomainDependencies;
  pendingMigrations(): Promise<string[]>;
  close(): Promise<void>;
}

export interface RunningGateway {
  url: string;
  mailboxUrl: string | null;
  /** Of METRICS_PORT. */
  metricsUrl: string | null;
  /** Finishes what is in flight, sends the mail that is due, closes everything. */
  stop(): Promise<void>;
}

export async function openHouse(config: Config, overrides: Overrides = {}): Promise<House> {
  const clock = overrides.clock ?? systemClock;
  const logger = overrides.logger ?? createLogger(config.logLevel);
  const [newest = await developmentSecret(developmentFolder), ...older] = config.secrets;
  const keyRing = createKeyRing([newest, ...older]);
  const sealer = createSealer(keyRing);
  const embedded = config.database.url === null ? await startEmbeddedPostgres(developmentFolder) : null;
  const databaseUrl = config.database.url ?? embedded?.url ?? '';
  const orm = createOrm({ url: databaseUrl, poolMax: config.database.poolMax });
  const fork = () => orm.em.fork();
  const accessTokenTtlSeconds = config.accessTokenTtlSeconds;
  const rotationSeconds = config.keyRotationSeconds;
  const signingKeys = new SigningKeys({ fork, clock, sealer, accessTokenTtlSeconds, rotationSeconds });
  const metrics = createMetrics();
  const hasher = new PasswordHasher(config.argon2);
  metrics.watch({ passwordHashes: () => hasher.load, stored: () => readStoredNumbers(fork(), clock.now()) });
  const { auditRetentionSeconds: retentionSeconds } = config;
  const auditSealing = new AuditSealing({ fork, clock, sealer, logger, metrics, retentionSeconds });
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
    signingKeys,
    outbox: createOutbox({ seal: sealer.seal, hashAddress: (email) => keyedHash(keyRing, email) }),
    turns: new Turns(),
  };
  const dependencies = () => ({ ...shared, em: fork() });
  const limiter = createRateLimiter(config.limits, config.redisUrl);
  return {
    logger,
    limiter,
    metrics,
    databaseUrl,
    sealer,
    signingKeys,
    auditSealing,
    dependencies,
    services: () => createServices(dependencies()),
    pendingMigrations: () => pendingMigrations(fork()),
    async close() {
      await limiter.close();
      await orm.close(true);
      if (embedded && !(await isUsedByOthers(databaseUrl).catch(() => false))) await embedded.stop();
    },
  };
}

/** @throws Error in one plain sentence when something that is needed is not there */
export async function startGateway(
  config: Config,
  overrides: Overrides & { migrateFirst?: boolean } = {},
): Promise<RunningGateway> {
  const house = await openHouse(config, overrides);
  try {
    if (overrides.migrateFirst ?? true) await migrate(house.databaseUrl);
    await house.signingKeys.ensure();
    const mailbox = createMailbox(config, overrides.print);
    const worker = createWorker(config, house, mailbox);
    const lifecycle = { stopping: false };
    const server = await createServer(config, house, mailbox, lifecycle);
    const url = await server.listen({ host: config.host, port: config.port });
    const metricsServer = await listenForMetrics(config, house.metrics);
    worker.start();
    const endMaintenance = startMaintenance({
      dependencies: house.dependencies,
      auditSealing: house.auditSealing,
      logger: house.logger,
    });
    return {
      url,
      mailboxUrl: mailbox ? `${url}/dev/mailbox` : null,
      metricsUrl: metricsServer?.url ?? null,
      async stop() {
        lifecycle.stopping = true;
        await server.close();
        await metricsServer?.close();
        await endMaintenance();
        await worker.stop();
        await sealTheRest(house);
        await house.close();
      },
    };
  } catch (error) {
    await house.close();
    throw error;
  }
}

/** A database that is away keeps nobody from ending: another instance, or the next start, will seal. */
async function sealTheRest({ auditSealing, logger }: House): Promise<void> {
  await auditSealing.seal().catch((error: unknown) => {
    logger.warn(describeError(error), 'the audit trail will be sealed at the next start');
  });
}

/** Watches the process only where somebody can read it. */
async function listenForMetrics(config: Config, metrics: Metrics) {
  const { token, port } = config.metrics;
  if (token !== null || port !== null) metrics.watchProcess();
  if (port === null) return null;
  const server = await createMetricsServer(metrics);
  const url = await server.listen({ host: config.host, port });
  return { url: `${url}/metrics`, close: () => server.close() };
}

function createMailbox(config: Config, print?: (text: string) => void): DevelopmentMailbox | null {
  if (config.mail.smtpUrl !== null) return null;
  return createDevelopmentMailbox(join(developmentFolder, 'mailbox'), print ?? (() => undefined));
}

function createWorker(config: Config, house: House, mailbox: DevelopmentMailbox | null): OutboxWorker {
  const { em, clock } = house.dependencies();
  const { productName, appUrl } = config;
  const settings = { ...config.mail, productName, appUrl };
  return new OutboxWorker({
    fork: () => em.fork(),
    now: () => clock.now(),
    unseal: house.sealer.unseal,
    render: (mail) => renderMail(mail, settings),
    transport: mailbox ?? createSmtpTransport({ url: config.mail.smtpUrl ?? '', from: config.mail.from }),
    metrics: house.metrics,
    report: (problem) => {
      if (problem.final) house.logger.error(problem, 'a mail was given up');
      else house.logger.warn(problem, 'a mail could not be sent');
    },
  });
}

async function createServer(
  config: Config,
  house: House,
  mailbox: DevelopmentMailbox | null,
  lifecycle: { stopping: boolean },
): Promise<FastifyInstance> {
  const { introspection, sandbox, publicUrl, corsOrigins, trustedProxies } = config;
  const { logger, signingKeys } = house;
  const { limiter, metrics } = house;
  const limits = { limiter, limits: config.limits, allowlist: config.rateLimitAllowlist, metrics };
  const apollo = createApollo({ introspection, suggestions: introspection, logger, limits });
  await apollo.start();
  const server = await createHttpServer({
    apollo,
    logger,
    publicUrl,
    corsOrigins,
    trustedProxies,
    sandbox,
    trustedDocuments: config.trustedDocuments && new TrustedDocuments(config.trustedDocuments),
    mailbox,
    signingKeys,
    metrics,
    metricsToken: config.metrics.token,
    isRouter: (presented) => matchesSecret(presented, config.routerSecret),
    async identify(client: Client, authorization: string | undefined) {
      const dependencies = house.dependencies();
      return { caller: await identify(dependencies, client, authorization), services: createServices(dependencies) };
    },
    async readiness(): Promise<Check[]> {
      if (lifecycle.stopping) return [{ name: 'server', state: 'failed', detail: 'is stopping' }];
      const { em, clock } = house.dependencies();
      return checkReadiness({ em, clock, pendingMigrations: house.pendingMigrations, limits: limiter.state() });
    },
  });
  server.addHook('onClose', () => apollo.stop());
  return server;
}
