/** The habits of a user, as the statements of the sign-in read and write them. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { jsonTable } from '../json-rows.ts';
import { query } from '../statement.ts';
import type { Sighting } from './account-habits.ts';

/** Times are PostgreSQL's text. */
export interface HabitsRow {
  countries: Sighting[];
  asns: Sighting[];
  hours: number[];
  lastLatitude: number | null;
  lastLongitude: number | null;
  lastRadiusKm: number | null;
  lastAsn: number | null;
  lastAt: string | null;
  signIns: number;
  firstAt: string;
  passwordCheckedAt: string | null;
  passwordBreached: boolean;
}

/** One value: the row of the user `u`, or null. */
export const habitsOfUser = `(select jsonb_build_object('countries', h.countries, 'asns', h.asns, 'hours', h.hours,
      'lastLatitude', h.last_latitude, 'lastLongitude', h.last_longitude, 'lastRadiusKm', h.last_radius_km,
      'lastAsn', h.last_asn, 'lastAt', h.last_at, 'signIns', h.sign_ins, 'firstAt', h.first_at,
      'passwordCheckedAt', h.password_checked_at, 'passwordBreached', h.password_breached)
    from account_habits h where h.user_id = u.id)`;

/** What a sign-in changes. */
export interface NewHabits {
  userId: string;
  countries: readonly Sighting[];
  asns: readonly Sighting[];
  hours: readonly number[];
  lastLatitude: number | null;
  lastLongitude: number | null;
  lastRadiusKm: number | null;
  lastAsn: number | null;
  lastAt: Date | null;
  signIns: number;
  firstAt: Date;
  updatedAt: Date;
}

const columns = {
  userId: 'user_id',
  countries: 'countries',
  asns: 'asns',
  hours: 'hours',
  lastLatitude: 'last_latitude',
  lastLongitude: 'last_longitude',
  lastRadiusKm: 'last_radius_km',
  lastAsn: 'last_asn',
  lastAt: 'last_at',
  signIns: 'sign_ins',
  firstAt: 'first_at',
  updatedAt: 'updated_at',
} as const satisfies Record<keyof NewHabits, string>;

export const habits = jsonTable<NewHabits>('account_habits', columns);

/** After `habits.insert`. The outcome of a password check stays: it is written on its own. */
export const replaceHabits = `on conflict (user_id) do update set ${Object.values(columns)
  .map((column) => `${column} = excluded.${column}`)
  .join(', ')}`;

const checkStatement = {
  name: 'password_checked',
  text: `insert into account_habits (user_id, countries, asns, hours, sign_ins, first_at, updated_at, password_checked_at, password_breached)
    values ($1, '[]', '[]', array_fill(0, array[24]), 0, $2, $2, $2, $3)
    on conflict (user_id) do update set password_checked_at = excluded.password_checked_at, password_breached = excluded.password_breached`,
};

/** Records that the password was looked up in the list of breached passwords. */
export async function recordPasswordCheck(
  em: EntityManager,
  userId: string,
  { now, isBreached }: { now: Date; isBreached: boolean },
): Promise<void> {
  await query(em, checkStatement, [userId, now, isBreached]);
}
