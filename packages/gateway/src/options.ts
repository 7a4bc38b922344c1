/** The options of the plug-in and of the process. */
import type { Caller } from '@postern/verify';

/** What a `@policy` function receives. Frozen: a function cannot change what other functions see. */
export interface PolicyContext {
  /** Null for an anonymous request. */
  caller: Caller | null;
  /** The arguments of the field that carries the directive, or whose type carries it. */
  args: Readonly<Record<string, unknown>>;
  operationName: string | undefined;
}

/** Refuses by false, by throwing, and by taking longer than two seconds. */
export type Policy = (context: PolicyContext) => boolean | Promise<boolean>;

export interface PosternGatewayOptions {
  /** PUBLIC_URL of Postern. */
  issuer: string;
  /** The address of Postern inside the cluster. Default: the issuer. */
  posternUrl?: string;
  /** ROUTER_SECRET of Postern. */
  routerSecret: string;
  /** The name of Postern's subgraph. Default `accounts`. */
  posternSubgraph?: string;
  /** The audience of the identity tokens of a subgraph, by its name. Default: its name. */
  audiences?: Readonly<Record<string, string>>;
  /** The functions behind `@policy`, by name. A name without a function refuses. */
  policies?: Readonly<Record<string, Policy>>;
  /** The revocation feed. Default: `refuse` after 10 seconds without an answer. */
  revocations?: { onFailure: 'accept' | 'refuse'; maxAgeSeconds: number };
  /** Requests in a period, for example `600/1m`. Default: no limits. */
  limits?: { perCaller?: string; perSource?: string };
  /** Where `redisUrl` is set, all processes share the limits. Requires the package `ioredis`. */
  redisUrl?: string;
  /** Addresses and networks (CIDR) of proxies whose `X-Forwarded-For` counts. Default: none. */
  trustedProxies?: readonly string[];
  /** `development` adds `coordinate` and `directive` to refusals. Default `production`. */
  environment?: 'production' | 'development';
  logger?: GatewayLogger;
  /** For tests that set the time. */
  now?: () => Date;
}

export interface ServeOptions {
  /** A file, which is watched, or an http(s) address, which is polled every 10 seconds. */
  supergraph: string;
  /** 0: any free port. */
  port: number;
  /** Default `127.0.0.1`. */
  host?: string;
  /** The file of the only documents that are executed: a JSON object of texts by id. */
  trustedDocuments?: string;
  /** Default 1000. */
  maxCost?: number;
  /** Default 12. */
  maxDepth?: number;
  /** Default: in development only. */
  introspection?: boolean;
  /** `native` requires `@graphql-hive/router-runtime`. Default: native where it is installed. */
  planner?: 'native' | 'javascript';
  /** Required as bearer token of `/metrics`. Without it, production has no `/metrics`. */
  metricsToken?: string;
}

export interface GatewayLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export const silentLogger: GatewayLogger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Why a gateway does not start. */
export class GatewayError extends Error {
  override name = 'GatewayError';
  readonly code: 'ENGINE_MISSING' | 'SUPERGRAPH_UNREADABLE' | 'POLICY_MISSING' | 'OPTION_INVALID';

  constructor(code: GatewayError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
