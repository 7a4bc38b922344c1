/** Whether one user could have been at both ends of two sign-ins. Doubts speak for the user: location data is often wrong. */
import type { Place } from '../place.ts';
import { type Habits, isNew, type LastPoint, wasSeenOnce } from './habits.ts';

const earthRadiusKm = 6371;
const maxRadiusKm = 200;
const minDistanceKm = 500;
/** The speed of an airliner. */
const maxKmPerHour = 900;

interface Coordinates {
  latitude: number;
  longitude: number;
}

/**
 * False where one condition fails: both ends are exact enough, in fixed networks of different operators, and one of the
 * two operators is new to the account. A carrier that moves its users between cities is one operator; a VPN that the
 * user turns on and off is soon a known one.
 */
export function isImpossibleTravel({ last, asns }: Habits, place: Place, now: Date): boolean {
  if (last === null || place.point === null || place.isAnonymous || !place.isFixed) return false;
  if (last.asn === null || place.asn === null || last.asn === place.asn) return false;
  if (!isNew(asns, place.asn, now) && !wasSeenOnce(asns, last.asn)) return false;
  return isTooFar(last, place.point, now);
}

function isTooFar(last: LastPoint, point: NonNullable<Place['point']>, now: Date): boolean {
  if (last.radiusKm >= maxRadiusKm || point.radiusKm >= maxRadiusKm) return false;
  const distanceKm = distanceBetween(last, point) - last.radiusKm - point.radiusKm;
  const hours = Math.max(0, now.getTime() - last.at.getTime()) / 3_600_000;
  return distanceKm > minDistanceKm && distanceKm > hours * maxKmPerHour;
}

/** In kilometres along the surface (haversine). */
export function distanceBetween(one: Coordinates, other: Coordinates): number {
  const half = (from: number, to: number) => Math.sin(radians(to - from) / 2) ** 2;
  const parallels = Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude));
  const chord = half(one.latitude, other.latitude) + parallels * half(one.longitude, other.longitude);
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(chord)));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
