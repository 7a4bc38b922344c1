/** The origins whose scripts may read responses and use the session cookie: PUBLIC_URL's, CORS_ORIGINS, and in development every loopback origin. */
import type { Logger } from '../logger.ts';
import { isLoopback, isLoopbackName, withoutBrackets } from '../loopback.ts';

export interface AllowedOrigins {
  /** Logs a rejected origin, at most once an hour. */
  allows(origin: string): boolean;
}

export interface OriginSettings {
  publicUrl: string;
  corsOrigins: readonly string[];
  allowsLoopbackOrigins: boolean;
  logger: Logger;
  /** Milliseconds since the epoch. */
  now: () => number;
}

const hourMs = 3_600_000;
const maxReportsAnHour = 100;
/** The longest origin that browsers send: a scheme, a host name of 253 characters and a port. */
const maxOriginLength = 300;

export function createAllowedOrigins(settings: OriginSettings): AllowedOrigins {
  const { publicUrl, corsOrigins, allowsLoopbackOrigins, logger, now } = settings;
  const origins = new Set([new URL(publicUrl).origin, ...corsOrigins]);
  const reported = new Map<string, number>();

  function report(origin: string): void {
    const at = now();
    for (const [known, since] of reported) if (at - since >= hourMs) reported.delete(known);
    if (reported.has(origin) || reported.size >= maxReportsAnHour) return;
    reported.set(origin, at);
    logger.warn({ origin }, 'refused a browser origin: add it to CORS_ORIGINS if it belongs to your application');
  }

  return {
    allows(origin) {
      if (origins.has(origin)) return true;
      if (origin.length > maxOriginLength) return false;
      if (allowsLoopbackOrigins && isLoopbackOrigin(origin)) return true;
      report(origin);
      return false;
    },
  };
}

function isLoopbackOrigin(text: string): boolean {
  if (!/^https?:/.test(text) || !URL.canParse(text)) return false;
  const { origin, hostname } = new URL(text);
  return origin === text && (isLoopbackName(hostname) || isLoopback(withoutBrackets(hostname)));
}
