/** The source of a request: address, user agent, location as a proxy names it, request id, device token. */
import type { FastifyRequest } from 'fastify';
import { maxCaptchaTokenUnits } from '../domain/attempts/captcha.ts';
import type { Client } from '../domain/caller.ts';
import { canonicalAddress } from '../domain/source.ts';
import { deviceTokenOf } from './session-cookies.ts';

const maxUserAgentLength = 512;
/** A longer one is no token: the first unit beyond the maximum tells. */
const maxCaptchaTokenLength = maxCaptchaTokenUnits + 1;

declare module 'fastify' {
  interface FastifyRequest {
    /** Set when it is first asked for. */
    client: Client | null;
  }
}

/** Read once per request, and not before the hooks of the cookie plugin. */
export function clientOf(request: FastifyRequest): Client {
  request.client ??= readClient(request);
  return request.client;
}

function readClient(request: FastifyRequest): Client {
  return {
    ipAddress: addressIn(request.ip) ?? addressIn(request.socket.remoteAddress ?? ''),
    userAgent: request.headers['user-agent']?.slice(0, maxUserAgentLength) || null,
    namesLanguage: Boolean(request.headers['accept-language']),
    claimedPlace: request.server.claimedPlaceOf(request),
    requestId: request.id,
    deviceToken: deviceTokenOf(request),
    captchaToken: captchaTokenOf(request),
  };
}

function captchaTokenOf({ headers }: FastifyRequest): string | null {
  const header = headers['x-captcha-token'];
  return typeof header === 'string' ? header.slice(0, maxCaptchaTokenLength) || null : null;
}

/**
 * `request.ip` has been walked right to left through TRUSTED_PROXIES, but what a proxy forwards may be anything: some add
 * the port, link-local addresses have a zone.
 */
function addressIn(text: string): string | null {
  return canonicalAddress(text.replace(/^\[(.+)\](:\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1'));
}
