/** Starts the gateway's listeners and background work in order, and stops them in the opposite order. */
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';
import { developmentFolder } from '../development.ts';
import { identify } from '../domain/authentication.ts';
import type { Client } from '../domain/caller.ts';
import { type Check, checkReadiness } from '../domain/readiness.ts';
import { createServices } from '../domain/services.ts';
import { createApollo } from '../graphql/apollo.ts';
import { TrustedDocuments } from '../graphql/trusted-documents.ts';
import { createMetricsServer } from '../http/metrics.ts';
import { createHttpServer } from '../http/server.ts';
import { describeError } from '../logger.ts';
import { createDevelopmentMailbox, type DevelopmentMailbox } from '../mail/development-mailbox.ts';
import { renderMail } from '../mail/templates.ts';
import { createSmtpTransport } from '../mail/transport.ts';
import { OutboxWorker } from '../mail/worker.ts';
import type { Metrics } from '../metrics.ts';
import { migrate } from '../persistence/migrate.ts';
import { matchesSecret } from '../security/shared-secret.ts';
import { type App, createApp, type Overrides } from './app.ts';
import { startMaintenance } from './maintenance.ts';

export interface RunningGateway {
  url: string;
  mailboxUrl: string | null;
  /** Of METRICS_PORT. */
  metricsUrl: string | null;
  /** Finishes what is in flight, sends the mail that is due, closes everything. */
  stop(): Promise<void>;
}

/** @throws Error in one plain sentence when something that is needed is not there */
export async function startGateway(
  config: Config,
  overrides: Overrides & { migrateFirst?: boolean } = {},
): Promise<RunningGateway> {
  const app = await createApp(config, overrides);
  try {
    if (overrides.migrateFirst ?? true) await migrate(app.databaseUrl);
    await app.signingKeys.ensure();
    const mailbox = createMailbox(config, overrides.print);
    const worker = createWorker(config, app, mailbox);
    const lifecycle = { stopping: false };
    const server = await createServer(config, app, mailbox, lifecycle);
    warnOfOrigins(config, app);
    const url = await server.listen({ host: config.host, port: config.port });
    const metricsServer = await listenForMetrics(config, app.metrics);
    worker.start();
    const endMaintenance = startMaintenance({
      dependencies: app.dependencies,
      auditSealing: app.auditSealing,
      logger: app.logger,
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
        await sealTheRest(app);
        await app.close();
      },
    };
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** An origin that was configured and is left out must not fail in silence. */
function warnOfOrigins({ passkeys: { rpId, outside } }: Config, { logger }: App): void {
  if (outside.length === 0) return;
  const problem = `pages of ${outside.join(', ')} cannot use passkeys: they are outside of the domain ${rpId} (PASSKEY_RP_ID)`;
  logger.warn({ origins: outside }, problem);
}

/** A database that is away keeps nobody from ending: another instance, or the next start, will seal. */
async function sealTheRest({ auditSealing, logger }: App): Promise<void> {
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

function createWorker(config: Config, app: App, mailbox: DevelopmentMailbox | null): OutboxWorker {
  const { em, clock } = app.dependencies();
  const { productName, appUrl } = config;
  const settings = { ...config.mail, productName, appUrl };
  return new OutboxWorker({
    fork: () => em.fork(),
    now: () => clock.now(),
    unseal: app.sealer.unseal,
    render: (mail) => renderMail(mail, settings),
    transport: mailbox ?? createSmtpTransport({ url: config.mail.smtpUrl ?? '', from: config.mail.from }),
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
  lifecycle: { stopping: boolean },
): Promise<FastifyInstance> {
  const { introspection, sandbox, publicUrl, corsOrigins, trustedProxies } = config;
  const { logger, signingKeys } = app;
  const { limiter, metrics } = app;
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
      const dependencies = app.dependencies();
      return { caller: await identify(dependencies, client, authorization), services: createServices(dependencies) };
    },
    async readiness(): Promise<Check[]> {
      if (lifecycle.stopping) return [{ name: 'server', state: 'failed', detail: 'is stopping' }];
      const { em, clock } = app.dependencies();
      return checkReadiness({ em, clock, pendingMigrations: app.pendingMigrations, limits: limiter.state() });
    },
  });
  server.addHook('onClose', () => apollo.stop());
  return server;
}
