/** What the street side needs from the rest of the house. */
import type { ApolloServer } from '@apollo/server';
import type { Caller, Client } from '../domain/caller.ts';
import type { DomainDependencies } from '../domain/dependencies.ts';
import type { Check } from '../domain/operations/readiness.ts';
import type { Services } from '../domain/services.ts';
import type { SigningKeys } from '../domain/sessions/signing-keys.ts';
import type { TrustedDocuments } from '../graphql/documents/trusted-documents.ts';
import type { RateLimitOptions } from '../graphql/rate-limits/rate-limits.ts';
import type { Context } from '../graphql/request/context.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';
import type { AllowedOrigins } from './allowed-origins.ts';
import type { MailboxReader } from './pages/mailbox.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether caches may keep what this path answers; everything else is `no-store`. */
    cacheable?: boolean;
    /** Whether monitoring asks for this path every few seconds. */
    probe?: boolean;
  }
}

export interface HttpOptions {
  apollo: ApolloServer<Context>;
  logger: Logger;
  publicUrl: string;
  allowedOrigins: AllowedOrigins;
  /** False only for a development gateway over plain HTTP. */
  secureCookies: boolean;
  /** Whether mails link to the gateway, because APP_URL is unset. */
  mailLinks: boolean;
  trustedProxies: readonly string[];
  /** Aborted once the process stops: responses then end their connections. */
  draining: AbortSignal;
  sandbox: boolean;
  /** The only documents that are answered, where there is such a list. */
  trustedDocuments: TrustedDocuments | null;
  mailbox: MailboxReader | null;
  signingKeys: SigningKeys;
  metrics: Metrics;
  limits: RateLimitOptions;
  /** Who may read `/metrics`; null: it is not there. */
  metricsToken: string | null;
  /** Whether this is the credential of the federation router. */
  isRouter(presented: unknown): boolean;
  identify(
    client: Client,
    authorization: string | undefined,
  ): Promise<{ caller: Caller; unit: DomainDependencies; services: Services }>;
  readiness(): Promise<Check[]>;
}
