/** Where a request came from, as the rest of the house sees it. */
import type { FastifyRequest } from 'fastify';
import type { Client } from '../domain/caller.ts';

const maxUserAgentLength = 512;

/** `request.ip` has been walked right to left through TRUSTED_PROXIES; an IPv4 address mapped into IPv6 is that IPv4 address. */
export function clientOf(request: FastifyRequest): Client {
  return {
    ipAddress: request.ip ? request.ip.replace(/^::ffff:(?=\d+\.)/i, '') : null,
    userAgent: request.headers['user-agent']?.slice(0, maxUserAgentLength) || null,
    requestId: request.id,
  };
}
