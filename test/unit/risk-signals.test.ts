/** Which signals a sign-in gets (domain/risk/): the traps of location data, habits and thresholds, from plain values. */
import { describe, expect, test } from 'vitest';
import { placeFrom } from '../../src/app/geoip-records.ts';
import { secondsAfter } from '../../src/domain/clock.ts';
import { type Place, placeOf } from '../../src/domain/place.ts';
import { looksAutomated } from '../../src/domain/risk/automation.ts';
import { type Habits, habitsAfter } from '../../src/domain/risk/habits.ts';
import { defaultRules, isRefused } from '../../src/domain/risk/rules.ts';
import { assessmentOf } from '../../src/domain/risk/score.ts';
import { type SignInFacts, signalsOf } from '../../src/domain/risk/signals.ts';
import { distanceBetween } from '../../src/domain/risk/travel.ts';
import { readNetworks } from '../../src/domain/source.ts';
import type { RiskSignal } from '../../src/persistence/risk/risk-assessment.ts';

const hour = 60 * 60;
const day = 24 * hour;
const start = new Date('2026-03-02T09:00:00Z');

const berlin = place({ country: 'DE', city: 'Berlin', asn: 64500, latitude: 52.5, longitude: 13.4 });
const newYork = place({ country: 'US', city: 'New York', asn: 64503, latitude: 40.7, longitude: -74 });

interface GivenPlace extends Partial<Omit<Place, 'point'>> {
  latitude?: number;
  longitude?: number;
  radiusKm?: number;
}

function place({ latitude = 0, longitude = 0, radiusKm = 20, ...given }: GivenPlace): Place {
  const nothing = { country: null, city: null, asn: null, isAnonymous: false, isFixed: true };
  return { ...nothing, point: { latitude, longitude, radiusKm }, ...given };
}

/** The habits after sign-ins from each of these places, a day apart. */
function habitsOf(places: readonly (Place | null)[]): Habits {
  const [first = null, ...later] = places;
  return later.reduce(
    (habits, next, index) => habitsAfter(habits, next, secondsAfter(start, (index + 1) * day)),
    habitsAfter(null, first, start),
  );
}

const home = habitsOf(Array.from({ length: 10 }, () => berlin));
const lastAtHome = secondsAfter(start, 9 * day);

function facts(given: Partial<SignInFacts>): SignInFacts {
  return {
    now: secondsAfter(lastAtHome, hour),
    headers: { userAgent: 'Mozilla/5.0 Firefox/140.0', namesLanguage: true },
    place: berlin,
    habits: home,
    isTrustedDevice: true,
    isFamiliar: true,
    isKnownNetwork: true,
    lastActiveAt: lastAtHome,
    failsAtManyAccounts: false,
    hasBreachedPassword: false,
    hasDisposableMail: false,
    ...given,
  };
}

const signals = (given: Partial<SignInFacts>) => signalsOf(facts(given));

test('a usual sign-in has no signal', () => expect(signals({})).toEqual([]));

test('the first sign-in of an account has no signal of novelty', () => {
  const first = { habits: null, lastActiveAt: null, isTrustedDevice: false, isFamiliar: false, isKnownNetwork: false };
  expect(signals({ ...first, place: newYork })).toEqual([]);
});

describe('novelty', () => {
  test('another country with another operator is reported', () => {
    expect(signals({ place: newYork, isKnownNetwork: false, now: secondsAfter(lastAtHome, day) })).toEqual([
      'NEW_NETWORK',
      'NEW_COUNTRY',
      'NEW_ASN',
    ]);
  });

  test('an unknown device is reported, unless its browser signed in from this network before', () => {
    expect(signals({ isTrustedDevice: false, isFamiliar: false })).toEqual(['NEW_DEVICE']);
    expect(signals({ isTrustedDevice: false, isFamiliar: true })).toEqual([]);
  });

  test('an account is learned for five sign-ins or seven days, whichever ends first', () => {
    const fewAndYoung = habitsOf([berlin, berlin]);
    const now = secondsAfter(start, 2 * day);
    expect(signals({ habits: fewAndYoung, place: { ...newYork, point: null }, isKnownNetwork: false, now })).toEqual(
      [],
    );
    const afterAWeek = secondsAfter(start, 7 * day);
    expect(signals({ habits: fewAndYoung, place: { ...newYork, point: null }, now: afterAWeek })).toContain(
      'NEW_COUNTRY',
    );
    const fiveAtOnce = [1, 2, 3, 4].reduce(
      (habits) => habitsAfter(habits, berlin, start),
      habitsAfter(null, berlin, start),
    );
    expect(signals({ habits: fiveAtOnce, place: { ...newYork, point: null }, now })).toContain('NEW_COUNTRY');
  });

  test('a country is forgotten after 180 days', () => {
    const withTrip = habitsAfter(home, newYork, secondsAfter(lastAtHome, day));
    const later = habitsAfter(withTrip, berlin, secondsAfter(lastAtHome, 150 * day));
    const at = (days: number) => signals({ habits: later, place: newYork, now: secondsAfter(lastAtHome, days * day) });
    expect(at(170)).not.toContain('NEW_COUNTRY');
    expect(at(190)).toContain('NEW_COUNTRY');
  });

  test('an unknown location is no new one', () => {
    expect(signals({ place: null })).toEqual([]);
    expect(signals({ habits: habitsOf(Array.from({ length: 10 }, () => null)), place: newYork })).toEqual([]);
  });

  test('habits stay bounded, whatever the number of sign-ins and of operators', () => {
    const places = Array.from({ length: 500 }, (_, asn) => place({ country: 'DE', asn }));
    const habits = habitsOf(places);
    expect(habits.asns).toHaveLength(40);
    expect(habits.countries).toHaveLength(1);
    expect(Math.max(...habits.hours)).toBeLessThan(257);
    expect(habits.signIns).toBe(500);
  });

  test('the last point is stored to a tenth of a degree', () => {
    const exact = place({ asn: 1, latitude: 52.523_456, longitude: -13.398_765 });
    expect(habitsAfter(null, exact, start).last).toMatchObject({ latitude: 52.5, longitude: -13.4 });
  });
});

describe('hours', () => {
  test('a sign-in at an hour far from all others is reported', () => {
    expect(signals({ now: new Date('2026-03-12T21:00:00Z') })).toEqual(['UNUSUAL_HOUR']);
  });

  test.each(['07', '08', '10', '11'])('a sign-in at %s:00 is within a change of the clock or the time zone', (at) => {
    expect(signals({ now: new Date(`2026-03-12T${at}:00:00Z`) })).toEqual([]);
  });

  test('nine sign-ins are too few to know the hours of an account', () => {
    const few = habitsOf(Array.from({ length: 9 }, () => berlin));
    expect(signals({ habits: few, now: new Date('2026-03-12T21:00:00Z') })).toEqual([]);
  });

  test('a sign-in shortly before midnight is near one shortly after it', () => {
    const night = Array.from({ length: 12 }).reduce<Habits | null>(
      (habits, _, index) => habitsAfter(habits, berlin, new Date(Date.UTC(2026, 2, 2 + index, 0, 30))),
      null,
    );
    expect(signals({ habits: night, now: new Date('2026-03-14T23:30:00Z') })).toEqual([]);
  });
});

describe('idle accounts', () => {
  test('an account that was not used for 90 days is reported', () => {
    expect(signals({ now: secondsAfter(lastAtHome, 89 * day) })).toEqual([]);
    expect(signals({ now: secondsAfter(lastAtHome, 91 * day) })).toEqual(['LONG_IDLE']);
  });
});

describe('impossible travel', () => {
  const travels = (given: Partial<SignInFacts>) => signals(given).includes('IMPOSSIBLE_TRAVEL');

  test('Berlin and New York within an hour are reported', () => expect(travels({ place: newYork })).toBe(true));

  test('the owner who signs in after an attacker is reported as well', () => {
    const attacked = habitsAfter(home, newYork, secondsAfter(lastAtHome, hour));
    expect(travels({ habits: attacked, now: secondsAfter(lastAtHome, 2 * hour) })).toBe(true);
  });

  test('a flight is possible', () =>
    expect(travels({ place: newYork, now: secondsAfter(lastAtHome, 9 * hour) })).toBe(false));

  test('a clock that went back divides by nothing', () => {
    expect(travels({ place: newYork, now: secondsAfter(lastAtHome, -hour) })).toBe(true);
  });

  test.each<[string, Place]>([
    ['a carrier that shows its users in another city', { ...newYork, asn: 64500 }],
    ['a VPN that the file knows', { ...newYork, isAnonymous: true }],
    ['a VPN in a rented data centre, a satellite or an aeroplane', { ...newYork, isFixed: false }],
    [
      'an address that is placed in the middle of its country',
      place({ country: 'US', asn: 64503, latitude: 40.7, longitude: -74, radiusKm: 1000 }),
    ],
    ['an operator without a number', { ...newYork, asn: null }],
    ['a place without a point', { ...newYork, point: null }],
    ['a city 400 km away', place({ country: 'DE', asn: 64502, latitude: 48.9, longitude: 13.4 })],
  ])('%s is no travel', (_name, at) => expect(travels({ place: at })).toBe(false));

  test('a VPN that the file does not know is no travel once its operator is known', () => {
    const withVpn = [1, 2].reduce(
      (habits, times) =>
        habitsAfter(habits, times === 2 ? newYork : berlin, secondsAfter(lastAtHome, times * 12 * hour)),
      habitsAfter(home, newYork, secondsAfter(lastAtHome, hour)),
    );
    expect(travels({ habits: withVpn, place: berlin, now: secondsAfter(lastAtHome, 25 * hour) })).toBe(false);
  });

  test.each([
    [52.5, 13.4, 40.7, -74, 6386],
    [0, 179.9, 0, -179.9, 22],
    [90, 0, -90, 0, 20_015],
    [10, 10, 10, 10, 0],
  ])('the distance from %d %d to %d %d is %d km', (latitude, longitude, latitude2, longitude2, km) => {
    const distance = distanceBetween({ latitude, longitude }, { latitude: latitude2, longitude: longitude2 });
    expect(Math.round(distance)).toBe(km);
  });
});

describe('automation', () => {
  test.each(['curl/8.5.0', 'python-requests/2.32', 'Mozilla/5.0 HeadlessChrome/140.0', 'Go-http-client/2.0', null])(
    '%s looks automated',
    (userAgent) => expect(looksAutomated({ userAgent, namesLanguage: true })).toBe(true),
  );

  test.each(['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Nodeshop/3 CFNetwork/1568'])(
    '%s with a language looks like a browser or an app',
    (userAgent) => expect(looksAutomated({ userAgent, namesLanguage: true })).toBe(false),
  );

  test('a request without a language looks automated, unless the account trusts its device', () => {
    const headers = { userAgent: 'Mozilla/5.0', namesLanguage: false };
    expect(signals({ headers, isTrustedDevice: false })).toEqual(['AUTOMATION']);
    expect(signals({ headers })).toEqual([]);
  });
});

describe('the score', () => {
  const all = { possible: { captcha: true, secondStep: true }, isRefused: false };
  const assess = (found: RiskSignal[], how = all) => assessmentOf(found, defaultRules, how);

  test.each<[RiskSignal[], number, string, string]>([
    [[], 0, 'LOW', 'NONE'],
    [['NEW_DEVICE', 'NEW_NETWORK'], 15, 'LOW', 'NONE'],
    [['ANONYMISER'], 20, 'MEDIUM', 'MAIL'],
    [['IMPOSSIBLE_TRAVEL'], 40, 'MEDIUM', 'CAPTCHA'],
    [['NEW_COUNTRY', 'NEW_ASN', 'AUTOMATION'], 60, 'HIGH', 'SECOND_STEP'],
  ])('%s gives %d points, %s and %s', (found, score, level, action) => {
    expect(assess(found)).toEqual({ signals: found, score, level, action });
  });

  test('an impossible action becomes the one before it', () => {
    const risky: RiskSignal[] = ['IMPOSSIBLE_TRAVEL', 'NEW_COUNTRY'];
    const actionWith = (captcha: boolean, secondStep: boolean) =>
      assess(risky, { possible: { captcha, secondStep }, isRefused: false }).action;
    expect(actionWith(true, false)).toBe('CAPTCHA');
    expect(actionWith(false, false)).toBe('MAIL');
  });

  test('points alone never refuse a sign-in', () => {
    expect(assess(['IMPOSSIBLE_TRAVEL', 'MANY_ACCOUNTS_FROM_SOURCE', 'ANONYMISER', 'AUTOMATION']).action).toBe(
      'SECOND_STEP',
    );
    expect(assess([], { ...all, isRefused: true })).toMatchObject({ score: 0, action: 'REFUSE' });
  });
});

describe('a rule that refuses a country', () => {
  const rule = { countries: ['KP'], exceptRoles: ['SUPER_ADMIN'], exceptNetworks: readNetworks(['203.0.113.200/32']) };
  const ask = (given: Partial<Parameters<typeof isRefused>[1]>) =>
    isRefused(rule, { country: 'KP', role: 'USER', ipAddress: '203.0.113.201', ...given });

  test('refuses a user there', () => expect(ask({})).toBe(true));
  test.each([{ role: 'SUPER_ADMIN' }, { ipAddress: '203.0.113.200' }, { country: 'DE' }, { country: null }])(
    'admits %j',
    (given) => expect(ask(given)).toBe(false),
  );
});

describe('places', () => {
  const client = { ipAddress: '192.0.2.1', claimedPlace: null };
  const claimed: Place = { country: 'FR', city: null, point: null, asn: null, isAnonymous: false, isFixed: true };

  test('the header of a proxy goes before the file, and takes no city of another country from it', () => {
    expect(placeOf(() => berlin, { ...client, claimedPlace: claimed })).toEqual({ ...claimed, asn: 64500 });
    expect(placeOf(() => berlin, { ...client, claimedPlace: { ...claimed, country: 'DE' } })).toEqual(berlin);
    expect(placeOf(() => null, { ...client, claimedPlace: claimed })).toBe(claimed);
    expect(placeOf(() => berlin, client)).toBe(berlin);
  });

  test('a record of IPinfo is read like one of MaxMind', () => {
    expect(
      placeFrom({ country_code: 'DE', city: 'Berlin', asn: 'AS3320', as_name: 'Telekom' }, undefined),
    ).toMatchObject({
      country: 'DE',
      city: 'Berlin',
      asn: 3320,
      point: null,
    });
  });

  test.each<[string, unknown]>([
    ['a country of three letters', { country: { iso_code: 'DEU' } }],
    ['a country that is a number', { country: { iso_code: 49 } }],
    ['a latitude beyond the pole', { location: { latitude: 91, longitude: 0, accuracy_radius: 1 } }],
    ['a city with control characters', { city: { names: { en: 'Ber\u0000lin' } } }],
    ['a list', { country: ['DE'], city: [], location: 'x', traits: null }],
  ])('a broken record gives nothing: %s', (_name, record) => {
    expect(placeFrom(record, null)).toEqual({ ...claimed, country: null });
  });

  test('no record is no place', () => expect(placeFrom(undefined, null)).toBeNull());
});
