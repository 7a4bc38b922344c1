/** What the HTTP server takes: its settings, and the parts of the gateway that it serves. */
import type { ApolloServer } from '@apollo/server';
import type { PresentedClient } from '../domain/applications/authenticate-client.ts';
import type { AuthenticatedClient, IssuedToken } from '../domain/applications/client-tokens.ts';
import type { Caller, Client } from '../domain/caller.ts';
import type { EventTail } from '../domain/events/tail.ts';
import type { CallbackRequest } from '../domain/identities/callback.ts';
import type { Check } from '../domain/operations/readiness.ts';
import type { SigningKeys } from '../domain/sessions/signing-keys/signing-keys.ts';
import type { TrustedDocuments } from '../graphql/documents/trusted-documents.ts';
import type { RateLimitOptions } from '../graphql/rate-limits/rate-limits.ts';
import type { Context } from '../graphql/request/context.ts';
import type { RequestUnit } from '../graphql/request/unit.ts';
import type { GraphqlStreams } from '../graphql/streams/graphql-streams.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Tracing } from '../trace.ts';
import type { AllowedOrigins } from './allowed-origins.ts';
import type { GeoHeaders } from './client-location.ts';
import type { ServedPages } from './pages/built/load.ts';
import type { MailboxReader } from './pages/mailbox.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether caches may keep the responses of this path; all others are `no-store`. */
    cacheable?: boolean;
    /** Whether monitoring requests this path every few seconds. */
    probe?: boolean;
  }
}

export interface HttpSettings {
  publicUrl: string;
  corsOrigins: readonly string[];
  /** Whether every loopback origin is allowed besides: development only. */
  allowsLoopbackOrigins: boolean;
  /** False only for a development gateway over plain HTTP. */
  secureCookies: boolean;
  /** Whether mails link to the small pages of pages/mail-links.ts: neither a frontend nor the account pages have better ones. */
  servesMailLinks: boolean;
  trustedProxies: readonly string[];
  /** Where proxies name the location of a client; null: nowhere. */
  geoHeaders: GeoHeaders | null;
  sandbox: boolean;
  /** The bearer token of `/metrics`; null: the path is not found. */
  metricsToken: string | null;
}

/** The caller of a request, with a unit of work. */
export interface Identified {
  caller: Caller;
  unit: RequestUnit;
}

export interface HttpOptions extends HttpSettings {
  apollo: ApolloServer<Context>;
  /** null: `/graphql/stream` is not found. */
  streams: GraphqlStreams | null;
  /** What this instance and others change. `announce` follows the commit of a change. */
  events: { tail: EventTail; announce(): void };
  logger: Logger;
  allowedOrigins: AllowedOrigins;
  /** Aborted once the process stops: responses then end their connections. */
  draining: AbortSignal;
  /** The only documents that are answered; null: every document is. */
  trustedDocuments: TrustedDocuments | null;
  mailbox: MailboxReader | null;
  /** The pages of `dist/pages`. */
  pages: ServedPages;
  signingKeys: SigningKeys;
  metrics: Metrics;
  /** null: requests are not traced. */
  tracing: Tracing | null;
  /** The name of a user in traces; null: traces name no user. */
  traceName: ((userId: string) => string) | null;
  limits: RateLimitOptions;
  /** Whether this is the credential of the federation router. */
  isRouter(presented: unknown): boolean;
  identify(client: Client, authorization: string | undefined): Promise<Identified>;
  /** Takes an address that contains API keys. */
  noteExposedKeys(client: Client, address: string): void;
  federatedCallback: {
    /** @returns where the browser goes next; null: the state is unknown */
    answer(client: Client, request: CallbackRequest): Promise<string | null>;
    /** @returns the value with which the browser continues; null: the state is unknown */
    keep(client: Client, slug: string, parameters: URLSearchParams): Promise<string | null>;
  };
  oauth: {
    /** @returns null when the authentication failed @throws Refusal RATE_LIMITED */
    authenticate(client: Client, presented: PresentedClient): Promise<AuthenticatedClient | null>;
    /** @returns null for a scope that the client does not hold */
    issue(source: Client, client: AuthenticatedClient, scopes: readonly string[] | null): Promise<IssuedToken | null>;
    /** @returns null for a token that is not active */
    describe(source: Client, token: string): Promise<object | null>;
    /** @param ownerId null: no client authenticated */
    revoke(source: Client, token: string, ownerId: string | null): Promise<void>;
  };
  readiness(): Promise<Check[]>;
}
