/** Does the gateway learn the addresses of its clients? */
import type { DoctorDeps } from './deps.ts';
import { type Finding, ok, warn } from './finding.ts';

export function checkProxies({ publicUrl, trustedProxies }: DoctorDeps): Finding[] {
  if (trustedProxies.length > 0) return [ok(`TRUSTED_PROXIES names ${trustedProxies.join(', ')}`)];
  if (!publicUrl.startsWith('https:')) return [ok('PUBLIC_URL is http: no proxy terminates TLS')];
  return [
    warn(
      'PUBLIC_URL is https and TRUSTED_PROXIES is empty, so all clients share the address of the proxy and its limits',
      'set TRUSTED_PROXIES to the addresses of the proxies in front of the gateway',
    ),
  ];
}
