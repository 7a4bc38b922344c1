/** The source of a request, as limits and sign-in mails see it: one customer can own many neighbouring addresses. */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** One source: an IPv4 address, or the /64 that an IPv6 customer has at least. */
export function sourceOf(ipAddress: string | null): string {
  return prefixOf(ipAddress, { ipv4: 32, ipv6: 64 }) ?? 'unknown';
}

/** The /48 around an IPv6 source, which holds 65,536 sources and may belong to one customer; null for IPv4. */
export function networkOfSource(ipAddress: string | null): string | null {
  return prefixOf(ipAddress, { ipv4: 0, ipv6: 48 });
}

/** The limit of a /48 is the limit of one source times this. */
export const networkTimes = 16;

/** The network of a sign-in: wide enough that a new address of the same provider counts as known. */
export function networkOf(ipAddress: string | null): string | null {
  return prefixOf(ipAddress, { ipv4: 24, ipv6: 48 });
}

/**
 * One spelling for every address: RFC 5952, without a zone, and IPv4 for an IPv4 address mapped into IPv6.
 * @returns null for text that is not an address
 */
export function canonicalAddress(text: string): string | null {
  const address = readAddress(text);
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : (address?.toString() ?? null);
}

/** A network as it is configured, and read once: every request is compared with it. */
export interface Network {
  text: string;
  address: ipaddr.IPv4 | ipaddr.IPv6;
  bits: number;
}

export type Networks = readonly Network[];

/** @param texts valid networks, such as `10.0.0.0/8`, and addresses */
export function readNetworks(texts: readonly string[]): Networks {
  return texts.map((text) => {
    const [address, bits] = ipaddr.parseCIDR(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`);
    return { text, address, bits };
  });
}

/**
 * One spelling for every network, without bits outside of its prefix, for example `10.0.0.0/8`. An address is the network
 * that holds only itself.
 * @returns null for other texts, and for IPv4 networks that are written as IPv6: no address would match them
 */
export function canonicalNetwork(text: string): string | null {
  const [address = '', bits, ...rest] = text.split('/');
  const version = /^::ffff:/i.test(address) ? 0 : isIP(address);
  const width = version === 4 ? 32 : 128;
  const length = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (version === 0 || rest.length > 0 || !(length <= width) || address.includes('%')) return null;
  const family = version === 4 ? ipaddr.IPv4 : ipaddr.IPv6;
  return `${family.networkAddressFromCIDR(`${address}/${length}`).toString()}/${length}`;
}

export function isWithin(ipAddress: string | null, networks: Networks): boolean {
  if (networks.length === 0) return false;
  const own = readAddress(ipAddress ?? '');
  return (
    own !== null && networks.some(({ address, bits }) => own.kind() === address.kind() && own.match(address, bits))
  );
}

/** @returns null for text that is not an address */
function readAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  const [address = ''] = text.split('%', 1);
  return address.length > 45 || isIP(address) === 0 ? null : ipaddr.process(address);
}

/** @param bits 0: addresses of this family have no such prefix */
function prefixOf(ipAddress: string | null, bits: { ipv4: number; ipv6: number }): string | null {
  const address = readAddress(ipAddress ?? '');
  if (address === null) return null;
  const length = bits[address.kind()];
  if (length === 0) return null;
  const family = address.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  return `${family.networkAddressFromCIDR(`${address.toString()}/${length}`).toString()}/${length}`;
}
