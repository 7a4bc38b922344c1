/** Starts the gateway's listeners and background work in order, and stops them in the opposite order. */
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { type Config, ConfigError } from '../config/config.ts';
import { developmentFolder } from '../development/development.ts';
import type { Client } from '../domain/caller.ts';
import { type Check, checkReadiness } from '../domain/operations/readiness.ts';
import { createServices } from '../domain/services.ts';
import { identify } from '../domain/sessions/authentication.ts';
import { createApollo } from '../graphql/apollo.ts';
import { TrustedDocuments } from '../graphql/documents/trusted-documents.ts';
import { createAllowedOrigins } from '../http/allowed-origins.ts';
import { createMetricsServer } from '../http/endpoints/metrics.ts';
import { mailLinkDocuments } from '../http/pages/mail-links.ts';
import { createHttpServer } from '../http/server.ts';
import { createLogger, describeError } from '../logger.ts';
import { createDevelopmentMailbox, type DevelopmentMailbox } from '../mail/development-mailbox.ts';
import { renderMail } from '../mail/templates.ts';
import { createSmtpTransport } from '../mail/transport.ts';
import { OutboxWorker } from '../mail/worker.ts';
import type { Metrics } from '../metrics.ts';
import { findRoleNames } from '../persistence/access/roles.ts';
import { migrate } from '../persistence/migrate.ts';
import { matchesSecret } from '../security/keys/shared-secret.ts';
import { version } from '../version.ts';
import { type App, createApp, type Overrides } from './app.ts';
import { Closers } from './closers.ts';
import { listen } from './listen.ts';
import { startMaintenance } from './maintenance.ts';
import { settingWarnings } from './setting-warnings.ts';

export interface RunningGateway {
  url: string;
  mailboxUrl: string | null;
  /** The address of METRICS_PORT. */
  metricsUrl: string | null;
  /** Whether another running process uses the embedded database of this folder. */
  sharesDatabase: boolean;
  /**
   * Drains: `/readyz` answers 503 for SHUTDOWN_DELAY while requests are still served. Then closes the listeners, finishes
   * the requests in flight, sends due mails and closes everything.
   */
  stop(): Promise<void>;
}

/** Time for bytes that have arrived to become requests: closing the listener also closes connections without a request. */
const arrivalMs = 100;

/** @throws Error with one sentence; everything that was opened is closed */
export async function startGateway(
  config: Config,
  overrides: Overrides & { migrateFirst?: boolean } = {},
): Promise<RunningGateway> {
  const opened = new Closers();
  try {
    return await openGateway(config, overrides, opened);
  } catch (error) {
    await opened.close().catch(() => undefined);
    throw error;
  }
}

async function openGateway(
  config: Config,
  overrides: Overrides & { migrateFirst?: boolean },
  opened: Closers,
): Promise<RunningGateway> {
  const logger = overrides.logger ?? createLogger(config.logLevel);
  const app = await createApp(config, { ...overrides, logger });
  opened.add(() => app.close());
  if (overrides.migrateFirst ?? true) await migrate(app.directDatabase);
  await app.requireUsableDatabase();
  await app.databaseClock.measure();
  await assertRolesExist(app, config.mfaRequiredFor);
  await app.signingKeys.ensure();
  opened.add(() => sealTheRest(app));
  const mailbox = createMailbox(config, overrides.print);
  const worker = createWorker(config, app, mailbox);
  const { dependencies, auditSealing, cleanUpAlone } = app;
  worker.start();
  opened.add(() => worker.stop());
  const { databaseClock } = app;
  opened.add(startMaintenance({ dependencies, auditSealing, cleanUpAlone, databaseClock, logger }));
  const draining = new AbortController();
  const metricsUrl = await listenForMetrics(config, app.metrics, opened);
  const server = await createServer(config, app, mailbox, draining.signal);
  opened.add(() => server.close());
  warnOfOrigins(config, app);
  for (const warning of settingWarnings(config)) app.logger.warn(warning);
  const url = await listen(server, { host: config.host, port: config.port, setting: 'PORT' });
  logger.info({ version, url, metricsUrl }, 'listening');
  return {
    url,
    mailboxUrl: mailbox ? `${url}/dev/mailbox` : null,
    metricsUrl,
    sharesDatabase: app.embeddedDatabase?.shared ?? false,
    async stop() {
      draining.abort();
      logger.info({ delaySeconds: config.shutdownDelaySeconds }, 'draining');
      await setTimeout(Math.max(config.shutdownDelaySeconds * 1000, arrivalMs));
      await opened.close();
      logger.info({ version }, 'stopped');
    },
  };
}

/** Names configured origins that passkeys cannot be used from. */
function warnOfOrigins({ passkeys: { rpId, outside } }: Config, { logger }: App): void {
  if (outside.length === 0) return;
  const problem = `pages of ${outside.join(', ')} cannot use passkeys: they are outside of the domain ${rpId} (PASSKEY_RP_ID)`;
  logger.warn({ origins: outside }, problem);
}

/** A misspelt name would demand a second factor of no user. @throws ConfigError */
async function assertRolesExist(app: App, names: readonly string[]): Promise<void> {
  const existing = await findRoleNames(app.dependencies().em);
  if (names.every((name) => existing.includes(name))) return;
  throw new ConfigError([`MFA_REQUIRED_FOR: give names of existing roles (${existing.join(', ')}), or none`]);
}

/** An unavailable database does not keep the process from ending: another instance, or the next start, seals the rest. */
async function sealTheRest({ auditSealing, logger }: App): Promise<void> {
  await auditSealing.seal().catch((error: unknown) => {
    logger.warn(describeError(error), 'the audit trail will be sealed at the next start');
  });
}

/** Measures the process only where the numbers can be read. @returns the address of METRICS_PORT */
async function listenForMetrics(config: Config, metrics: Metrics, opened: Closers): Promise<string | null> {
  const { token, port } = config.metrics;
  if (token !== null || port !== null) metrics.watchProcess();
  if (port === null) return null;
  const server = await createMetricsServer(metrics);
  opened.add(() => server.close());
  return `${await listen(server, { host: config.host, port, setting: 'METRICS_PORT' })}/metrics`;
}

function createMailbox(config: Config, print?: (text: string) => void): DevelopmentMailbox | null {
  if (config.mail.smtpUrl !== null) return null;
  return createDevelopmentMailbox(join(developmentFolder, 'mailbox'), print ?? (() => undefined));
}

function createWorker(config: Config, app: App, mailbox: DevelopmentMailbox | null): OutboxWorker {
  const { em, clock } = app.dependencies();
  const { productName, appUrl } = config;
  const { smtpUrl, requireTls, from } = config.mail;
  const settings = { ...config.mail, productName, appUrl };
  return new OutboxWorker({
    fork: () => em.fork(),
    now: () => clock.now(),
    unseal: app.sealer.unseal,
    render: (mail) => renderMail(mail, settings),
    transport: mailbox ?? createSmtpTransport({ url: smtpUrl ?? '', requireTls, from }),
    metrics: app.metrics,
    report: (problem) => {
      if (problem.final) app.logger.error(problem, 'a mail was given up');
      else app.logger.warn(problem, 'a mail could not be sent');
    },
  });
}

async function createServer(
  config: Config,
  app: App,
  mailbox: DevelopmentMailbox | null,
  draining: AbortSignal,
): Promise<FastifyInstance> {
  const { introspection, sandbox, publicUrl, trustedProxies } = config;
  const { logger, signingKeys } = app;
  const { limiter, metrics } = app;
  const limits = { limiter, limits: config.limits, allowlist: config.rateLimitAllowlist, metrics };
  const federation = config.routerSecret !== null;
  const apollo = createApollo({ introspection, federation, suggestions: introspection, logger, limits });
  await apollo.start();
  const server = await createHttpServer({
    apollo,
    logger,
    publicUrl,
    allowedOrigins: createAllowedOrigins({ ...config, logger, now: () => Date.now() }),
    secureCookies: !config.development || publicUrl.startsWith('https:'),
    mailLinks: config.servesMailLinks,
    trustedProxies,
    draining,
    sandbox,
    trustedDocuments: trustedDocumentsOf(config),
    mailbox,
    signingKeys,
    metrics,
    limits,
    metricsToken: config.metrics.token,
    isRouter: (presented) => matchesSecret(presented, config.routerSecret),
    async identify(client: Client, authorization: string | undefined) {
      const dependencies = app.dependencies();
      return {
        caller: await identify(dependencies, client, authorization),
        unit: dependencies,
        services: createServices(dependencies),
      };
    },
    async readiness(): Promise<Check[]> {
      if (draining.aborted) return [{ name: 'server', state: 'failed', detail: 'is stopping' }];
      const { em, clock } = app.dependencies();
      return checkReadiness({
        em,
        clock,
        pendingMigrations: app.pendingMigrations,
        limits: { state: limiter.state(), problem: limiter.problem() },
        clockSkewSeconds: app.databaseClock.skewSeconds(),
      });
    },
  });
  server.addHook('onClose', () => apollo.stop());
  return server;
}

/** With the documents of the gateway's own pages, where it serves them. */
function trustedDocumentsOf({ trustedDocuments, servesMailLinks }: Config): TrustedDocuments | null {
  if (trustedDocuments === null) return null;
  const own = servesMailLinks ? mailLinkDocuments.map((text): [string, string] => [text, text]) : [];
  return new TrustedDocuments(new Map([...trustedDocuments, ...own]));
}
