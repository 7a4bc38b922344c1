/** Users as administrators see them: read in bulk, by plain SQL, without what only signing in needs. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { UserStatus } from '../entities/user.ts';

/** Times come as PostgreSQL's text: `new Date(text)` reads them. */
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

/** What to look for; null: whatever it is. */
export interface UserCriteria {
  /** The beginning of a normalised address. */
  emailPrefix: string | null;
  /** Beginnings of words of the name, each of letters and digits only; all of them must be there. */
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
  /** The direction of reading, which is not always that of the list. */
  descending: boolean;
  /** Behind this place, in the direction of reading. */
  beyond: UserPlace | null;
  /** And not as far as this one. */
  upTo: UserPlace | null;
  limit: number;
}

export interface SortedUserRow extends UserRow {
  sortKey: string;
}

/**
 * Each expression is that of an index (entities/user.ts), with the id behind it. Whoever never signed in did so last of
 * all, in 1970: a key that is never null needs no second case.
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

/** The words of a name. What joins words within a name would join those of an address, too, so it becomes space. */
const wordsOfName = `to_tsvector('simple', translate(u.display_name, './-_@''', '      '))`;

const columns = `
  u.id, u.email, u.email_verified_at as "emailVerifiedAt", u.display_name as "displayName", u.role_name as "roleName",
  u.status, u.mfa_enabled_at as "mfaEnabledAt", u.last_login_at as "lastLoginAt", u.created_at as "createdAt",
  u.deleted_at as "deletedAt"`;

/** In no order; who is not there is left out. @param ids at least one */
export function findUsersById(em: EntityManager, ids: readonly string[]): Promise<UserRow[]> {
  return em.execute<UserRow[]>(`select ${columns} from users u where u.id in (?)`, [[...ids]]);
}

export function findUsers(em: EntityManager, criteria: UserCriteria, slice: UserSlice): Promise<SortedUserRow[]> {
  const { expression, key } = sorts[slice.sort];
  const conditions = [
    ...conditionsOf(criteria),
    ...(slice.beyond ? [boundOf(slice, slice.beyond, slice.descending ? '<' : '>')] : []),
    ...(slice.upTo ? [boundOf(slice, slice.upTo, slice.descending ? '>' : '<')] : []),
  ];
  const direction = slice.descending ? 'desc' : 'asc';
  return em.execute<SortedUserRow[]>(
    `select ${columns}, ${key} as "sortKey" from users u where ${textOf(conditions)}
     order by ${expression} ${direction}, u.id ${direction} limit ?`,
    [...conditions.flatMap(({ values }) => values), slice.limit],
  );
}

export async function countUsers(em: EntityManager, criteria: UserCriteria): Promise<number> {
  const conditions = conditionsOf(criteria);
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

function conditionsOf(criteria: UserCriteria): Condition[] {
  const { emailPrefix, nameWords, role, status, hasSecondFactor } = criteria;
  const { createdFrom, createdBefore, lastLoginFrom, lastLoginBefore } = criteria;
  const lastLogin = sorts.LAST_LOGIN_AT.expression;
  return [
    when('u.email collate "C" like ?', emailPrefix === null ? null : `${literally(emailPrefix)}%`),
    when(`${wordsOfName} @@ to_tsquery('simple', ?)`, nameWords?.map(beginningOf).join(' & ') ?? null),
    when('u.role_name = ?', role),
    when('u.status = ?', status),
    when('(u.mfa_enabled_at is not null) = ?', hasSecondFactor),
    when('u.created_at >= ?', createdFrom),
    when('u.created_at < ?', createdBefore),
    // Whoever never signed in is in no range of times.
    when(`${lastLogin} >= ? and u.last_login_at is not null`, lastLoginFrom),
    when(`${lastLogin} < ? and u.last_login_at is not null`, lastLoginBefore),
  ].filter((condition) => condition !== null);
}

function when(text: string, value: string | boolean | Date | null): Condition | null {
  return value === null ? null : { text, values: [value] };
}

/**
 * A word that begins so, in any letter case. A database of the locale C folds ASCII only, so other alphabets are asked
 * for as people write them.
 */
function beginningOf(word: string): string {
  if (/^\w+$/.test(word)) return `${word}:*`;
  const [first = '', ...others] = word.toLowerCase();
  const title = `${first.toUpperCase()}${others.join('')}`;
  const spellings = new Set([word, word.toLowerCase(), title, word.toUpperCase()]);
  return `(${[...spellings].map((spelling) => `${spelling}:*`).join(' | ')})`;
}

/** For LIKE, in which these mean more than themselves. */
function literally(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

function boundOf({ sort }: UserSlice, { key, id }: UserPlace, operator: '<' | '>'): Condition {
  const { expression, parameter } = sorts[sort];
  return { text: `(${expression}, u.id) ${operator} (${parameter}, ?::uuid)`, values: [key, id] };
}

function textOf(conditions: readonly Condition[]): string {
  return conditions.map(({ text }) => text).join(' and ') || 'true';
}
