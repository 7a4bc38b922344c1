/**
 * The security headers of every response. Pages replace the Content-Security-Policy with their own.
 */
import type { FastifyInstance } from 'fastify';

/**
 * Only the account pages and the console need one of these: passkeys. Clipboard access stays allowed: pages have buttons for it.
 */
export const deniedFeatures = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-create',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'usb',
  'xr-spatial-tracking',
];
const permissionsPolicy = deniedFeatures.map((feature) => `${feature}=()`).join(', ');
const twoYears = 63_072_000;

/** @param overTls whether clients reach the gateway over TLS: promised without, it would lock browsers out of the host */
export function securityHeaders(overTls: boolean): Readonly<Record<string, string>> {
  return {
    'content-security-policy': "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-site',
    'origin-agent-cluster': '?1',
    'permissions-policy': permissionsPolicy,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-dns-prefetch-control': 'off',
    'x-frame-options': 'DENY',
    'x-permitted-cross-domain-policies': 'none',
    'x-xss-protection': '0',
    ...(overTls && { 'strict-transport-security': `max-age=${twoYears}; includeSubDomains` }),
  };
}

/** Writes them before any other hook can answer. They are the same for every response, and made once. */
export function registerSecurityHeaders(server: FastifyInstance, overTls: boolean): void {
  const headers = securityHeaders(overTls);
  server.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}
