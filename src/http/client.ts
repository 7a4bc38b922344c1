/** The source of a request: address, user agent, location as a proxy names it, request id, device token. */
import type { FastifyRequest } from 'fastify';
import type { Client } from '../domain/caller.ts';
import { canonicalAddress } from '../domain/source.ts';
import { deviceTokenOf } from './session-cookies.ts';

const maxUserAgentLength = 512;

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
  };
}

/**
 * `request.ip` has been walked right to left through TRUSTED_PROXIES, but what a proxy forwards may be anything: some add
 * the port, link-local addresses have a zone.
 */
function addressIn(text: string): string | null {
  return canonicalAddress(text.replace(/^\[(.+)\](:\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1'));
}
