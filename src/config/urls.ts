/** Finds what is wrong with a URL in a setting. No problem quotes the URL: it may hold a password. */
import { BlockList, isIP } from 'node:net';
import { isLoopback, withoutBrackets } from '../loopback.ts';
import { redisProtocols } from '../ratelimit/redis-url.ts';

const encoding = 'encode % as %25, / as %2F, @ as %40, # as %23, ? as %3F and : as %3A in the user and the password';

/** Schemes whose URLs usually hold user and password, where an unencoded character ends up in another part. */
const withCredentials = new Set(['postgres:', 'postgresql:', ...redisProtocols, 'smtp:', 'smtps:']);

/** @returns what to give instead, or null */
export function urlProblem(text: string, protocols: readonly string[]): string | null {
  const protocol = /^[a-z][a-z0-9+.-]*:(?=\/\/)/i.exec(text)?.[0].toLowerCase();
  if (!protocol || !protocols.includes(protocol))
    return `use a URL that begins with ${protocols.map((one) => `${one}//`).join(' or ')}`;
  if (!URL.canParse(text)) {
    return withCredentials.has(protocol)
      ? `is not a URL: ${encoding}; use one host, and a port up to 65535`
      : 'is not a URL: use one host, and a port up to 65535';
  }
  const { username, password, hostname, pathname, search } = new URL(text);
  const isDecodable = [username, password, hostname, pathname, search].every(decodes);
  if (!isDecodable) return `encode a literal % as %25, also in the user and the password`;
  return withCredentials.has(protocol) && hasStrayCharacter(text) ? encoding : null;
}

function decodes(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** A fragment, or an `@` after an authority without one: part of an unencoded password. */
function hasStrayCharacter(text: string): boolean {
  const [, authority = '', rest = ''] = /^[^:]+:\/\/([^/?#]*)(.*)$/s.exec(text) ?? [];
  return rest.includes('#') || (rest.includes('@') && !authority.includes('@'));
}

/** Options of nodemailer that change neither TLS nor logging. */
const harmlessSmtpOptions: Readonly<Record<string, RegExp>> = {
  name: /^[\w.-]+$/,
  authMethod: /^(PLAIN|LOGIN|CRAM-MD5)$/i,
  requireTLS: /^true$/,
  localAddress: /^[\da-fA-F.:]+$/,
  'tls.servername': /^[\w.-]+$/,
  'tls.rejectUnauthorized': /^true$/,
  'tls.minVersion': /^TLSv1\.[23]$/,
};

/** In production SMTP_URL may not switch off TLS or the check of the server's certificate. */
export function smtpProblems(text: string): string[] {
  return [...new URL(text).searchParams].flatMap(([name, value]) => {
    const values = Object.hasOwn(harmlessSmtpOptions, name) ? harmlessSmtpOptions[name] : undefined;
    if (values?.test(value)) return [];
    const shown = /^[\w.]{1,40}$/.test(name) ? name : 'an option';
    return [`${shown}: is not allowed in production; remove it`];
  });
}

/** @param plainHost the one other machine that mails may reach without TLS */
export function requiresTls(smtpUrl: string, plainHost: string | undefined): boolean {
  const host = withoutBrackets(new URL(smtpUrl).hostname);
  return !isLoopback(host) && host !== plainHost;
}

/** RFC 1918 and RFC 4193. */
const privateNetworks = new BlockList();
privateNetworks.addSubnet('10.0.0.0', 8);
privateNetworks.addSubnet('172.16.0.0', 12);
privateNetworks.addSubnet('192.168.0.0', 16);
privateNetworks.addSubnet('fc00::', 7, 'ipv6');

/** A private address, or a name that public DNS does not resolve: one label, `.internal` or `.local`. */
export function isPrivateHost(host: string): boolean {
  const version = isIP(host);
  if (version !== 0) return isLoopback(host) || privateNetworks.check(host, version === 6 ? 'ipv6' : 'ipv4');
  // Resolvers read a label that begins with a digit as an address, such as 0x08080808.
  return /^[a-z][\w-]*$|^[a-z][\w-]*(\.[\w-]+)*\.(internal|local)$/.test(host);
}
