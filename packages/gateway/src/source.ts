/** The address of the client: the connection's, or the one that trusted proxies forward (right to left). */
import { BlockList, isIP } from 'node:net';
import { GatewayError } from './options.ts';

export type SourceOf = (connection: string | undefined, forwardedFor: string | null) => string;

/** Entries beyond are not read: every trusted proxy adds one. */
const mostEntries = 20;

/** @throws GatewayError for an entry that is neither an address nor a network */
export function createSource(trustedProxies: readonly string[] = []): SourceOf {
  const trusted = new BlockList();
  for (const entry of trustedProxies) add(trusted, entry);
  const isTrusted = (address: string) => trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return (connection, forwardedFor) => {
    let source = canonical(connection ?? '');
    const entries = (forwardedFor ?? '').split(',').slice(-mostEntries).reverse();
    for (const entry of entries) {
      if (source === '' || !isTrusted(source)) break;
      const forwarded = canonical(entry.trim());
      if (forwarded === '') break;
      source = forwarded;
    }
    return source;
  };
}

function add(list: BlockList, entry: string): void {
  const [address = '', bits, ...others] = entry.split('/');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  try {
    if (others.length > 0 || isIP(address) === 0) throw new Error('no address');
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  } catch (cause) {
    throw new GatewayError('OPTION_INVALID', `trustedProxies: "${entry}" is neither an address nor a network.`, {
      cause,
    });
  }
}

/** IPv4 without the IPv6 prefix of dual-stack sockets, without a port. Empty: no address. */
function canonical(text: string): string {
  const address = text
    .replace(/^\[(.+)\](:\d+)?$/, '$1')
    .replace(/^([\d.]+):\d+$/, '$1')
    .replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(address) === 0 ? '' : address;
}

/** What a limit counts by: an IPv6 client owns a whole network of 64 bits. */
export function limitKeyOf(source: string): string {
  if (isIP(source) !== 6) return source;
  const [head = '', tail] = source.split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail === undefined ? [] : tail.split(':').filter(Boolean);
  const groups = tail === undefined ? left : [...left, ...Array(8 - left.length - right.length).fill('0'), ...right];
  return groups.slice(0, 4).join(':');
}
