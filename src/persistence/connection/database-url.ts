/**
 * Reads DATABASE_URL as `pg` reads it (pg-connection-string, with libpq's meaning of `sslmode`). A parameter is honoured
 * or rejected by name; none is ignored.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { ClientConfig } from 'pg';
import { parse, toClientConfig } from 'pg-connection-string';
import { isLoopback } from '../../loopback.ts';
import { type OneOrMore, urlsOfHosts } from '../../url-hosts.ts';
import { parameterProblems } from './database-url-parameters.ts';

export type Pooler = 'none' | 'transaction';

export interface DatabaseSettings {
  /** May name several servers: `postgresql://user@host1:5432,host2:5432/db`. */
  url: string;
  /** The path of a PEM file: the certificate authorities that the server's certificate is checked with. */
  ca?: string | null;
  /** `sslmode` where the URL gives none: libpq's PGSSLMODE. */
  sslMode?: string | null;
  pooler?: Pooler;
  /** `off`: tables are not partitioned, and rows are deleted one by one. */
  partitions?: 'on' | 'off';
}

type DatabaseClient = ClientConfig & { database: string };

export interface DatabaseTarget {
  /** For `pg`: credentials, TLS and address, of the first server. */
  client: DatabaseClient;
  /** The same for each server. */
  servers: OneOrMore<DatabaseClient>;
  /** The schema that holds every table; null: the role's own search path decides. */
  schema: string | null;
  /** Whether only servers that accept writes are used. */
  writableOnly: boolean;
  isLoopback: boolean;
  /** `sslmode=no-verify`: `pg` encrypts and accepts any certificate. */
  isUnverified: boolean;
}

/** Each problem names a parameter and says what to give; none quotes a value. */
export class DatabaseUrlError extends Error {
  override name = 'DatabaseUrlError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`DATABASE_URL: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

/** @throws DatabaseUrlError */
export function readDatabaseUrl(settings: DatabaseSettings): DatabaseTarget {
  const [url, ...others] = urlsOfHosts(settings.url);
  const target = readServer({ ...settings, url });
  if (others.length === 0) return target;
  const repeated = ['host', 'port'].filter((name) => new URL(url).searchParams.has(name));
  if (repeated.length > 0)
    throw new DatabaseUrlError(repeated.map((name) => `${name}: remove it, the address names several servers`));
  const further = others.map((other) => readServer({ ...settings, url: other }));
  return {
    ...target,
    servers: [target.client, ...further.map(({ client }) => client)],
    isLoopback: target.isLoopback && further.every(({ isLoopback }) => isLoopback),
  };
}

function readServer({ url, ca, sslMode, pooler = 'none' }: DatabaseSettings): DatabaseTarget {
  const parsed = new URL(url);
  const problems = parameterProblems(parsed.searchParams, pooler);
  if (problems.length > 0) throw new DatabaseUrlError(problems);
  const parameters = new Map(parsed.searchParams);
  if (ca && parameters.has('sslrootcert')) throw new DatabaseUrlError(['sslrootcert: remove it, DATABASE_CA is set']);
  if (ca) parameters.set('sslrootcert', ca);
  if (sslMode && !asksForTls(parameters)) parameters.set('sslmode', sslMode);
  const client = clientConfig(parsed, parameters);
  const host = client.host ?? 'localhost';
  return {
    client,
    servers: [client],
    schema: parameters.get('schema') ?? null,
    writableOnly: /^(read-write|primary)$/.test(parameters.get('target_session_attrs') ?? ''),
    isUnverified: parameters.get('sslmode') === 'no-verify',
    isLoopback: host.startsWith('/') || isLoopback(host),
  };
}

function asksForTls(parameters: ReadonlyMap<string, string>): boolean {
  return parameters.has('sslmode') || parameters.has('ssl');
}

function clientConfig(url: URL, parameters: ReadonlyMap<string, string>): DatabaseClient {
  checkTls(url, parameters);
  const systemRoots = parameters.get('sslrootcert') === 'system';
  const plain = new URL(url);
  plain.search = new URLSearchParams(
    [...parameters].filter(([name]) => takenByPg.has(name) && !(systemRoots && name === 'sslrootcert')),
  ).toString();
  const read = toClientConfig(parse(plain.href, { useLibpqCompat: true }));
  // libpq decodes the whole name; pg-connection-string leaves reserved characters as they are.
  const database = decodeURIComponent(url.pathname.slice(1)) || read.user || 'postgres';
  const seconds = (name: string) => Number(parameters.get(name)) * 1000;
  return {
    ...read,
    database,
    host: read.host || undefined,
    ssl: tlsFor(read, parameters.get('sslmode') === 'no-verify'),
    application_name: parameters.get('application_name') ?? parameters.get('fallback_application_name') ?? 'postern',
    keepAlive: parameters.get('keepalives') !== '0',
    ...(parameters.has('keepalives_idle') && { keepAliveInitialDelayMillis: seconds('keepalives_idle') }),
    ...(parameters.has('connect_timeout') && { connectionTimeoutMillis: seconds('connect_timeout') }),
    ...(parameters.get('channel_binding') === 'prefer' && { enableChannelBinding: true }),
  };
}

/** The parameters that pg-connection-string reads; this file translates the others. */
const takenByPg = new Set([
  ...['sslmode', 'ssl', 'sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation'],
  ...['host', 'port', 'user', 'password', 'options'],
]);

/** Never `undefined`: `pg` would read PGSSLMODE then. */
function tlsFor({ ssl, host }: ClientConfig, unverified: boolean): ClientConfig['ssl'] {
  if (!ssl) return false;
  if (unverified) return { rejectUnauthorized: false };
  const options = ssl === true ? {} : ssl;
  // `pg` names only hosts that are no IP address; Node would compare the certificate with "localhost" then.
  return host && isIP(host) ? { ...options, host } : options;
}

function checkTls(url: URL, parameters: ReadonlyMap<string, string>): void {
  const mode = parameters.get('sslmode');
  const root = parameters.get('sslrootcert');
  const host = parameters.get('host') ?? decodeURIComponent(url.hostname);
  const problems: string[] = [];
  const usesTls = mode !== 'disable' && !/^(false|0)$/.test(parameters.get('ssl') ?? '');
  const named = ['sslrootcert', 'sslcert', 'sslkey'].filter((name) => parameters.has(name));
  if (!usesTls && named.length > 0) problems.push(`sslmode: is disable, but ${named.join(', ')} requires TLS`);
  if (mode === 'verify-ca' && (!root || root === 'system'))
    problems.push('sslmode: verify-ca requires DATABASE_CA; or use verify-full');
  if (root === 'system' && mode !== undefined && mode !== 'verify-full')
    problems.push('sslrootcert: system needs sslmode=verify-full');
  if (parameters.has('sslcert') !== parameters.has('sslkey')) problems.push('sslcert: requires sslkey; set both');
  if (host.startsWith('/') && (named.length > 0 || (asksForTls(parameters) && usesTls)))
    problems.push('sslmode: a Unix socket has no TLS; remove it');
  problems.push(...fileProblems(parameters));
  if (problems.length > 0) throw new DatabaseUrlError(problems);
}

function fileProblems(parameters: ReadonlyMap<string, string>): string[] {
  const files = { sslrootcert: '', sslcert: '', sslkey: '' };
  const problems: string[] = [];
  for (const name of ['sslrootcert', 'sslcert', 'sslkey'] as const) {
    const path = parameters.get(name);
    if (!path || (name === 'sslrootcert' && path === 'system')) continue;
    try {
      files[name] = readFileSync(path, 'utf8');
      if (name !== 'sslkey') new X509Certificate(files[name]);
    } catch {
      problems.push(`${name}: use the path of a PEM file that this process can read`);
    }
  }
  if (problems.length > 0 || !files.sslkey || !files.sslcert) return problems;
  try {
    createSecureContext({ cert: files.sslcert, key: files.sslkey });
    return [];
  } catch {
    return ['sslkey: does not match sslcert, or has a passphrase; use the key of sslcert without a passphrase'];
  }
}
