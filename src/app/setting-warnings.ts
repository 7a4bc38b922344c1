/** Settings that are valid and rarely meant: one line for each at the start. */
import type { Config } from '../config/config.ts';
import { readDatabaseUrl } from '../persistence/connection/database-url.ts';

type Judged = Pick<
  Config,
  'production' | 'database' | 'trustedProxies' | 'rateLimitAllowlist' | 'corsOrigins' | 'publicUrl'
>;

export function settingWarnings(config: Judged): string[] {
  const { trustedProxies, rateLimitAllowlist, corsOrigins, publicUrl } = config;
  const isHttps = publicUrl.startsWith('https:');
  const plain = isHttps ? corsOrigins.filter((origin) => origin.startsWith('http:')) : [];
  return [
    ...(isPlainAcrossNetwork(config)
      ? [
          'DATABASE_URL names another machine and the connection is not encrypted: add sslmode=verify-full, and give DATABASE_CA for a CA of your own',
        ]
      : []),
    ...trustedProxies
      .filter(isPublicAtLarge)
      .map(
        (network) => `TRUSTED_PROXIES trusts ${network}: any client there can choose its address by X-Forwarded-For`,
      ),
    ...rateLimitAllowlist
      .filter(isPublicAtLarge)
      .map((network) => `RATE_LIMIT_ALLOWLIST holds ${network}: no limit by source applies there`),
    ...(plain.length > 0
      ? [`CORS_ORIGINS allows ${plain.join(', ')} without TLS beside an https PUBLIC_URL: use https origins`]
      : []),
  ];
}

/** The widest private networks are 10.0.0.0/8 (RFC 1918) and fc00::/7 (RFC 4193). */
function isPublicAtLarge(network: string): boolean {
  const [address = '', prefix = ''] = network.split('/');
  return prefix !== '' && Number(prefix) < (address.includes(':') ? 7 : 8);
}

function isPlainAcrossNetwork({ production, database }: Judged): boolean {
  if (!production || database.url === null) return false;
  const { client, isLoopback } = readDatabaseUrl({ ...database, url: database.url });
  return !isLoopback && !client.ssl;
}
