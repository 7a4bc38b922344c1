/** Where a request came from, as the rest of the house sees it. */
import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { Client } from '../domain/caller.ts';
import { deviceTokenOf } from './session-cookies.ts';

const maxUserAgentLength = 512;

export function clientOf(request: FastifyRequest): Client {
  return {
    ipAddress: addressIn(request.ip) ?? addressIn(request.socket.remoteAddress ?? ''),
    userAgent: request.headers['user-agent']?.slice(0, maxUserAgentLength) || null,
    requestId: request.id,
    deviceToken: deviceTokenOf(request),
  };
}

/**
 * `request.ip` has been walked right to left through TRUSTED_PROXIES, but what a proxy forwards may be anything: some
 * add the port. An IPv4 address mapped into IPv6 is that IPv4 address.
 */
function addressIn(text: string): string | null {
  const withoutPort = text.replace(/^\[(.+)\](:\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1');
  const address = withoutPort.replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(address) === 0 ? null : address;
}
