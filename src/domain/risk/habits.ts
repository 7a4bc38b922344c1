/** What an account is used to: its countries, networks and hours. Pure functions; the row is persistence/risk/. */
import type { Sighting } from '../../persistence/risk/account-habits.ts';
import { secondsAfter } from '../clock.ts';
import type { Place } from '../place.ts';

const day = 24 * 60 * 60;
const rememberedSeconds = 180 * day;
/** An account that has not reached one of these is still learned: most of its networks are new. */
const learningSignIns = 5;
const learningSeconds = 7 * day;
/** Each list keeps those that were seen last. */
const maxSightings = 40;
/** Counts of hours are halved when their sum reaches this, so that old habits fade. */
const maxHourSum = 256;
const hoursToJudge = 10;
/** A change of the clock or of the time zone moves sign-ins by an hour or two. */
const hoursAround = [-2, -1, 0, 1, 2];

export interface Habits {
  countries: readonly Sighting[];
  asns: readonly Sighting[];
  /** 24 numbers. */
  hours: readonly number[];
  /** The last sign-in with a known point. */
  last: LastPoint | null;
  signIns: number;
  firstAt: Date;
}

export interface LastPoint {
  latitude: number;
  longitude: number;
  radiusKm: number;
  asn: number | null;
  at: Date;
}

export function isLearning({ signIns, firstAt }: Habits, now: Date): boolean {
  return signIns < learningSignIns && now < secondsAfter(firstAt, learningSeconds);
}

/** @returns false without any sighting to compare with */
export function isNew(sightings: readonly Sighting[], key: string | number | null, now: Date): boolean {
  const remembered = recent(sightings, now);
  return key !== null && remembered.length > 0 && !remembered.some((sighting) => sighting.key === String(key));
}

export function wasSeenOnce(sightings: readonly Sighting[], key: string | number | null): boolean {
  return sightings.some((sighting) => sighting.key === String(key) && sighting.firstAt === sighting.lastAt);
}

export function isUnusualHour({ hours }: Habits, now: Date): boolean {
  const sum = hours.reduce((total, count) => total + count, 0);
  const hour = now.getUTCHours();
  return sum >= hoursToJudge && hoursAround.every((offset) => (hours[(hour + offset + 24) % 24] ?? 0) === 0);
}

/** @param habits null: the first sign-in */
export function habitsAfter(habits: Habits | null, place: Place | null, now: Date): Habits {
  const hours = habits?.hours ?? Array.from({ length: 24 }, () => 0);
  return {
    countries: sighted(habits?.countries ?? [], place?.country ?? null, now),
    asns: sighted(habits?.asns ?? [], place?.asn ?? null, now),
    hours: faded(hours.map((count, hour) => (hour === now.getUTCHours() ? count + 1 : count))),
    last: lastPoint(place, now) ?? remembered(habits?.last ?? null, now),
    signIns: (habits?.signIns ?? 0) + 1,
    firstAt: habits?.firstAt ?? now,
  };
}

function lastPoint(place: Place | null, at: Date): LastPoint | null {
  if (!place?.point) return null;
  const { latitude, longitude, radiusKm } = place.point;
  return { latitude: tenths(latitude), longitude: tenths(longitude), radiusKm, asn: place.asn, at };
}

function remembered(last: LastPoint | null, now: Date): LastPoint | null {
  return last !== null && last.at >= secondsAfter(now, -rememberedSeconds) ? last : null;
}

/** 0.1 degree of latitude is 11 km. */
function tenths(degrees: number): number {
  return Math.round(degrees * 10) / 10;
}

function sighted(sightings: readonly Sighting[], key: string | number | null, now: Date): Sighting[] {
  const kept = recent(sightings, now);
  if (key === null) return kept;
  const lastAt = now.toISOString();
  const known = kept.find((sighting) => sighting.key === String(key));
  const others = kept.filter((sighting) => sighting !== known);
  return [{ key: String(key), firstAt: known?.firstAt ?? lastAt, lastAt }, ...others].slice(0, maxSightings);
}

function recent(sightings: readonly Sighting[], now: Date): Sighting[] {
  const since = secondsAfter(now, -rememberedSeconds);
  return sightings.filter(({ lastAt }) => new Date(lastAt) >= since);
}

function faded(hours: readonly number[]): number[] {
  const sum = hours.reduce((total, count) => total + count, 0);
  return hours.map((count) => (sum < maxHourSum ? count : Math.floor(count / 2)));
}
