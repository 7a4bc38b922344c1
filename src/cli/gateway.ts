/**
 * `postern gateway`: starts the gateway of a federated graph, and drains at the first signal. The package
 * `@postern/gateway` and its engine are optional, so that this file names their parts itself and loads them when it runs.
 */
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { opened } from '../app/listen.ts';
import { proxyWarnings } from '../app/setting-warnings.ts';
import { misspeltSettings } from '../config/config.ts';
import { ConfigError } from '../config/error.ts';
import { type GatewayOptions, readGatewayConfig } from '../config/gateway.ts';
import { createLogger, type Logger } from '../logger.ts';
import { version } from '../version.ts';
import { type Terminal, UsageError } from './terminal.ts';

export interface GatewayCommand {
  supergraph?: string;
  port?: string;
  policies?: string;
}

type Policy = (context: unknown) => boolean | Promise<boolean>;

export interface GatewayPackage {
  createPosternGateway(
    options: GatewayOptions & { policies: Record<string, Policy>; logger: Pick<Logger, 'info' | 'warn' | 'error'> },
  ): Promise<{ listen(): Promise<string>; drain(): void; close(): Promise<void> }>;
}

/** Not a literal: the compiler would demand the package. */
const packageName: string = '@postern/gateway';
const hint = `the gateway requires packages that are not installed; run "npm install ${packageName} @graphql-hive/gateway-runtime@2.12.1 @graphql-hive/router-runtime@1.4.23 graphql@16.15.0" beside Postern`;
/** Why the package does not start: the message is for the operator. */
const startProblems: readonly unknown[] = [
  'ENGINE_MISSING',
  'SUPERGRAPH_UNREADABLE',
  'POLICY_MISSING',
  'OPTION_INVALID',
];
const lastRequestsMs = 100;

export async function runGateway(terminal: Terminal, { supergraph, port, policies }: GatewayCommand): Promise<void> {
  const config = readGatewayConfig({
    ...(supergraph !== undefined && { SUPERGRAPH: supergraph }),
    ...(port !== undefined && { GATEWAY_PORT: port }),
    ...(policies !== undefined && { GATEWAY_POLICIES: policies }),
  });
  const { options } = config;
  const logger = createLogger(config.logLevel);
  logger.info({ version }, 'starting the gateway');
  warnOfSettings(options, logger);
  const requested = terminal.shutdownRequested();
  const { createPosternGateway } = await loadPackage();
  const functions = config.policies === null ? {} : await loadPolicies(config.policies);
  const gateway = await createPosternGateway({ ...options, policies: functions, logger }).catch(explainStart);
  try {
    const url = await opened(gateway.listen(), { ...options, setting: 'GATEWAY_PORT' });
    logger.info({ version, url }, 'the gateway is listening');
    // In production standard output holds log records only.
    if (options.environment !== 'production') terminal.out(`\n  The gateway serves ${url}\n`);
    await requested;
    gateway.drain();
    logger.info({ delaySeconds: config.shutdownDelaySeconds }, 'draining');
    await wait(config.shutdownDelaySeconds * 1000);
  } finally {
    await gateway.close();
  }
  logger.info({ version }, 'stopped');
  // A request to the revocation feed that does not answer would keep the process for its whole deadline.
  setTimeout(() => process.exit(), lastRequestsMs).unref();
}

function warnOfSettings({ trustedProxies }: GatewayOptions, logger: Logger): void {
  for (const { variable, setting } of misspeltSettings())
    logger.warn({ variable, setting }, `${variable} is not a setting. Did you mean ${setting}?`);
  for (const warning of proxyWarnings(trustedProxies)) logger.warn(warning);
}

/** @throws UsageError when the package, or one that it needs, is not installed */
async function loadPackage(): Promise<GatewayPackage> {
  const loaded: unknown = await import(packageName).catch((error: unknown) => {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    throw isMissing ? new UsageError(hint) : error;
  });
  if (isGatewayPackage(loaded)) return loaded;
  throw new UsageError(`${packageName} is not a version for this command; run "npm install ${packageName}@${version}"`);
}

function isGatewayPackage(loaded: unknown): loaded is GatewayPackage {
  return isObject(loaded) && 'createPosternGateway' in loaded && isFunction(loaded.createPosternGateway);
}

/**
 * The functions by the names of their policies: the exports of the module, and the members of its default export, for names
 * that are not identifiers.
 * @throws ConfigError
 */
async function loadPolicies(path: string): Promise<Record<string, Policy>> {
  const exported: Record<string, unknown> = await import(pathToFileURL(resolve(path)).href).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : 'unknown error';
    throw new ConfigError([`GATEWAY_POLICIES: the module cannot be imported (${reason})`]);
  });
  const { default: named, ...others } = exported;
  const entries = [...Object.entries(others), ...Object.entries(isObject(named) ? named : {})];
  return Object.fromEntries(entries.filter((entry): entry is [string, Policy] => isFunction(entry[1])));
}

function isFunction(value: unknown): value is (...given: never[]) => unknown {
  return typeof value === 'function';
}

/** A module has no prototype, so that `instanceof` does not recognise it. */
function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function explainStart(error: unknown): never {
  const isOfOperator = error instanceof Error && 'code' in error && startProblems.includes(error.code);
  throw isOfOperator ? new UsageError(error.message, { cause: error }) : error;
}
