/** Settings that are valid and rarely meant: one line for each at the start. */
import type { Config } from '../config.ts';

type Judged = Pick<Config, 'trustedProxies' | 'rateLimitAllowlist' | 'corsOrigins' | 'publicUrl'>;

export function settingWarnings({ trustedProxies, rateLimitAllowlist, corsOrigins, publicUrl }: Judged): string[] {
  const isHttps = publicUrl.startsWith('https:');
  const plain = isHttps ? corsOrigins.filter((origin) => origin.startsWith('http:')) : [];
  return [
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
