/** Warns of settings that are valid but rarely intended: one line each at the start. */
import type { Config } from '../config/config.ts';
import { readDatabaseUrl } from '../persistence/connection/database-url.ts';

export function settingWarnings(config: Config): string[] {
  return [
    ...databaseWarnings(config),
    ...config.http.trustedProxies
      .filter(isPublicAtLarge)
      .map(
        (network) => `TRUSTED_PROXIES trusts ${network}: any client there can choose its address by X-Forwarded-For`,
      ),
    ...config.limits.allowlist
      .filter(isPublicAtLarge)
      .map((network) => `RATE_LIMIT_ALLOWLIST holds ${network}: no limit by source applies there`),
    ...originWarnings(config.http),
  ];
}

function databaseWarnings({ basics, database: { url, ...database } }: Config): string[] {
  if (!basics.production || url === null) return [];
  const { client, isLoopback } = readDatabaseUrl({ ...database, url });
  if (isLoopback || client.ssl) return [];
  return [
    'DATABASE_URL names another machine and the connection is not encrypted: add sslmode=verify-full, and give DATABASE_CA for a CA of your own',
  ];
}

function originWarnings({ publicUrl, corsOrigins }: Config['http']): string[] {
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
