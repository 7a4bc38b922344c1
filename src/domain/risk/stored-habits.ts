/** Translates habits from and to the row of the database. */
import type { HabitsRow, NewHabits } from '../../persistence/risk/habits.ts';
import type { Place } from '../place.ts';
import { type Habits, habitsAfter, type LastPoint } from './habits.ts';

export function habitsFrom(row: HabitsRow): Habits {
  const { countries, asns, hours, signIns, firstAt } = row;
  return { countries, asns, hours, last: lastPointOf(row), signIns, firstAt: new Date(firstAt) };
}

/** The row after a sign-in. */
export function learn(userId: string, row: HabitsRow | null, place: Place | null, now: Date): NewHabits {
  const { last, ...habits } = habitsAfter(row && habitsFrom(row), place, now);
  return {
    ...habits,
    userId,
    lastLatitude: last?.latitude ?? null,
    lastLongitude: last?.longitude ?? null,
    lastRadiusKm: last?.radiusKm ?? null,
    lastAsn: last?.asn ?? null,
    lastAt: last?.at ?? null,
    updatedAt: now,
  };
}

function lastPointOf(row: HabitsRow): LastPoint | null {
  const { lastLatitude: latitude, lastLongitude: longitude, lastRadiusKm: radiusKm, lastAsn: asn, lastAt } = row;
  if (latitude === null || longitude === null || radiusKm === null || lastAt === null) return null;
  return { latitude, longitude, radiusKm, asn, at: new Date(lastAt) };
}
