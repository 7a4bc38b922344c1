/** Starts the gateway's listeners and background work in order, and stops them in the opposite order. */
import { setTimeout } from 'node:timers/promises';
import { type Config, ConfigError } from '../config/config.ts';
import { originsWithoutPasskeys } from '../config/passkeys.ts';
import { inviteFirstAdministrator } from '../domain/administration/first-administrator.ts';
import { lockout } from '../domain/operations/doctor/locations.ts';
import { createMetricsServer } from '../http/endpoints/metrics.ts';
import { createLogger, describeError } from '../logger.ts';
import { findRoleNames } from '../persistence/access/roles.ts';
import { migrate } from '../persistence/migrate.ts';
import { version } from '../version.ts';
import { locksAdministratorsOut } from './administrator-lockout.ts';
import { type App, createApp, type Overrides } from './app.ts';
import { Closers } from './closers.ts';
import { createServer } from './http.ts';
import { listen } from './listen.ts';
import { createMailbox, createWorker } from './mail.ts';
import { startMaintenance } from './maintenance.ts';
import { settingWarnings } from './setting-warnings.ts';
import { createSmsSending } from './sms.ts';
import { startTelemetry } from './telemetry.ts';
import { createWebhookWorker } from './webhooks.ts';

export interface RunningGateway {
  url: string;
  mailboxUrl: string | null;
  /** The address of METRICS_PORT. */
  metricsUrl: string | null;
  /** The link with which the first administrator of a new development gateway chooses a password; null: there is none. */
  invitationUrl: string | null;
  /** Whether another running process uses the embedded database of this folder. */
  sharesDatabase: boolean;
  /**
   * Drains: `/readyz` answers 503 for SHUTDOWN_DELAY while requests are still served. Then closes the listeners, finishes
   * the requests in flight, sends due mails and closes everything.
   */
  stop(): Promise<void>;
}

type StartOptions = Overrides & { migrateFirst?: boolean };

/** Time for received bytes to become requests: closing the listener also closes connections without a request. */
const arrivalMs = 100;

/** @throws Error with one sentence; everything that was opened is closed */
export async function startGateway(config: Config, options: StartOptions = {}): Promise<RunningGateway> {
  const opened = new Closers();
  try {
    return await openGateway(config, options, opened);
  } catch (error) {
    await opened.close().catch(() => undefined);
    throw error;
  }
}

async function openGateway(config: Config, options: StartOptions, opened: Closers): Promise<RunningGateway> {
  const logger = options.logger ?? createLogger(config.logLevel);
  const telemetry = await startTelemetry(config.telemetry, logger);
  opened.add(() => telemetry.stop());
  const app = await openUsableApp(config, { ...options, logger, tracing: telemetry.tracing }, opened);
  app.metrics.watchDroppedSpans(telemetry.droppedSpans);
  const mailbox = createMailbox(config, options.print);
  const { print, queuePollMs } = options;
  opened.add(started(createWorker(config.mail, app, mailbox, queuePollMs)));
  const sms = createSmsSending(config, app, print, queuePollMs);
  if (sms) opened.add(started(sms));
  opened.add(started(createWebhookWorker(config.webhooks, app, queuePollMs)));
  opened.add(startMaintenance(app));
  const draining = new AbortController();
  const metricsUrl = await listenForMetrics(config, app, opened);
  const server = await createServer(config, app, mailbox, draining.signal);
  opened.add(() => server.close());
  warnOfSettings(config, app);
  const invitationUrl = await inviteAdministrator(config, app);
  const { host, port, shutdownDelaySeconds } = config.listeners;
  const url = await listen(server, { host, port, setting: 'PORT' });
  app.logger.info({ version, url, metricsUrl }, 'listening');
  return {
    url,
    mailboxUrl: mailbox ? `${url}/dev/mailbox` : null,
    metricsUrl,
    invitationUrl,
    sharesDatabase: app.embeddedDatabase?.shared ?? false,
    async stop() {
      draining.abort();
      app.logger.info({ delaySeconds: shutdownDelaySeconds }, 'draining');
      await setTimeout(Math.max(shutdownDelaySeconds * 1000, arrivalMs));
      await opened.close();
      app.logger.info({ version }, 'stopped');
    },
  };
}

/** With the schema, the clock, the roles and the keys that serving requires. */
async function openUsableApp(config: Config, options: StartOptions, opened: Closers): Promise<App> {
  const app = await createApp(config, options);
  opened.add(() => app.close());
  if (options.migrateFirst ?? true) await migrate(app.directDatabase);
  await app.requireUsableDatabase();
  await app.databaseClock.measure();
  await app.failovers.check();
  await app.replica?.measure();
  await assertRolesExist(app, 'MFA_REQUIRED_FOR', config.domain.mfaRequiredFor);
  await assertRolesExist(app, 'RISK_RULES', config.domain.risk.rules.refuse.exceptRoles);
  if (locksAdministratorsOut(config.domain, app.geo))
    throw new ConfigError([`RISK_RULES: ${lockout.problem}; ${lockout.remedy}`]);
  await app.signingKeys.ensure();
  opened.add(() => sealRemaining(app));
  opened.add(() => writeRemainingNotes(app));
  return app;
}

/** Only in a folder of its own, whose user reads the terminal. */
async function inviteAdministrator({ pages }: Config, app: App): Promise<string | null> {
  if (app.embeddedDatabase === null || app.embeddedDatabase.shared || !pages.served.includes('account')) return null;
  const link = await inviteFirstAdministrator(app.dependencies());
  return link && `${pages.publicUrl}/account/accept-invitation#token=${link.token}`;
}

/** @returns what stops it */
function started(worker: { start(): void; stop(): Promise<void> }): () => Promise<void> {
  worker.start();
  return () => worker.stop();
}

/** A misspelt name would require a second factor from no user, or except no user from a rule. @throws ConfigError */
async function assertRolesExist(app: App, setting: string, names: readonly string[]): Promise<void> {
  const existing = await findRoleNames(app.dependencies().em);
  if (names.every((name) => existing.includes(name))) return;
  throw new ConfigError([`${setting}: use names of existing roles (${existing.join(', ')}), or leave it empty`]);
}

/** The process ends even when the database is unavailable: another instance, or the next start, seals the entries. */
async function sealRemaining({ auditSealing, logger }: App): Promise<void> {
  await auditSealing.seal().catch((error: unknown) => {
    logger.warn(describeError(error), 'the audit trail could not be sealed: retrying at the next start');
  });
}

async function writeRemainingNotes({ writeKeyNotes, logger }: App): Promise<void> {
  await writeKeyNotes().catch((error: unknown) => {
    logger.warn(
      describeError(error),
      'the last notes about API keys could not be written: times of use are up to a minute old, and refusals and exposures of that minute are lost',
    );
  });
}

/** Measures the process only where the metrics can be read. @returns the address of METRICS_PORT */
async function listenForMetrics(config: Config, { metrics }: App, opened: Closers): Promise<string | null> {
  const { host, metricsPort: port } = config.listeners;
  if (config.http.metricsToken !== null || port !== null) metrics.watchProcess();
  if (port === null) return null;
  const server = await createMetricsServer(metrics);
  opened.add(() => server.close());
  return `${await listen(server, { host, port, setting: 'METRICS_PORT' })}/metrics`;
}

function warnOfSettings(config: Config, { logger }: App): void {
  const { passkeys } = config.domain;
  const origins = originsWithoutPasskeys(config.basics, passkeys);
  const outside = `they are outside of the domain ${passkeys.rpId} (PASSKEY_RP_ID)`;
  if (origins.length > 0) logger.warn({ origins }, `pages of ${origins.join(', ')} cannot use passkeys: ${outside}`);
  for (const warning of settingWarnings(config)) logger.warn(warning);
}
