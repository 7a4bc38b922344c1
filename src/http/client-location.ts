/**
 * The location that a proxy of the operator names in headers. Only a peer of TRUSTED_PROXIES is believed, and that proxy
 * must remove these headers from the requests of clients: docs/risk.md shows how.
 */
import type { FastifyRequest } from 'fastify';
import type { Place } from '../domain/place.ts';
import { isWithin, readNetworks } from '../domain/source.ts';

/** Names of headers in lower case; null: the proxy sends no such header. */
export interface GeoHeaders {
  country: string | null;
  city: string | null;
  asn: string | null;
}

export type ReadClaimedPlace = (request: FastifyRequest) => Place | null;

declare module 'fastify' {
  interface FastifyInstance {
    /** @returns null without GEO_HEADERS, from another peer, and where the headers say nothing */
    claimedPlaceOf: ReadClaimedPlace;
  }
}

const maxHeaderLength = 200;
const maxCityLength = 100;

export function createClaimedPlaces(headers: GeoHeaders | null, trustedProxies: readonly string[]): ReadClaimedPlace {
  if (headers === null) return () => null;
  const trusted = readNetworks(trustedProxies);
  return (request) => {
    if (!isWithin(request.socket.remoteAddress ?? null, trusted)) return null;
    const read = (name: string | null) => (name === null ? null : headerOf(request, name));
    return placeFrom(read(headers.country), read(headers.city), read(headers.asn));
  };
}

/** A header that is sent twice is joined by Node with a comma, and is then no country and no number. */
function placeFrom(countryText: string | null, cityText: string | null, asnText: string | null): Place | null {
  // Cloudflare names Tor `T1` and an unknown country `XX`.
  const isTor = countryText === 'T1';
  const country = countryText !== null && /^[A-Z]{2}$/.test(countryText) && countryText !== 'XX' ? countryText : null;
  const [, digits] = /^(?:AS)?(\d{1,10})$/.exec(asnText ?? '') ?? [];
  const asn = digits === undefined ? null : Number(digits);
  if (country === null && asn === null && !isTor) return null;
  const city = country === null || cityText === null ? null : readableCity(cityText);
  return { country, city, point: null, asn, isAnonymous: isTor, isFixed: true };
}

function headerOf({ headers }: FastifyRequest, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' && value.length <= maxHeaderLength ? value.trim() || null : null;
}

/** CloudFront encodes a city in percent notation, Cloudflare sends UTF-8, of which Node makes Latin-1. */
function readableCity(text: string): string | null {
  const city = text.includes('%') ? fromPercent(text) : fromLatin1(text);
  return city === null || city.length > maxCityLength || /[\p{Cc}\p{Cs}]/u.test(city) ? null : city;
}

function fromPercent(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function fromLatin1(text: string): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'));
  } catch {
    return null;
  }
}
