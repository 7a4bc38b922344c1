/** Wires the HTTP server: Apollo, the domain behind it, and the checks of readiness. */
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/config.ts';
import type { GraphqlConfig } from '../config/http.ts';
import { authenticateClient } from '../domain/applications/authenticate-client.ts';
import { issueClientToken } from '../domain/applications/client-tokens.ts';
import type { Caller, Client } from '../domain/caller.ts';
import { Refusal } from '../domain/errors.ts';
import { answerCallback, keepPostedAnswer } from '../domain/identities/callback.ts';
import { checkProcess } from '../domain/operations/process-readiness.ts';
import { type Check, checkReadiness } from '../domain/operations/readiness.ts';
import { identify } from '../domain/sessions/authentication.ts';
import { describeToken, revokeToken } from '../domain/sessions/describe-token.ts';
import { createApollo } from '../graphql/apollo.ts';
import { TrustedDocuments } from '../graphql/documents/trusted-documents.ts';
import { createDeny, type Deny } from '../graphql/permissions/deny.ts';
import { createLimited } from '../graphql/rate-limits/rate-limits.ts';
import { createErrorFormatter } from '../graphql/request/errors.ts';
import { buildGuardedSchema } from '../graphql/schema.ts';
import { createStreams, type GraphqlStreams } from '../graphql/streams/graphql-streams.ts';
import { createAllowedOrigins } from '../http/allowed-origins.ts';
import type { Identified } from '../http/options.ts';
import { loadPages } from '../http/pages/built/load.ts';
import { mailLinkDocuments } from '../http/pages/mail-links.ts';
import { createHttpServer } from '../http/server.ts';
import { describeError } from '../logger.ts';
import type { DevelopmentMailbox } from '../mail/development-mailbox.ts';
import { keyedHash } from '../security/keys/keyed-hash.ts';
import { matchesSecret } from '../security/keys/shared-secret.ts';
import type { App } from './app.ts';
import { EventSignal } from './event-signal.ts';
import { EventLoopDelay, readMemory } from './process-state.ts';

/** @param draining aborted once the process stops */
export async function createServer(
  config: Config,
  app: App,
  mailbox: DevelopmentMailbox | null,
  draining: AbortSignal,
): Promise<FastifyInstance> {
  const { logger, limiter, metrics, tracing, signingKeys } = app;
  const { keyRing } = app.dependencies();
  const traceName = (userId: string) => keyedHash(keyRing, 'trace', userId).toString('base64url');
  const { introspection, routerSecret, trustedDocuments } = config.graphql;
  const limits = { ...config.limits, limiter, metrics };
  const federation = routerSecret !== null;
  const deny = createDeny(logger);
  const schema = buildGuardedSchema(createLimited(limits), deny);
  const apollo = createApollo(schema, { introspection, federation, suggestions: introspection, logger, limits });
  await apollo.start();
  const pages = await loadPages(config.pages);
  for (const warning of pages.warnings) logger.warn(warning);
  const ownDocuments = [...(config.http.servesMailLinks ? mailLinkDocuments : []), ...pages.documents];
  const eventLoop = new EventLoopDelay();
  const signal = new EventSignal({ redisUrl: config.limits.redisUrl, wake: () => app.events.tail.wake(), logger });
  const server = await createHttpServer({
    ...config.http,
    apollo,
    events: { ...app.events, announce: () => signal.announce() },
    streams: openStreams(config, app, schema, deny),
    logger,
    allowedOrigins: createAllowedOrigins({ ...config.http, logger, now: () => Date.now() }),
    draining,
    trustedDocuments: trustedDocumentsOf(trustedDocuments, ownDocuments),
    mailbox,
    pages,
    signingKeys,
    metrics,
    tracing,
    traceName: config.telemetry.namesUsers ? traceName : null,
    limits,
    isRouter: (presented) => matchesSecret(presented, routerSecret),
    identify: (client, authorization) => identifyCaller(app, client, authorization),
    noteExposedKeys: (client, address) => app.noteExposedKeys(client, address),
    federatedCallback: {
      answer: (client, request) => answerCallback(app.dependencies(), anonymous(client), request),
      keep: (client, slug, parameters) => keepPostedAnswer(app.dependencies(), anonymous(client), slug, parameters),
    },
    oauth: {
      authenticate: (client, presented) => authenticateClient(app.dependencies(), client, presented),
      issue: (source, client, scopes) => issueClientToken(app.dependencies(), anonymous(source), client, scopes),
      describe: (source, token) => describeToken(app.dependencies(), source, token),
      revoke: (source, token, ownerId) => revokeToken(app.dependencies(), source, token, ownerId),
    },
    readiness: () => readinessOf(app, eventLoop, draining),
  });
  server.addHook('onClose', async () => {
    eventLoop.stop();
    signal.close();
    await apollo.stop();
  });
  return server;
}

function openStreams(
  { graphql: { streams: limits, introspection } }: Config,
  { dependencies, events, logger, metrics }: App,
  schema: ReturnType<typeof buildGuardedSchema>,
  deny: Deny,
): GraphqlStreams | null {
  const { clock } = dependencies();
  const report = (error: unknown) => logger.error(describeError(error), 'a stream failed unexpectedly');
  const formatError = createErrorFormatter(logger);
  return (
    limits && createStreams({ ...events, schema, limits, clock, deny, formatError, metrics, report }, introspection)
  );
}

async function identifyCaller(app: App, client: Client, authorization: string | undefined): Promise<Identified> {
  const unit = app.dependencies();
  return { caller: await identify(unit, client, authorization), unit };
}

/** The browser that a provider sends back carries no access token. */
function anonymous(client: Client): Caller {
  return { client, viewer: null, refusal: new Refusal('UNAUTHENTICATED', { reason: 'NO_CREDENTIALS' }) };
}

async function readinessOf(app: App, eventLoop: EventLoopDelay, draining: AbortSignal): Promise<Check[]> {
  if (draining.aborted) return [{ name: 'server', state: 'failed', detail: 'is stopping' }];
  const { em, clock, hasher } = app.dependencies();
  const dependencies = await checkReadiness({
    em,
    clock,
    pendingMigrations: app.pendingMigrations,
    limits: { state: app.limiter.state(), problem: app.limiter.problem() },
    clockSkewSeconds: app.databaseClock.skewSeconds(),
    replica: app.replica,
    isDatabaseReplaced: app.failovers.role === 'replaced',
  });
  return [...dependencies, ...checkProcess({ ...readMemory(), eventLoopP99Ms: eventLoop.p99Ms, hashes: hasher.load })];
}

/** Adds the documents of the gateway's own pages. */
function trustedDocumentsOf(
  configured: GraphqlConfig['trustedDocuments'],
  ownDocuments: readonly string[],
): TrustedDocuments | null {
  if (configured === null) return null;
  const own = ownDocuments.map((text): [string, string] => [text, text]);
  return new TrustedDocuments(new Map([...configured, ...own]));
}
