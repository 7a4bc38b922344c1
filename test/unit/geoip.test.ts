/** The location files of the operator (app/geoip.ts): lookups, changes and damage. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { type GeoDatabases, openGeoDatabases } from '../../src/app/geoip.ts';
import { mmdb } from '../support/location/mmdb.ts';
import { addresses, cityFile, operatorFile, placeIn } from '../support/location/places.ts';

let folder: string;
let problems: [string, string][];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-geoip-'));
  problems = [];
});

async function file(name: string, content: Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function open(city: Buffer | null, networks: Buffer | null = null): Promise<GeoDatabases> {
  const settings = {
    locations: city && (await file('city.mmdb', city)),
    networks: networks && (await file('asn.mmdb', networks)),
  };
  return openGeoDatabases(settings, (...problem) => problems.push(problem));
}

test('both files together say where an address is', async () => {
  const { locate } = await open(cityFile(), operatorFile());
  expect(locate(addresses.berlin)).toEqual({
    country: 'DE',
    city: 'Berlin',
    point: { latitude: 52.52, longitude: 13.4, radiusKm: 20 },
    asn: 64_500,
    isAnonymous: false,
    isFixed: true,
  });
  expect(locate(`::ffff:${addresses.berlin}`)).toEqual(locate(addresses.berlin));
  expect(locate(addresses.overIpv6)).toMatchObject({ country: 'FR', asn: 64_511 });
  expect(locate(addresses.newYork)?.point).toMatchObject({ longitude: -74.01 });
});

test('satellites, aeroplanes and data centres are no fixed networks, and the traits of a VPN make it anonymous', async () => {
  const { locate } = await open(cityFile(), operatorFile());
  for (const address of [addresses.satellite, addresses.aeroplane, addresses.dataCentreInTokyo])
    expect(locate(address)).toMatchObject({ isFixed: false, isAnonymous: false });
  expect(locate(addresses.vpnInTokyo)).toMatchObject({ isAnonymous: true });
});

test.each([addresses.unknown, '::1', 'not an address', '', null])('%s has no place', async (address) => {
  expect((await open(cityFile(), operatorFile())).locate(address)).toBeNull();
});

test('without files no address has a place', async () => {
  const geo = await open(null);
  expect(geo.locate(addresses.berlin)).toBeNull();
  expect(geo.ages()).toEqual([]);
});

test('a file of IPv4 networks says nothing about an IPv6 address that begins with the same bits', async () => {
  const { locate } = await open(mmdb({ '32.1.13.0/24': placeIn('DE', 'Berlin', 52, 13) }, { ipVersion: 4 }));
  expect(locate('32.1.13.184')).toMatchObject({ country: 'DE' });
  expect(locate('2001:db8::1')).toBeNull();
});

test('the networks that match an address are named, with their setting', async () => {
  expect((await open(cityFile(), operatorFile())).matches(addresses.berlin)).toEqual([
    { setting: 'GEOIP_DATABASE', network: '192.0.2.0/24' },
    { setting: 'ASN_DATABASE', network: '192.0.2.0/25' },
  ]);
});

describe('a file that changes', () => {
  const madrid = () => mmdb({ '192.0.2.0/24': placeIn('ES', 'Madrid', 40, -3) }, { builtAt: new Date('2026-12-01') });

  test('is read again', async () => {
    const geo = await open(cityFile());
    await file('city.mmdb', madrid());
    expect(geo.locate(addresses.berlin)).toMatchObject({ city: 'Berlin' });
    await geo.refresh();
    expect(geo.locate(addresses.berlin)).toMatchObject({ city: 'Madrid' });
    expect(geo.ages()).toEqual([{ setting: 'GEOIP_DATABASE', builtAt: new Date('2026-12-01') }]);
    expect(problems).toEqual([]);
  });

  test.each([
    ['is cut off', cityFile().subarray(0, 100)],
    ['is empty', Buffer.alloc(0)],
    ['is a text', Buffer.from('<html>Sign in to download</html>')],
  ])('and %s is ignored, with one report', async (_name, content) => {
    const geo = await open(cityFile());
    await file('city.mmdb', content);
    await geo.refresh();
    await geo.refresh();
    expect(geo.locate(addresses.berlin)).toMatchObject({ city: 'Berlin' });
    expect(problems).toEqual([['GEOIP_DATABASE', 'the file is not an MMDB file']]);
  });

  test('and is missing is ignored, until it is back', async () => {
    const geo = await open(cityFile());
    await rm(join(folder, 'city.mmdb'));
    await geo.refresh();
    await geo.refresh();
    expect(geo.locate(addresses.berlin)).toMatchObject({ city: 'Berlin' });
    expect(problems).toEqual([['GEOIP_DATABASE', 'the file cannot be read']]);
    await file('city.mmdb', madrid());
    await geo.refresh();
    expect(geo.locate(addresses.berlin)).toMatchObject({ city: 'Madrid' });
  });
});

test('a damaged record gives no place and one report for each lookup', async () => {
  const damaged = cityFile();
  // The control bytes of the data section: an extended type that does not exist.
  damaged.fill(
    0,
    damaged.indexOf(Buffer.alloc(16)) + 16,
    damaged.indexOf(Buffer.from('\xab\xcd\xefMaxMind', 'latin1')),
  );
  const { locate } = await open(damaged);
  expect(locate(addresses.berlin)).toBeNull();
  expect(problems).toEqual([['GEOIP_DATABASE', 'the file is damaged']]);
});

test.each([
  ['a missing file', null, 'the file cannot be read'],
  ['a file that is not an MMDB file', Buffer.from('text'), 'the file is not an MMDB file'],
])('%s stops the start with the name of the setting', async (_name, content, problem) => {
  const path = content ? await file('city.mmdb', content) : join(folder, 'none.mmdb');
  await expect(openGeoDatabases({ locations: path, networks: null }, () => undefined)).rejects.toThrow(
    `GEOIP_DATABASE: ${problem}; use the path of an MMDB file that this process can read`,
  );
});
