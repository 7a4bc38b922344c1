/**
 * The cookies of browser sessions. `__Host-` binds them to this host, over TLS, for every path (RFC 6265bis 4.1.3.2);
 * browsers make an exception of TLS for localhost.
 */
import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SessionCookies } from '../graphql/context.ts';

const sessionCookie = '__Host-postern_refresh';
const deviceCookie = '__Host-postern_device';
/** As long as the device token in it is good. */
const deviceMaxAgeSeconds = 180 * 24 * 60 * 60;
const attributes: CookieSerializeOptions = { httpOnly: true, secure: true, sameSite: 'strict', path: '/' };

/** @param allowedOrigins the gateway's own and those of CORS_ORIGINS */
export function sessionCookies(
  request: FastifyRequest,
  reply: FastifyReply,
  allowedOrigins: ReadonlySet<string>,
): SessionCookies {
  const { origin } = request.headers;
  const csrfToken = request.headers['x-csrf-token'];
  return {
    refreshToken: request.cookies[sessionCookie] ?? null,
    csrfToken: typeof csrfToken === 'string' ? csrfToken : null,
    originAllowed: origin !== undefined && allowedOrigins.has(origin),
    keepSession: (token, expires) => void reply.setCookie(sessionCookie, token, { ...attributes, expires }),
    keepDevice: (token) => void reply.setCookie(deviceCookie, token, { ...attributes, maxAge: deviceMaxAgeSeconds }),
    forgetSession: () => void reply.clearCookie(sessionCookie, attributes),
  };
}

/** From the header where scripts and apps keep it, else from the cookie where browsers do. */
export function deviceTokenOf(request: FastifyRequest): string | null {
  const header = request.headers['x-device-token'];
  return (typeof header === 'string' ? header : request.cookies[deviceCookie]) ?? null;
}
