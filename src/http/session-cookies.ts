/**
 * The cookies of browser sessions. `__Host-` binds them to this host, over TLS, for every path (RFC 6265bis 4.1.3.2).
 * A development gateway over plain HTTP leaves out the prefix and `Secure`: Safari drops such cookies on http://localhost.
 */
import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SessionCookies } from '../graphql/request/context.ts';
import type { AllowedOrigins } from './allowed-origins.ts';

export interface CookieScheme {
  refresh: string;
  device: string;
  /** Of the browser that began a sign-in with a provider. */
  flow: string;
  attributes: CookieSerializeOptions;
}

declare module 'fastify' {
  interface FastifyInstance {
    cookieScheme: CookieScheme;
  }
}

/** The lifetime of the device token in the cookie. */
const deviceMaxAgeSeconds = 180 * 24 * 60 * 60;

/** @param secure false only for a development gateway over plain HTTP */
export function cookieScheme(secure: boolean): CookieScheme {
  const prefix = secure ? '__Host-' : '';
  return {
    refresh: `${prefix}postern_refresh`,
    device: `${prefix}postern_device`,
    flow: `${prefix}postern_flow`,
    attributes: { httpOnly: true, secure, sameSite: 'strict', path: '/' },
  };
}

export function sessionCookies(
  request: FastifyRequest,
  reply: FastifyReply,
  allowedOrigins: AllowedOrigins,
): SessionCookies {
  const { refresh, device, flow, attributes } = request.server.cookieScheme;
  const { origin } = request.headers;
  const csrfToken = request.headers['x-csrf-token'];
  return {
    refreshToken: request.cookies[refresh] ?? null,
    csrfToken: typeof csrfToken === 'string' ? csrfToken : null,
    originAllowed: origin !== undefined && allowedOrigins.allows(origin),
    keepSession: (token, expires) => void reply.setCookie(refresh, token, { ...attributes, expires }),
    keepDevice: (token) => void reply.setCookie(device, token, { ...attributes, maxAge: deviceMaxAgeSeconds }),
    flowToken: flowTokenOf(request),
    // The provider's page leads to the callback: browsers send no `SameSite=Strict` cookie there.
    keepFlow: (token, expires) => void reply.setCookie(flow, token, { ...attributes, sameSite: 'lax', expires }),
    forgetSession: () => void reply.clearCookie(refresh, attributes),
  };
}

export function flowTokenOf(request: FastifyRequest): string | null {
  return request.cookies[request.server.cookieScheme.flow] ?? null;
}

/** From the header that apps send, else from the cookie of browsers. */
export function deviceTokenOf(request: FastifyRequest): string | null {
  const header = request.headers['x-device-token'];
  return (typeof header === 'string' ? header : request.cookies[request.server.cookieScheme.device]) ?? null;
}
