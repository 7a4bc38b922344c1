/** Renews the session before pages are rendered: a page can set no cookie, so it cannot renew. */
import { type NextRequest, NextResponse } from 'next/server';
import { headersFor } from './gateway.ts';
import { endsWithin, type KeptSession, type KeptSessions } from './kept-session.ts';
import type { Settings } from './options.ts';
import type { Renewal } from './renewal.ts';
import { type CookieChange, cookieHeaderAfter, readCookies, setCookieLine } from './sealed-cookie.ts';

export type SessionProxy = (request: NextRequest) => Promise<NextResponse>;

/** Renewed so long before its end, so that a page that takes a while still has a valid token. */
const marginSeconds = 60;
/** The relay (relay.ts): there the client of the browser renews by itself. */
const relayPath = '/api/postern/';

interface Dependencies {
  settings: () => Settings;
  sessions: () => KeptSessions;
  renew: (session: KeptSession, headers: Headers) => Promise<Renewal>;
}

export function createProxy({ settings, sessions, renew }: Dependencies): SessionProxy {
  return async (request) => {
    const { pathname } = request.nextUrl;
    if (pathname.startsWith(relayPath) || isPrefetch(request.headers)) return NextResponse.next();
    const cookies = readCookies(request.headers.get('cookie'));
    const session = await sessions().read(cookies);
    const renewal =
      session && endsWithin(session.accessToken, marginSeconds)
        ? await renew(session, headersFor(request.headers))
        : null;
    const changes = await changesAfter(renewal);
    const isSignedIn = session !== null && renewal !== 'ended';
    const response = isSignedIn || isOpen(request) ? forwarded(request, changes) : toSignIn(request);
    // Not by `response.cookies`: it repeats the value in a header that scripts can read.
    for (const change of changes) response.headers.append('set-cookie', setCookieLine(change));
    return response;

    async function changesAfter(result: Renewal | null): Promise<CookieChange[]> {
      if (result === 'ended') return sessions().remove(cookies);
      return result === null || result === 'later' ? [] : sessions().write(result, cookies);
    }
  };

  /** Server actions and route handlers answer by themselves. */
  function isOpen({ method, nextUrl: { pathname } }: NextRequest): boolean {
    const { publicPaths } = settings();
    return (
      publicPaths === null || !['GET', 'HEAD'].includes(method) || publicPaths.some((path) => covers(path, pathname))
    );
  }

  function toSignIn({ nextUrl: { origin, pathname, search } }: NextRequest): NextResponse {
    const url = new URL(settings().signInPath, origin);
    url.searchParams.set('returnTo', `${pathname}${search}`);
    return NextResponse.redirect(url, 307);
  }
}

/** So that the page sees the new tokens in this request already. */
function forwarded(request: NextRequest, changes: readonly CookieChange[]): NextResponse {
  if (changes.length === 0) return NextResponse.next();
  const headers = new Headers(request.headers);
  const cookie = cookieHeaderAfter(headers.get('cookie'), changes);
  if (cookie === null) headers.delete('cookie');
  else headers.set('cookie', cookie);
  return NextResponse.next({ request: { headers } });
}

/** A browser may drop the answer to a prefetch, and with it the new session. Those of the router are left to the matcher (docs/next.md). */
function isPrefetch(headers: Headers): boolean {
  return `${headers.get('purpose')} ${headers.get('sec-purpose')}`.includes('prefetch');
}

/** `/blog/*` covers every path below `/blog`. */
function covers(path: string, pathname: string): boolean {
  return path.endsWith('/*') ? pathname.startsWith(path.slice(0, -1)) : pathname === path;
}
