/**
 * Reads REDIS_URL: one server (`redis:`), a master that Sentinels name (`redis+sentinel://h1:26379,h2:26379/mymaster`), or
 * a cluster (`redis+cluster://h1:6379,h2:6379`). The same with TLS as `rediss:`, `rediss+sentinel:` and `rediss+cluster:`.
 */
import { withoutBrackets } from '../loopback.ts';
import { urlsOfHosts } from '../url-hosts.ts';

export const redisProtocols = ['redis', 'rediss'].flatMap((scheme) =>
  ['', '+sentinel', '+cluster'].map((kind) => `${scheme}${kind}:`),
);

interface Shared {
  nodes: { host: string; port: number }[];
  username: string | undefined;
  password: string | undefined;
  tls: boolean;
}

export type RedisTarget =
  | { kind: 'server'; url: string }
  | ({ kind: 'sentinel'; master: string; database: number } & Shared)
  | ({ kind: 'cluster' } & Shared);

const pathOfSentinel = /^\/([\w.-]{1,100})(?:\/(\d{1,4}))?$/;
const defaultPorts = { sentinel: 26_379, cluster: 6379 };

/** @returns what to give instead, or null; the URL has passed the checks of any URL */
export function redisUrlProblem(text: string): string | null {
  const [first, ...others] = urlsOfHosts(text);
  const { protocol, pathname, search } = new URL(first);
  if (!protocol.includes('+'))
    return others.length > 0 ? 'several hosts need redis+sentinel:// or redis+cluster://' : null;
  if (search) return 'remove the parameters after ?';
  if (protocol.endsWith('+sentinel:'))
    return pathOfSentinel.test(pathname) ? null : 'name the master, as in redis+sentinel://host:26379/mymaster';
  return pathname.replace('/', '') === '' ? null : 'remove the path: a cluster has one database and no master name';
}

export function readRedisUrl(text: string): RedisTarget {
  const urls = urlsOfHosts(text).map((url) => new URL(url));
  const { protocol = '', username = '', password = '', pathname = '' } = urls[0] ?? {};
  if (!protocol.includes('+')) return { kind: 'server', url: text };
  const kind = protocol.endsWith('+sentinel:') ? 'sentinel' : 'cluster';
  const shared = {
    nodes: urls.map(({ hostname, port }) => ({
      host: withoutBrackets(hostname) || '127.0.0.1',
      port: Number(port) || defaultPorts[kind],
    })),
    username: decodeURIComponent(username) || undefined,
    password: decodeURIComponent(password) || undefined,
    tls: protocol.startsWith('rediss'),
  };
  if (kind === 'cluster') return { kind, ...shared };
  const [, master = '', database = '0'] = pathOfSentinel.exec(pathname) ?? [];
  return { kind, master, database: Number(database), ...shared };
}
