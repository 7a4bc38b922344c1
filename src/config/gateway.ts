/**
 * The settings of `postern gateway`, a process of its own in front of a federated graph. It shares settings with the server
 * and needs neither its database nor its secrets.
 */
import { z } from 'zod';
import { type LogLevel, logLevels } from '../logger.ts';
import { readRedisUrl } from '../ratelimit/redis-url.ts';
import { basicSettings } from './basics.ts';
import { ConfigError } from './error.ts';
import { integer, oneOf } from './formats/basic.ts';
import { type GatewayLimits, gatewayLimits, supergraph } from './formats/gateway.ts';
import { httpSettings } from './http.ts';
import { limitSettings } from './limits.ts';

export const gatewaySettings = {
  SUPERGRAPH: supergraph.optional(),
  GATEWAY_PORT: integer(0, 65_535).prefault('4001'),
  GATEWAY_HOST: z.string().optional(),
  GATEWAY_POLICIES: z.string().optional(),
  GATEWAY_MAX_COST: integer(1, 1_000_000).prefault('1000'),
  GATEWAY_MAX_DEPTH: integer(1, 100).prefault('12'),
  GATEWAY_LIMITS: gatewayLimits.prefault('caller=600/1m,source=300/1m'),
};

const schema = z.object({
  ...gatewaySettings,
  NODE_ENV: basicSettings.NODE_ENV,
  PORT: basicSettings.PORT,
  PUBLIC_URL: basicSettings.PUBLIC_URL,
  HOST: httpSettings.HOST,
  SHUTDOWN_DELAY: httpSettings.SHUTDOWN_DELAY,
  ROUTER_SECRET: httpSettings.ROUTER_SECRET,
  TRUSTED_PROXIES: httpSettings.TRUSTED_PROXIES,
  TRUSTED_DOCUMENTS: httpSettings.TRUSTED_DOCUMENTS,
  INTROSPECTION: httpSettings.INTROSPECTION,
  METRICS_TOKEN: httpSettings.METRICS_TOKEN,
  REDIS_URL: limitSettings.REDIS_URL,
  LOG_LEVEL: oneOf(logLevels).optional(),
});
type Environment = z.infer<typeof schema>;

type Variables = Readonly<Record<string, string | undefined>>;

/** What the package `@postern/gateway` takes of the settings. */
export interface GatewayOptions {
  issuer: string;
  routerSecret: string;
  supergraph: string;
  port: number;
  host: string;
  maxCost: number;
  maxDepth: number;
  limits: GatewayLimits;
  trustedProxies: readonly string[];
  introspection: boolean;
  environment: 'production' | 'development';
  trustedDocuments?: string;
  redisUrl?: string;
  metricsToken?: string;
}

export interface GatewayConfig {
  options: GatewayOptions;
  /** The path of the ES module with the functions of `@policy`; null: there are none. */
  policies: string | null;
  logLevel: LogLevel;
  /** A stopping process still serves for this long. */
  shutdownDelaySeconds: number;
}

/**
 * @param given the settings of the command line, which take precedence
 * @throws ConfigError with every problem
 */
export function readGatewayConfig(given: Variables = {}, environment: Variables = process.env): GatewayConfig {
  const set = Object.fromEntries(Object.entries({ ...environment, ...given }).filter(([, value]) => value?.trim()));
  const parsed = schema.safeParse(set);
  const problems = [
    ...(parsed.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`),
    ...missing(set),
    ...(parsed.data ? redisProblems(parsed.data) : []),
  ];
  const { SUPERGRAPH, ROUTER_SECRET } = parsed.data ?? {};
  if (!parsed.success || problems.length > 0 || SUPERGRAPH === undefined || ROUTER_SECRET === undefined)
    throw new ConfigError(problems);
  return configFrom(parsed.data, { supergraph: SUPERGRAPH, routerSecret: ROUTER_SECRET }, set.TRUSTED_DOCUMENTS);
}

/** @returns the problems of the settings where a supergraph is set */
export function gatewayProblems(environment: Variables = process.env): readonly string[] {
  if (!environment.SUPERGRAPH?.trim()) return [];
  try {
    readGatewayConfig({}, environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

function missing(set: Variables): string[] {
  const needed = {
    SUPERGRAPH: 'is missing; pass --supergraph, or set the path or the https address of the supergraph',
    ROUTER_SECRET: 'is missing; set the ROUTER_SECRET of Postern',
    ...(set.NODE_ENV === 'production' && {
      PUBLIC_URL: 'is missing; set the PUBLIC_URL of Postern, for example https://auth.example.com',
    }),
  };
  return Object.entries(needed).flatMap(([name, hint]) => (set[name] === undefined ? [`${name}: ${hint}`] : []));
}

function redisProblems({ REDIS_URL }: Environment): string[] {
  return REDIS_URL !== undefined && readRedisUrl(REDIS_URL).kind !== 'server'
    ? ['REDIS_URL: names several servers, which the server alone accepts; use the URL of one server for the gateway']
    : [];
}

/** @param trustedDocuments the path, whose file the format has read */
function configFrom(
  env: Environment,
  required: Pick<GatewayOptions, 'supergraph' | 'routerSecret'>,
  trustedDocuments: string | undefined,
): GatewayConfig {
  const production = env.NODE_ENV === 'production';
  return {
    options: {
      ...required,
      issuer: env.PUBLIC_URL ?? `http://localhost:${env.PORT}`,
      port: env.GATEWAY_PORT,
      host: env.GATEWAY_HOST ?? env.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
      maxCost: env.GATEWAY_MAX_COST,
      maxDepth: env.GATEWAY_MAX_DEPTH,
      limits: env.GATEWAY_LIMITS,
      trustedProxies: env.TRUSTED_PROXIES,
      introspection: env.INTROSPECTION ?? !production,
      environment: production ? 'production' : 'development',
      ...(trustedDocuments !== undefined && { trustedDocuments }),
      ...(env.REDIS_URL !== undefined && { redisUrl: env.REDIS_URL }),
      ...(env.METRICS_TOKEN !== undefined && { metricsToken: env.METRICS_TOKEN }),
    },
    policies: env.GATEWAY_POLICIES ?? null,
    logLevel: env.LOG_LEVEL ?? (production ? 'info' : 'warn'),
    shutdownDelaySeconds: env.SHUTDOWN_DELAY ?? (production ? 5 : 0),
  };
}
