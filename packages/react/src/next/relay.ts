/**
 * The route handler between the browser and the gateway. To the gateway it is a browser in cookie mode: it keeps the cookies
 * and the access token in sealed cookies of the page's origin, and adds them to the requests of `@postern/client`.
 */
import { deliversTokens, withoutTokens } from './answers.ts';
import { type Gateway, headersFor, PosternUnavailable } from './gateway.ts';
import type { KeptSession, KeptSessions } from './kept-session.ts';
import { isSameOrigin } from './same-origin.ts';
import { type CookieChange, type ReadCookie, readCookies, setCookieLine } from './sealed-cookie.ts';

/** `app/api/postern/[...path]/route.ts` exports it as `POST`. */
export type Relay = (request: Request, context: { params: Promise<{ path: string[] }> }) => Promise<Response>;

/** More than any operation of the gateway takes. */
const maxBodyBytes = 256 * 1024;
/** The names of the gateway's cookies, over TLS and without (src/http/session-cookies.ts). */
const names = {
  refresh: ['__Host-postern_refresh', 'postern_refresh'],
  device: ['__Host-postern_device', 'postern_device'],
};
const returned = ['content-type', 'retry-after', 'x-request-id'];

export function createRelay(gateway: Gateway, sessions: KeptSessions): Relay {
  return async (request, { params }) => {
    const { path } = await params;
    if (path.length !== 1 || path[0] !== 'graphql') return refusal(404, 'NOT_FOUND', 'Not found.');
    if (!isSameOrigin(request.headers)) return refusal(403, 'CSRF_FAILED', 'Requests of other origins are rejected.');
    if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? ''))
      return refusal(415, 'BAD_REQUEST', 'Send a GraphQL operation as JSON.');
    const body = await readBody(request);
    if (body === null) return refusal(413, 'BAD_REQUEST', 'The request is too large.');
    const cookies = readCookies(request.headers.get('cookie'));
    const headers = await headersToGateway(request, gateway, { sessions, cookies });
    try {
      const response = await gateway.post(body, headers);
      return await answerTo(response, sessions, cookies);
    } catch (error) {
      if (!(error instanceof PosternUnavailable)) throw error;
      return refusal(503, 'SERVICE_UNAVAILABLE', 'The gateway does not answer. Try again later.');
    }
  };
}

async function headersToGateway(
  request: Request,
  { url }: Gateway,
  { sessions, cookies }: { sessions: KeptSessions; cookies: ReadCookie },
): Promise<Headers> {
  const headers = headersFor(request.headers);
  const [session, device] = [await sessions.read(cookies), await sessions.readDevice(cookies)];
  // The client sends a placeholder where it wants to act as the user.
  if (request.headers.has('authorization') && session?.accessToken)
    headers.set('authorization', `Bearer ${session.accessToken}`);
  const pairs = [
    ...(session ? names.refresh.map((name) => `${name}=${session.refreshToken}`) : []),
    ...(device ? names.device.map((name) => `${name}=${device}`) : []),
  ];
  if (pairs.length > 0) headers.set('cookie', pairs.join('; '));
  headers.set('origin', new URL(url).origin);
  return headers;
}

async function answerTo(response: Response, sessions: KeptSessions, cookies: ReadCookie): Promise<Response> {
  const text = await response.text();
  const delivered = response.headers.getSetCookie().map(readSetCookie);
  const refresh = delivered.findLast(({ name }) => names.refresh.includes(name));
  const device = delivered.findLast(({ name }) => names.device.includes(name));
  if (!refresh?.value && deliversTokens(text))
    return refusal(400, 'BAD_REQUEST', 'Tokens stay on the server. Leave out the option `delivery` of the client.');
  const cleaned = await withoutTokens(text);
  const changes: CookieChange[] = [];
  if (refresh?.value) changes.push(...(await sessions.write(keptOf(refresh, cleaned.accessToken), cookies)));
  else if (refresh) changes.push(...sessions.remove(cookies));
  if (device?.value) changes.push(...(await sessions.writeDevice(device.value, cookies)));
  const headers = new Headers({ 'cache-control': 'no-store' });
  for (const name of returned) {
    const value = response.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  for (const change of changes) headers.append('set-cookie', setCookieLine(change));
  return new Response(cleaned.text, { status: response.status, headers });
}

function keptOf({ value, maxAgeSeconds }: GatewayCookie, accessToken: string | null): KeptSession {
  return { accessToken, refreshToken: value, maxAgeSeconds };
}

interface GatewayCookie {
  name: string;
  /** Empty: the gateway removes it. */
  value: string;
  maxAgeSeconds: number;
}

function readSetCookie(line: string): GatewayCookie {
  const [pair = '', ...attributes] = line.split(/; */);
  const attribute = (name: string) =>
    attributes.find((text) => text.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
  const expires = Date.parse(attribute('expires') ?? '');
  const maxAge = Number(attribute('max-age') ?? (expires - Date.now()) / 1000);
  return {
    name: pair.split('=', 1)[0] ?? '',
    value: maxAge > 0 ? pair.slice(pair.indexOf('=') + 1) : '',
    maxAgeSeconds: Math.floor(maxAge),
  };
}

/** @returns null for a body above the limit */
async function readBody(request: Request): Promise<string | null> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) return null;
  const decoder = new TextDecoder();
  let [text, size] = ['', 0];
  for (const reader = request.body?.getReader(); reader; ) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > maxBodyBytes) return null;
    text += decoder.decode(value, { stream: true });
  }
  return text + decoder.decode();
}

/** In the form of the gateway's errors, which the client understands. */
function refusal(status: number, code: string, message: string): Response {
  return Response.json(
    { errors: [{ message, extensions: { code } }] },
    { status, headers: { 'cache-control': 'no-store' } },
  );
}
