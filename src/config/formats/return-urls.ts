/** The addresses that applications may be returned to after a sign-in with a provider. They are compared as whole texts. */
import { isLoopback, isLoopbackName, withoutBrackets } from '../../loopback.ts';
import { list } from './basic.ts';

const maxLength = 2000;

export const returnUrls = list(
  (text) => (isReturnUrl(text) ? text : null),
  'use whole addresses, comma separated, for example https://app.example.com/signed-in or com.example.app:/signed-in, without a fragment and a user; http: for this machine only',
);

/** A custom scheme has a dot, as RFC 8252 7.1 demands: `javascript:` and `data:` have none. */
function isReturnUrl(text: string): boolean {
  if (!URL.canParse(text) || text.length > maxLength || /[#\\\s*]/.test(text)) return false;
  const { protocol, username, password, hostname, href } = new URL(text);
  if (username || password || text.includes('@')) return false;
  if (/^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/.test(protocol)) return true;
  // Another spelling of the same address would never match.
  if (href !== text && href !== `${text}/`) return false;
  const host = withoutBrackets(hostname);
  return protocol === 'https:' || (protocol === 'http:' && (isLoopback(host) || isLoopbackName(host)));
}
