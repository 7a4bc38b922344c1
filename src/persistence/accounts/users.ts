/** Reads users for administrators: in bulk, by plain SQL, without the columns of sign-in. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { UserStatus } from './user.ts';

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
  createdAt: string;
  deletedAt: string | null;
}

/** null: any value. */
export interface UserCriteria {
  /** The beginning of a normalised address. */
  emailPrefix: string | null;
  /** Prefixes of words of the name, of letters and digits; the name must match all of them. */
  nameWords: readonly string[] | null;
  role: string | null;
  status: UserStatus | null;
  hasSecondFactor: boolean | null;
  createdFrom: Date | null;
  createdBefore: Date | null;
  lastLoginFrom: Date | null;
  lastLoginBefore: Date | null;
}

export type UserSortField = 'CREATED_AT' | 'EMAIL' | 'LAST_LOGIN_AT';

export interface UserPlace {
  /** Of the sort field: an address, or microseconds since 1970, which is exact and has no time zone. */
  key: string;
  id: string;
}

export interface UserSlice {
  sort: UserSortField;
  /** The direction of reading; `last` reads against the order of the list. */
  descending: boolean;
  /** Only users after this place, in the direction of reading. */
  beyond: UserPlace | null;
  /** Only users before this place, in the direction of reading. */
  upTo: UserPlace | null;
  limit: number;
}

export interface SortedUserRow extends UserRow {
  sortKey: string;
}

/**
 * Each expression is that of an index (user.ts), followed by the id. A user that never signed in sorts as 1970: a key that
 * is never null needs no second case.
 */
const sorts: Readonly<Record<UserSortField, { expression: string; key: string; parameter: string }>> = {
  CREATED_AT: timeSort('u.created_at'),
  LAST_LOGIN_AT: timeSort(`coalesce(u.last_login_at, 'epoch'::timestamptz)`),
  EMAIL: { expression: 'u.email collate "C"', key: 'u.email', parameter: '?' },
};

function timeSort(expression: string) {
  return {
    expression,
    key: `(extract(epoch from ${expression}) * 1000000)::bigint::text`,
    parameter: `'epoch'::timestamptz + ?::bigint * interval '1 microsecond'`,
  };
}

/** The words of a name. Characters that join words within a name become spaces: an address contains them too. */
const wordsOfName = `to_tsvector('simple', translate(u.display_name, './-_@''', '      '))`;

const columns = `
  u.id, u.email, u.email_verified_at as "emailVerifiedAt", u.display_name as "displayName", u.role_name as "roleName",
  u.status, u.mfa_enabled_at as "mfaEnabledAt", u.last_login_at as "lastLoginAt", u.created_at as "createdAt",
  u.deleted_at as "deletedAt"`;

/** The tables of the columns above. */
const read = `u.id, u.email, u.email_verified_at, u.display_name, u.role_name, u.status, u.mfa_enabled_at, u.last_login_at, u.created_at, u.deleted_at`;

/** Unordered; unknown ids are omitted. @param ids at least one */
export function findUsersById(em: EntityManager, ids: readonly string[]): Promise<UserRow[]> {
  return em.execute<UserRow[]>(`select ${columns} from users u where u.id in (?)`, [[...ids]]);
}

export function findUsers(em: EntityManager, criteria: UserCriteria, slice: UserSlice): Promise<SortedUserRow[]> {
  const { lookedUp, onTheWay } = splitBy(slice.sort, conditionsOf(criteria));
  const others = [...onTheWay, ...boundsOf(criteria, slice)];
  if (lookedUp.length === 0) {
    return em.execute<SortedUserRow[]>(pageText(slice, 'users', others), valuesOf(others, slice));
  }
  const among = [{ text: `(select count(*) from found) <= ${few}`, values: [] }, ...others];
  // "is true" prevents the use of their indexes: many users match, so a scan finds them soon.
  const walk = lookedUp.map(({ text, values }) => ({ text: `(${text}) is true`, values }));
  const within = [{ text: `(select count(*) from found) > ${few}`, values: [] }, ...walk, ...others];
  return em.execute<SortedUserRow[]>(
    `with found as materialized (select ${read} from users u where ${textOf(lookedUp)} limit ${few + 1})
     (${pageText(slice, 'found', among)}) union all (${pageText(slice, 'users', within)})`,
    [...lookedUp.flatMap(({ values }) => values), ...valuesOf(among, slice), ...valuesOf(within, slice)],
  );
}

/**
 * A filter by name or time reads up to this many users through its own index and sorts them. Above it, the index of the
 * order is read instead. The planner cannot estimate how rare a prefix is, nor that creation and sign-in correlate: on its
 * own it would scan the whole table (bench/users.ts: seconds).
 */
const few = 10_000;

function pageText({ sort, descending }: UserSlice, from: 'users' | 'found', conditions: readonly Condition[]): string {
  const { expression, key } = sorts[sort];
  const direction = descending ? 'desc' : 'asc';
  return `select ${columns}, ${key} as "sortKey" from ${from} u where ${textOf(conditions)}
     order by ${expression} ${direction}, u.id ${direction} limit ?`;
}

function valuesOf(conditions: readonly Condition[], { limit }: UserSlice): unknown[] {
  return [...conditions.flatMap(({ values }) => values), limit];
}

export async function countUsers(em: EntityManager, criteria: UserCriteria): Promise<number> {
  const conditions = Object.values(conditionsOf(criteria)).flat();
  const [row] = await em.execute<{ count: number }[]>(
    `select count(*)::int as count from users u where ${textOf(conditions)}`,
    conditions.flatMap(({ values }) => values),
  );
  return row?.count ?? 0;
}

interface Condition {
  text: string;
  values: readonly unknown[];
}

function splitBy(sort: UserSortField, conditions: ReturnType<typeof conditionsOf>) {
  const { name, created, lastLogin, ...others } = conditions;
  const onTheWay = Object.values(others).flat();
  if (sort === 'CREATED_AT') return { lookedUp: [...name, ...lastLogin], onTheWay: [...onTheWay, ...created] };
  if (sort === 'LAST_LOGIN_AT') return { lookedUp: [...name, ...created], onTheWay: [...onTheWay, ...lastLogin] };
  return { lookedUp: [...name, ...created, ...lastLogin], onTheWay };
}

/** The conditions of a filter, by the column that they read. */
function conditionsOf(criteria: UserCriteria) {
  const { emailPrefix, nameWords, role, status, hasSecondFactor } = criteria;
  const { createdFrom, createdBefore, lastLoginFrom, lastLoginBefore } = criteria;
  const lastLogin = sorts.LAST_LOGIN_AT.expression;
  return {
    email: when('u.email collate "C" like ?', emailPrefix === null ? null : `${literally(emailPrefix)}%`),
    name: when(`${wordsOfName} @@ to_tsquery('simple', ?)`, nameWords?.map(beginningOf).join(' & ') ?? null),
    role: when('u.role_name = ?', role),
    status: when('u.status = ?', status),
    secondFactor: when('(u.mfa_enabled_at is not null) = ?', hasSecondFactor),
    created: [...when('u.created_at >= ?', createdFrom), ...when('u.created_at < ?', createdBefore)],
    // A range of times contains no user that never signed in.
    lastLogin: [
      ...when(`${lastLogin} >= ? and ${lastLogin} > 'epoch'::timestamptz`, lastLoginFrom),
      ...when(`${lastLogin} < ? and ${lastLogin} > 'epoch'::timestamptz`, lastLoginBefore),
    ],
  };
}

function when(text: string, value: string | boolean | Date | null): Condition[] {
  return value === null ? [] : [{ text, values: [value] }];
}

/**
 * Matches the prefix of a word in any letter case. A database of the locale C folds ASCII only, so the pattern contains
 * the usual spellings of other alphabets.
 */
function beginningOf(word: string): string {
  if (/^\w+$/.test(word)) return `${word}:*`;
  const [first = '', ...others] = word.toLowerCase();
  const title = `${first.toUpperCase()}${others.join('')}`;
  const spellings = new Set([word, word.toLowerCase(), title, word.toUpperCase()]);
  return `(${[...spellings].map((spelling) => `${spelling}:*`).join(' | ')})`;
}

/** Escapes the wildcards of LIKE. */
function literally(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

function boundsOf(criteria: UserCriteria, { sort, descending, beyond, upTo }: UserSlice): Condition[] {
  const { expression, parameter } = sorts[sort];
  const { email, created, lastLogin } = conditionsOf(criteria);
  const isRanged = { EMAIL: email, CREATED_AT: created, LAST_LOGIN_AT: lastLogin }[sort].length > 0;
  const bound = (place: UserPlace | null, operator: '<' | '>'): Condition[] => {
    if (place === null) return [];
    const { key, id } = place;
    const pair = { text: `(${expression}, u.id) ${operator} (${parameter}, ?::uuid)`, values: [key, id] };
    if (!isRanged) return [pair];
    // With a pair beside the range, PostgreSQL would start at the end of the range, which may be far away.
    const behind = `${expression} ${operator}= ${parameter}`;
    const strictly = `(${expression} ${operator} ${parameter} or u.id ${operator} ?::uuid)`;
    return [{ text: `${behind} and ${strictly}`, values: [key, key, id] }];
  };
  return [...bound(beyond, descending ? '<' : '>'), ...bound(upTo, descending ? '>' : '<')];
}

function textOf(conditions: readonly Condition[]): string {
  return conditions.map(({ text }) => text).join(' and ') || 'true';
}
