/** Files with the places of test addresses: homes in Berlin and New York, carriers, satellites and VPNs. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MmdbValue, mmdb } from './mmdb.ts';

/** Addresses of the networks for documentation (RFC 5737, RFC 3849). */
export const addresses = {
  berlin: '192.0.2.10',
  /** Another operator in Berlin. */
  berlinOffice: '192.0.2.130',
  munich: '198.51.100.10',
  newYork: '198.51.100.130',
  /** A carrier that shows its users now in Berlin, now in Madrid. */
  carrierInBerlin: '203.0.113.10',
  carrierInMadrid: '203.0.113.40',
  vpnInTokyo: '203.0.113.70',
  dataCentreInTokyo: '203.0.113.100',
  satellite: '203.0.113.130',
  aeroplane: '203.0.113.170',
  pyongyang: '203.0.113.200',
  /** Exact to half a continent. */
  somewhereInUsa: '203.0.113.230',
  overIpv6: '2001:db8:1::1',
  unknown: '100.64.0.1',
} as const;

const berlin = placeIn('DE', 'Berlin', 52.52, 13.4);
const tokyo = placeIn('JP', 'Tokyo', 35.68, 139.69);

const cities: Record<string, MmdbValue> = {
  '192.0.2.0/24': berlin,
  '198.51.100.0/25': placeIn('DE', 'Munich', 48.14, 11.58),
  '198.51.100.128/25': placeIn('US', 'New York', 40.71, -74.01),
  '203.0.113.0/27': berlin,
  '203.0.113.32/27': placeIn('ES', 'Madrid', 40.42, -3.7),
  '203.0.113.64/27': { ...tokyo, traits: { is_anonymous_vpn: true } },
  '203.0.113.96/27': tokyo,
  '203.0.113.128/27': placeIn('US', 'Kansas City', 39.1, -94.58),
  '203.0.113.160/27': placeIn('US', 'Chicago', 41.88, -87.63),
  '203.0.113.192/27': placeIn('KP', 'Pyongyang', 39.03, 125.75),
  '203.0.113.224/27': placeIn('US', 'Wichita', 37.75, -97.82, 1000),
  '2001:db8:1::/48': placeIn('FR', 'Paris', 48.85, 2.35),
};

const operators: Record<string, MmdbValue> = {
  '192.0.2.0/25': operator(64_500, 'Home Broadband'),
  '192.0.2.128/25': operator(64_501, 'Office Fibre'),
  '198.51.100.0/25': operator(64_502, 'Bavarian Broadband'),
  '198.51.100.128/25': operator(64_503, 'Hudson Cable'),
  '203.0.113.0/26': operator(64_504, 'Mobile Carrier'),
  '203.0.113.64/27': operator(64_505, 'Island Transit'),
  '203.0.113.96/27': operator(64_506, 'M247 Europe'),
  '203.0.113.128/27': operator(64_507, 'Viasat, Inc.'),
  '203.0.113.160/27': operator(64_508, 'Panasonic Avionics Corporation'),
  '203.0.113.192/27': operator(64_509, 'Star Joint Venture'),
  '203.0.113.224/27': operator(64_510, 'Plains Telephone'),
  '2001:db8:1::/48': operator(64_511, 'Seine Broadband'),
};

export function placeIn(country: string, city: string, latitude: number, longitude: number, radius = 20) {
  return {
    country: { iso_code: country },
    city: { names: { en: city } },
    location: { latitude, longitude, accuracy_radius: radius },
  };
}

export function operator(number: number, name: string) {
  return { autonomous_system_number: number, autonomous_system_organization: name };
}

export const cityFile = (builtAt?: Date) => mmdb(cities, builtAt ? { builtAt } : {});
export const operatorFile = (builtAt?: Date) => mmdb(operators, { type: 'Test-ASN', ...(builtAt && { builtAt }) });

/** @returns the settings that name the files */
export async function writeLocationFiles(): Promise<{ GEOIP_DATABASE: string; ASN_DATABASE: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-places-'));
  const files = { GEOIP_DATABASE: join(folder, 'city.mmdb'), ASN_DATABASE: join(folder, 'asn.mmdb') };
  await writeFile(files.GEOIP_DATABASE, cityFile());
  await writeFile(files.ASN_DATABASE, operatorFile());
  return files;
}
