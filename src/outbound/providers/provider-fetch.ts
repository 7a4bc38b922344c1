/** The `fetch` of the protocol libraries, on the gateway's own client. */
import type { CustomFetch } from 'openid-client';
import type { Outbound } from '../outbound.ts';

export function providerFetch(outbound: Outbound): CustomFetch {
  return (url, { method, headers, body }) =>
    outbound.fetch(url, { purpose: 'identity_provider', method, headers, body: textOf(body) });
}

/** The libraries send forms and nothing else. */
function textOf(body: unknown): string | null {
  if (body == null) return null;
  if (typeof body === 'string' || body instanceof URLSearchParams) return String(body);
  throw new Error('a provider is sent forms only');
}
