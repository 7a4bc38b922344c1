/** Where a network address is, as far as the sources of the operator know: GEOIP_DATABASE, ASN_DATABASE, GEO_HEADERS. */

export interface Place {
  /** ISO 3166-1 alpha-2, for example `DE`. */
  country: string | null;
  city: string | null;
  point: Point | null;
  /** The number of the autonomous system: the operator of the network. */
  asn: number | null;
  /** A VPN, a proxy or Tor. */
  isAnonymous: boolean;
  /** False for networks whose users may be far from `point`: satellites, aeroplanes, data centres. */
  isFixed: boolean;
}

/** Degrees, and the radius within which the address is. */
export interface Point {
  latitude: number;
  longitude: number;
  radiusKm: number;
}

/** @returns null for an unknown address */
export type Locate = (ipAddress: string | null) => Place | null;

/**
 * The place of a request. What a trusted proxy says (`claimed`) goes before what the files say. Where the two differ about
 * the country, city and point of the files are left out: they belong to the other country.
 */
export function placeOf(
  locate: Locate,
  client: { ipAddress: string | null; claimedPlace: Place | null },
): Place | null {
  const located = locate(client.ipAddress);
  const claimed = client.claimedPlace;
  if (claimed === null || located === null) return claimed ?? located;
  const isSameCountry = claimed.country === null || claimed.country === located.country;
  return {
    country: claimed.country ?? located.country,
    city: claimed.city ?? (isSameCountry ? located.city : null),
    point: claimed.point ?? (isSameCountry ? located.point : null),
    asn: claimed.asn ?? located.asn,
    isAnonymous: claimed.isAnonymous || located.isAnonymous,
    isFixed: claimed.isFixed && located.isFixed,
  };
}
