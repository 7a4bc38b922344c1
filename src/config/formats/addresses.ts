/** Formats of URLs, origins, hosts and networks. Each problem says what to give instead. */
import { isIP } from 'node:net';
import { z } from 'zod';
import { withoutBrackets } from '../../loopback.ts';
import { redisProtocols, redisUrlProblem } from '../../ratelimit/redis-url.ts';
import { urlsOfHosts } from '../../url-hosts.ts';
import { isPrivateHost, urlProblem } from '../urls.ts';
import { list } from './basic.ts';

export const url = (protocols: readonly string[]) =>
  z.string().superRefine((text, context) => {
    const problem = urlProblem(text, protocols);
    if (problem) context.addIssue(problem);
  });

/** Each connection tries all of them. */
const maxServers = 8;

/** One server, or several: `postgresql://user@host1:5432,host2:5432/db`. */
export const serversUrl = (protocols: readonly string[]) =>
  z.string().superRefine((text, context) => {
    const urls = urlsOfHosts(text);
    const problem = urls.map((one) => urlProblem(one, protocols)).find((found) => found !== null) ?? listProblem(urls);
    if (problem) context.addIssue(problem);
  });

export const redisUrl = serversUrl(redisProtocols).superRefine((text, context) => {
  const problem = URL.canParse(urlsOfHosts(text)[0]) ? redisUrlProblem(text) : null;
  if (problem) context.addIssue(problem);
});

function listProblem(urls: readonly string[]): string | null {
  if (urls.length === 1) return null;
  if (urls.length > maxServers) return `names more than ${maxServers} servers`;
  return urls.every((url) => new URL(url).hostname !== '') ? null : 'name each server, as in host1:5432,host2:5432';
}

/** An address that paths are appended to: without user, query, fragment and trailing slash. */
export const baseUrl = url(['http:', 'https:']).transform((text, context) => {
  const { origin, pathname, username, password } = new URL(text);
  // A lone `?` or `#` leaves query and fragment empty.
  if (/[?#]/.test(text) || username || password) {
    context.addIssue('use an address without user, query and fragment');
    return z.NEVER;
  }
  return `${origin}${pathname.replace(/\/+$/, '')}`;
});

/** Matches what browsers send. Native shells and extensions use other schemes, such as capacitor://localhost. */
function isOrigin(text: string): boolean {
  if (!URL.canParse(text) || text.includes('*')) return false;
  const { origin, protocol } = new URL(text);
  if (origin !== 'null') return origin === text;
  return protocol !== 'file:' && /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9._-]+(:\d{1,5})?$/.test(text);
}

export const origins = list(
  (text) => (isOrigin(text) ? text : null),
  'use origins, for example https://app.example.com, comma separated, without a path and without *',
);

/**
 * Origins of native apps that use passkeys, compared exactly. Android sends `android:apk-key-hash:` and the base64url
 * SHA-256 of the app's certificate; Apple's frameworks send the https: origin or `ios:bundle-id:`.
 */
export const appOrigins = list((text) => {
  const isApp = /^[a-z][a-z0-9+.-]{0,31}:[A-Za-z0-9_:.+=-]{1,256}$/.test(text);
  const isPage = URL.canParse(text) && new URL(text).origin === text && !text.includes('*');
  return isApp || isPage ? text : null;
}, 'use origins as clients send them, for example android:apk-key-hash:… or https://app.example.com, comma separated');

/** A name, not an IP address: browsers bind passkeys to domain names only. */
export const domainName = z.string().regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z][a-z0-9-]{0,61}[a-z0-9]$/, {
  error: 'use a domain in lower case, for example example.com',
});

/** A host inside the operator's network. */
export const privateHost = z.string().transform(withoutBrackets).refine(isPrivateHost, {
  error: 'use a private address, a name without dots, or a name that ends with .internal or .local',
});

export const networks = list((text) => {
  const [address = '', bits, ...rest] = text.split('/');
  const version = /^::ffff:/i.test(address) ? 0 : isIP(address);
  const width = version === 4 ? 32 : 128;
  const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= width);
  return version !== 0 && rest.length === 0 && fits ? text : null;
}, 'use networks, comma separated, for example 10.0.0.0/8,fd00::/8');

/** Mail programs of recipients load it. */
export const imageUrl = url(['https:']).transform((text) => new URL(text).href);

const supportPattern = /^mailto:[^\s<>@?]+@[^\s<>@?]+$|^https:\/\/[^\s<>@]+$/;

export const supportUrl = z.string().refine((text) => supportPattern.test(text) && URL.canParse(text), {
  error: 'use an address, for example https://example.com/help or mailto:help@example.com',
});
