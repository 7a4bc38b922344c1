/** Which hosts are this machine: one definition for the configuration, the database and the HTTP server. */
import { isIP } from 'node:net';

/** `localhost` or a loopback address (RFC 6890), without the brackets of a URL. */
export function isLoopback(host: string): boolean {
  return host.toLowerCase() === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Browsers resolve `localhost` and its subdomains to this machine, without DNS (RFC 6761 6.3). */
export function isLoopbackName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}

/** The host of a URL in lower case, an IPv6 address without its brackets. */
export function withoutBrackets(host: string): string {
  return host.toLowerCase().replace(/^\[|\]$/g, '');
}
