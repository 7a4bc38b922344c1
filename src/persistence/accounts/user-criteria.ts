/** The filters and orders of the list of users, as SQL. Each uses an index of user.ts. */
import type { UserStatus } from './user.ts';

/** null: any value. */
export interface UserCriteria {
  /** The beginning of a normalised address. */
  emailPrefix: string | null;
  /** Prefixes of words of the name, of letters and digits; the name must match all of them. */
  nameWords: readonly string[] | null;
  /** In the system of an import. */
  externalId: string | null;
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

/**
 * Each expression is that of an index (user.ts), followed by the id. A user that never signed in sorts as 1970: a key that
 * is never null needs no second case.
 */
export const sorts: Readonly<Record<UserSortField, { expression: string; key: string; parameter: string }>> = {
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

/** A piece of SQL with the values of its parameters. */
export interface Sql {
  text: string;
  values: readonly unknown[];
}

export function splitBy(sort: UserSortField, conditions: ReturnType<typeof conditionsOf>) {
  const { name, created, lastLogin, ...others } = conditions;
  const onTheWay = Object.values(others).flat();
  if (sort === 'CREATED_AT') return { lookedUp: [...name, ...lastLogin], onTheWay: [...onTheWay, ...created] };
  if (sort === 'LAST_LOGIN_AT') return { lookedUp: [...name, ...created], onTheWay: [...onTheWay, ...lastLogin] };
  return { lookedUp: [...name, ...created, ...lastLogin], onTheWay };
}

/** The conditions of a filter, by the column that they read. */
export function conditionsOf(criteria: UserCriteria) {
  const { emailPrefix, nameWords, externalId, role, status, hasSecondFactor } = criteria;
  const { createdFrom, createdBefore, lastLoginFrom, lastLoginBefore } = criteria;
  const lastLogin = sorts.LAST_LOGIN_AT.expression;
  return {
    externalId: when('u.id in (select user_id from imported_users where external_id = ?)', externalId),
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

function when(text: string, value: string | boolean | Date | null): Sql[] {
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

export function boundsOf(criteria: UserCriteria, { sort, descending, beyond, upTo }: UserSlice): Sql[] {
  const { expression, parameter } = sorts[sort];
  const { email, created, lastLogin } = conditionsOf(criteria);
  const isRanged = { EMAIL: email, CREATED_AT: created, LAST_LOGIN_AT: lastLogin }[sort].length > 0;
  const bound = (place: UserPlace | null, operator: '<' | '>'): Sql[] => {
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

export function textOf(conditions: readonly Sql[]): string {
  return conditions.map(({ text }) => text).join(' and ') || 'true';
}

export function valuesOf(conditions: readonly Sql[]): unknown[] {
  return conditions.flatMap(({ values }) => values);
}
