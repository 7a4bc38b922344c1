/** Settings that are valid and rarely meant: one line for each at the start. */
import type { Config } from '../config.ts';
import { readDatabaseUrl } from '../persistence/database-url.ts';

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
    ...(trustedProxies.some(isEveryAddress)
      ? ['TRUSTED_PROXIES trusts every address: any client can choose its own address with X-Forwarded-For']
      : []),
    ...(rateLimitAllowlist.some(isEveryAddress)
      ? ['RATE_LIMIT_ALLOWLIST holds every address: no limit by source applies']
      : []),
    ...(plain.length > 0
      ? [`CORS_ORIGINS allows ${plain.join(', ')} without TLS beside an https PUBLIC_URL: use https origins`]
      : []),
  ];
}

function isEveryAddress(network: string): boolean {
  return network.endsWith('/0');
}

function isPlainAcrossNetwork({ production, database }: Judged): boolean {
  if (!production || database.url === null) return false;
  const { client, isLoopback } = readDatabaseUrl({ ...database, url: database.url });
  return !isLoopback && !client.ssl;
}
