/** Warns of settings that are valid but rarely intended: one line each at the start. */
import type { Config } from '../config/config.ts';
import { readDatabaseUrl } from '../persistence/connection/database-url.ts';

export function settingWarnings(config: Config): string[] {
  return [...databaseWarnings(config), ...networkWarnings(config), ...originWarnings(config)];
}

export function networkWarnings({ http, limits }: Config): string[] {
  return [
    ...proxyWarnings(http.trustedProxies),
    ...limits.allowlist
      .map(({ text }) => text)
      .filter(isPublicAtLarge)
      .map((network) => `RATE_LIMIT_ALLOWLIST contains ${network}: clients in this network have no limit by source`),
  ];
}

export function proxyWarnings(trustedProxies: readonly string[]): string[] {
  return trustedProxies
    .filter(isPublicAtLarge)
    .map(
      (network) =>
        `TRUSTED_PROXIES trusts ${network}: any client in this network can set its address in X-Forwarded-For`,
    );
}

function databaseWarnings({ basics, database: { url, ...database } }: Config): string[] {
  if (!basics.production || url === null) return [];
  const { client, isLoopback } = readDatabaseUrl({ ...database, url });
  if (isLoopback || client.ssl) return [];
  return [
    'DATABASE_URL names another machine and the connection is not encrypted: add sslmode=verify-full, and set DATABASE_CA for a private CA',
  ];
}

export function originWarnings({ http: { publicUrl, corsOrigins } }: Config): string[] {
  if (!publicUrl.startsWith('https:')) return [];
  const plain = corsOrigins.filter((origin) => origin.startsWith('http:'));
  if (plain.length === 0) return [];
  return [`CORS_ORIGINS allows ${plain.join(', ')} without TLS beside an https PUBLIC_URL: use https origins`];
}

/** The widest private networks are 10.0.0.0/8 (RFC 1918) and fc00::/7 (RFC 4193). */
function isPublicAtLarge(network: string): boolean {
  const [address = '', prefix = ''] = network.split('/');
  return prefix !== '' && Number(prefix) < (address.includes(':') ? 7 : 8);
}
