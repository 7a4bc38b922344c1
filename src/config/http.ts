/** The settings of the HTTP server and its listeners, and of GraphQL over it. */
import { z } from 'zod';
import type { StreamLimits } from '../graphql/streams/streams.ts';
import type { HttpSettings } from '../http/options.ts';
import type { Basics } from './basics.ts';
import { networks } from './formats/addresses.ts';
import { duration, flag, integer, oneOf } from './formats/basic.ts';
import { manifest } from './formats/files.ts';
import { geoHeaders } from './formats/risk.ts';
import { metricsToken, sharedSecret } from './formats/secrets.ts';

export const httpSettings = {
  HOST: z.string().optional(),
  SHUTDOWN_DELAY: duration(0, 300).optional(),
  TRUSTED_PROXIES: networks.default([]),
  GEO_HEADERS: geoHeaders.optional(),
  ROUTER_SECRET: sharedSecret.optional(),
  SANDBOX: flag.optional(),
  INTROSPECTION: flag.optional(),
  METRICS_TOKEN: metricsToken.optional(),
  METRICS_PORT: integer(0, 65_535).optional(),
  TRUSTED_DOCUMENTS: manifest.optional(),
  STREAMS: oneOf(['on', 'off']).default('on'),
  STREAMS_PER_SESSION: integer(1, 1000).prefault('5'),
  STREAMS_PER_USER: integer(1, 10_000).prefault('20'),
  STREAMS_MAX: integer(1, 15_000).prefault('10000'),
};

const schema = z.object(httpSettings);
type Environment = z.infer<typeof schema>;

export interface ListenerConfig {
  host: string;
  port: number;
  /** null: `/metrics` has no listener of its own. */
  metricsPort: number | null;
  /** A stopping instance still serves for this long, while `/readyz` answers 503. */
  shutdownDelaySeconds: number;
}

export interface GraphqlConfig {
  introspection: boolean;
  /** The value that the federation router sends as `Router-Authorization`; null: the gateway has no router. */
  routerSecret: string | null;
  /** The text of each executable document, by id; null: every document is executed. */
  trustedDocuments: ReadonlyMap<string, string> | null;
  /** The bounds of open streams; null: the gateway has no streams. */
  streams: StreamLimits | null;
}

export function listenerConfig(env: Environment, { production, port }: Basics): ListenerConfig {
  return {
    host: env.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port,
    metricsPort: env.METRICS_PORT ?? null,
    shutdownDelaySeconds: env.SHUTDOWN_DELAY ?? (production ? 5 : 0),
  };
}

export function listenerProblems(env: Environment, { port }: Basics): string[] {
  return env.METRICS_PORT === port && port !== 0 ? ['METRICS_PORT: equals PORT; use another port'] : [];
}

/** Any client could name its country otherwise. */
export function geoHeaderProblems({ GEO_HEADERS, TRUSTED_PROXIES }: Environment): string[] {
  return GEO_HEADERS && TRUSTED_PROXIES.length === 0
    ? ['GEO_HEADERS: requires TRUSTED_PROXIES; set it to the networks of the proxies that set these headers']
    : [];
}

export function graphqlConfig(env: Environment, { production }: Basics): GraphqlConfig {
  return {
    introspection: env.INTROSPECTION ?? !production,
    routerSecret: env.ROUTER_SECRET ?? null,
    trustedDocuments: env.TRUSTED_DOCUMENTS ?? null,
    streams:
      env.STREAMS === 'off'
        ? null
        : { perSession: env.STREAMS_PER_SESSION, perUser: env.STREAMS_PER_USER, total: env.STREAMS_MAX },
  };
}

/** @param hasFrontend whether APP_URL is set: the pages of mail links are there */
export function httpConfig(env: Environment, basics: Basics, hasFrontend: boolean): HttpSettings {
  const { production, development, publicUrl, corsOrigins, pages } = basics;
  return {
    publicUrl,
    corsOrigins,
    allowsLoopbackOrigins: development,
    secureCookies: !development || publicUrl.startsWith('https:'),
    servesMailLinks: !hasFrontend && !pages.includes('account'),
    trustedProxies: env.TRUSTED_PROXIES,
    geoHeaders: env.GEO_HEADERS ?? null,
    sandbox: env.SANDBOX ?? !production,
    metricsToken: env.METRICS_TOKEN ?? null,
  };
}
