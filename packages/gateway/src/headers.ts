/** Which headers pass: from clients to the gateway, and from the gateway to each subgraph. */

/** Headers that only the gateway sets. */
const reserved = /^(x-postern-|router-authorization$)/;
/** Headers that no subgraph receives from anyone but this file. */
const credentials = new Set(['authorization', 'cookie', 'proxy-authorization', 'x-device-token', 'x-captcha-token']);
/** A longer header is not forwarded: Postern would refuse it. */
const longestHeader = 8300;

/** Some servers read `_` as `-`. */
function isReserved(name: string): boolean {
  return reserved.test(name.toLowerCase().replaceAll('_', '-'));
}

export function stripReserved(headers: Headers): void {
  for (const name of [...headers.keys()]) if (isReserved(name)) headers.delete(name);
}

/** Removes what a plug-in or a configuration of the engine adds beside `set`. */
export function withoutForeign(
  headers: Readonly<Record<string, string>>,
  set: Readonly<Record<string, string>>,
): Record<string, string> {
  const others = Object.entries(headers).filter(
    ([name]) => !isReserved(name) && !credentials.has(name.toLowerCase()) && !(name.toLowerCase() in set),
  );
  return { ...Object.fromEntries(others), ...set };
}

export interface ForwardedRequest {
  headers: Headers;
  source: string;
  routerSecret: string;
}

/** Postern reads the credential itself, and counts by the address of the client. */
export function headersForPostern({ headers, source, routerSecret }: ForwardedRequest): Record<string, string> {
  const names = ['authorization', 'user-agent', 'x-request-id', 'x-device-token', 'x-captcha-token'];
  const passed = names.flatMap((name) => {
    const value = headers.get(name);
    return value && value.length <= longestHeader ? [[name, value]] : [];
  });
  return {
    ...Object.fromEntries(passed),
    'router-authorization': routerSecret,
    ...(source !== '' && { 'x-forwarded-for': source }),
  };
}

/** @param token null for an anonymous caller */
export function headersForSubgraph(token: string | null): Record<string, string> {
  return token === null ? {} : { 'x-postern-identity': token };
}
