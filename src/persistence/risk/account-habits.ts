/** From where and at which hours a user signs in. One row per user; clean-up deletes it 180 days after the last sign-in. */
import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../accounts/user.ts';

/** A country or an autonomous system. `firstAt` equals `lastAt` when it was seen once. */
export interface Sighting {
  key: string;
  firstAt: string;
  lastAt: string;
}

const AccountHabitsSchema = defineEntity({
  name: 'AccountHabits',
  tableName: 'account_habits',
  properties: {
    user: () => p.oneToOne(User).primary().deleteRule('cascade'),
    countries: p.json().$type<Sighting[]>(),
    asns: p.json().$type<Sighting[]>(),
    /** Sign-ins by hour of the day, in UTC: 24 numbers. */
    hours: p.array().$type<number[]>().columnType('int[]'),
    /** Of the last sign-in with a known point, rounded to 0.1 degree. */
    lastLatitude: p.float().nullable(),
    lastLongitude: p.float().nullable(),
    lastRadiusKm: p.integer().nullable(),
    /** The autonomous system at that point. */
    lastAsn: p.bigint('number').nullable(),
    /** The time at that point. */
    lastAt: p.datetime().nullable(),
    signIns: p.integer(),
    /** When the gateway began to learn. */
    firstAt: p.datetime(),
    updatedAt: p.datetime().index(),
    /** When the password was last looked up in the list of breached passwords, and whether it is there. */
    passwordCheckedAt: p.datetime().nullable(),
    passwordBreached: p.boolean().default(false),
  },
});

export class AccountHabits extends AccountHabitsSchema.class {}
AccountHabitsSchema.setClass(AccountHabits);
