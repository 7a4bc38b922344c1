/**
 * Where calls to other servers may lead: https: on the usual ports of public addresses, and any address and port of the
 * networks in OUTBOUND_ALLOW. A name is resolved once, and the socket connects to the addresses that were checked here
 * (CWE-918).
 */
import { lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { withoutBrackets } from '../loopback.ts';
import { OutboundRefused } from './errors.ts';

export interface OutboundSettings {
  /** Networks, such as `10.0.0.0/8`, and addresses. */
  allow: readonly string[];
  /** Ports besides 443 and 8443. */
  ports: readonly number[];
}

/** Decides one address. */
type AddressRule = (address: string) => boolean;

export interface Target {
  url: URL;
  lookup: LookupFunction;
}

const usualPorts: readonly number[] = [443, 8443];
/** Addresses outside of it are not assigned to hosts on the internet (RFC 4291 2.4, IANA). */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

const forbiddenAddress =
  'the address is not public; add its network to OUTBOUND_ALLOW if the gateway is meant to call it';

/** @throws OutboundRefused */
export function targetOf(settings: OutboundSettings, text: string): Target {
  const url = readUrl(text);
  const networks = settings.allow.map(readNetwork);
  const isAllowed: AddressRule = (address) => networks.some((network) => isWithin(address, network));
  const isUsual = url.protocol === 'https:' && [...usualPorts, ...settings.ports].includes(portOf(url));
  const rule: AddressRule = (address) => isAllowed(address) || (isUsual && isPublic(address));
  if (!isUsual && networks.length === 0)
    throw new OutboundRefused('use https: on port 443, 8443 or a port of OUTBOUND_PORTS');
  // Node resolves no literal, so `lookup` never sees it.
  const host = withoutBrackets(url.hostname);
  if (isIP(host) !== 0 && !rule(host)) throw new OutboundRefused(forbiddenAddress);
  return { url, lookup: checkedLookup(rule) };
}

/** @returns what is wrong with an address, as far as it is known without resolving its name; null: nothing */
export function outboundProblem(settings: OutboundSettings, url: string): string | null {
  try {
    targetOf(settings, url);
    return null;
  } catch (error) {
    if (error instanceof OutboundRefused) return error.message;
    throw error;
  }
}

function readUrl(text: string): URL {
  if (!URL.canParse(text)) throw new OutboundRefused('the address is not a URL');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new OutboundRefused('use https:');
  if (url.username || url.password) throw new OutboundRefused('the URL contains a user or a password');
  if (text.includes('#')) throw new OutboundRefused('the URL contains a fragment');
  return url;
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}

function readNetwork(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  return ipaddr.parseCIDR(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`);
}

function isWithin(text: string, [network, bits]: [ipaddr.IPv4 | ipaddr.IPv6, number]): boolean {
  const address = ipaddr.parse(text);
  return address.kind() === network.kind() && address.match(network, bits);
}

/** An IPv4 address inside an IPv6 one (mapped, NAT64, 6to4, Teredo) is never public: it would reach a checked network. */
function isPublic(text: string): boolean {
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || address.match(globalUnicast);
}

/** One forbidden address refuses the name: a server could otherwise be reached by its other addresses. */
function checkedLookup(rule: AddressRule): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) return callback(error ?? new OutboundRefused('the name has no address'), '');
      if (!addresses.every(({ address }) => rule(address))) return callback(new OutboundRefused(forbiddenAddress), '');
      if (options.all) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}
