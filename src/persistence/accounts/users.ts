/** Reads users for administrators: in bulk, by plain SQL, without the columns of sign-in. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { boundedCount, maxListCount } from '../bounded-count.ts';
import type { UserStatus } from './user.ts';
import {
  boundsOf,
  conditionsOf,
  type Sql,
  sorts,
  splitBy,
  textOf,
  type UserCriteria,
  type UserSlice,
  valuesOf,
} from './user-criteria.ts';

/** Times are PostgreSQL's text: `new Date(text)` reads them. */
export interface UserRow {
  id: string;
  email: string;
  emailVerifiedAt: string | null;
  displayName: string | null;
  roleName: string;
  status: UserStatus;
  mfaEnabledAt: string | null;
  lastLoginAt: string | null;
  externalId: string | null;
  createdAt: string;
  deletedAt: string | null;
}

export interface SortedUserRow extends UserRow {
  sortKey: string;
}

const columns = `
  u.id, u.email, u.email_verified_at as "emailVerifiedAt", u.display_name as "displayName", u.role_name as "roleName",
  u.status, u.mfa_enabled_at as "mfaEnabledAt", u.last_login_at as "lastLoginAt", u.created_at as "createdAt",
  u.deleted_at as "deletedAt",
  (select external_id from imported_users i where i.user_id = u.id order by imported_at limit 1) as "externalId"`;

/** The tables of the columns above. */
const read = `u.id, u.email, u.email_verified_at, u.display_name, u.role_name, u.status, u.mfa_enabled_at, u.last_login_at, u.created_at, u.deleted_at`;

/** Unordered; unknown ids are omitted. @param ids at least one */
export function findUsersById(em: EntityManager, ids: readonly string[]): Promise<UserRow[]> {
  return em.execute<UserRow[]>(`select ${columns} from users u where u.id in (?)`, [[...ids]]);
}

/** A filter by name or time first reads so many users in the order of the list. When the page is full, its index is not read. */
const near = 500;

/**
 * A filter by name or time reads up to this many users through its own index and sorts them. Above it, the index of the
 * order is read instead. The planner cannot estimate how rare a prefix is, nor that creation and sign-in correlate: on its
 * own it would scan the whole table (bench/users.ts: seconds).
 */
const few = 10_000;

export async function findUsers(em: EntityManager, criteria: UserCriteria, slice: UserSlice): Promise<SortedUserRow[]> {
  const { lookedUp, onTheWay } = splitBy(slice.sort, conditionsOf(criteria));
  const others = [...onTheWay, ...boundsOf(criteria, slice)];
  const find = ({ text, values }: Sql) => em.execute<SortedUserRow[]>(text, [...values]);
  if (lookedUp.length === 0) return find(page('users', others, slice));
  const first = await find(nearPage(lookedUp, others, slice));
  return first.length === slice.limit ? first : find(lookedUpPage(lookedUp, others, slice));
}

function nearPage(lookedUp: readonly Sql[], others: readonly Sql[], slice: UserSlice): Sql {
  const nearest = `(select ${read} from users u where ${textOf(others)} ${orderOf(slice)} limit ${near})`;
  const { text, values } = page(nearest, compared(lookedUp), slice);
  return { text, values: [...valuesOf(others), ...values] };
}

function lookedUpPage(lookedUp: readonly Sql[], others: readonly Sql[], slice: UserSlice): Sql {
  const found = `select ${read} from users u where ${textOf(lookedUp)} limit ${few + 1}`;
  const isFew = { text: `(select count(*) from found) <= ${few}`, values: [] };
  const isMany = { text: `(select count(*) from found) > ${few}`, values: [] };
  const among = page('found', [isFew, ...others], slice);
  const within = page('users', [isMany, ...compared(lookedUp), ...others], slice);
  return {
    text: `with found as materialized (${found}) (${among.text}) union all (${within.text})`,
    values: valuesOf([...lookedUp, among, within]),
  };
}

/** "is true" prevents the use of their indexes: many users match, so a scan finds them soon. */
function compared(conditions: readonly Sql[]): Sql[] {
  return conditions.map(({ text, values }) => ({ text: `(${text}) is true`, values }));
}

function page(from: string, conditions: readonly Sql[], slice: UserSlice): Sql {
  return {
    text: `select ${columns}, ${sorts[slice.sort].key} as "sortKey" from ${from} u where ${textOf(conditions)}
           ${orderOf(slice)} limit ?`,
    values: [...valuesOf(conditions), slice.limit],
  };
}

function orderOf({ sort, descending }: UserSlice): string {
  const direction = descending ? 'desc' : 'asc';
  return `order by ${sorts[sort].expression} ${direction}, u.id ${direction}`;
}

/** The conditions of the indexes of samples: the last byte of an id is random. */
const samples = [2, 16].map((bytes) => `get_byte(uuid_send(u.id), 15) < ${bytes}`);

/**
 * Counts up to a bound. The index of names cannot stop at a bound: for a common name it would read a large part of the
 * table. When a sample alone reaches the bound, the whole does as well, and its index is not read.
 */
export async function countUsers(em: EntityManager, criteria: UserCriteria): Promise<number> {
  const { name, ...others } = conditionsOf(criteria);
  const conditions = [...name, ...Object.values(others).flat()];
  const countOf = (part: string) => boundedCount(`users u where ${part} and ${textOf(conditions)}`, maxListCount);
  const parts = name.length > 0 ? samples : [];
  const count = parts.reduceRight(
    (rest, part) => `case when ${countOf(part)} = ${maxListCount} then ${maxListCount} else ${rest} end`,
    countOf('true'),
  );
  const values = valuesOf(conditions);
  const [row] = await em.execute<{ count: number }[]>(
    `select ${count} as count`,
    [...parts, 'true'].flatMap(() => values),
  );
  return row?.count ?? 0;
}
