/** The search parameters of the list of users, and the variables of its query. */
import { choiceParam, defined, type Params, textParam } from '../../data/search-params.ts';
import { userSearch } from '../../data/user-search.ts';
import type { UserFilter, UserOrder, UserStatus, UsersQueryVariables } from '../../generated/operations.ts';

export const statuses = ['ACTIVE', 'INVITED', 'SUSPENDED', 'DELETED'] as const satisfies readonly UserStatus[];
export const factors = ['with', 'without'] as const;
/** Days back from now; `-90`: not within the last 90 days. */
export const periods = ['1', '7', '30', '-90'] as const;
export const sorts = ['signed-in', 'created', 'email'] as const;
export const directions = ['asc', 'desc'] as const;

export interface UsersSearch {
  q?: string | undefined;
  status?: (typeof statuses)[number] | undefined;
  role?: string | undefined;
  factor?: (typeof factors)[number] | undefined;
  signedIn?: (typeof periods)[number] | undefined;
  created?: (typeof periods)[number] | undefined;
  sort?: (typeof sorts)[number] | undefined;
  direction?: (typeof directions)[number] | undefined;
  /** The dialog for an invitation is open. */
  invite?: true | undefined;
  /** The page begins after this cursor. */
  after?: string | undefined;
  /** The page ends before this cursor. */
  before?: string | undefined;
}

export function usersSearch(params: Params): UsersSearch {
  return defined({
    q: textParam(params.q, 254),
    status: choiceParam(params.status, statuses),
    role: textParam(params.role, 64),
    factor: choiceParam(params.factor, factors),
    signedIn: choiceParam(String(params.signedIn), periods),
    created: choiceParam(String(params.created), periods),
    sort: choiceParam(params.sort, sorts),
    direction: choiceParam(params.direction, directions),
    invite: params.invite === true ? (true as const) : undefined,
    after: textParam(params.after, 1000),
    before: textParam(params.before, 1000),
  });
}

/** The parts of the search that are filters. */
export type UsersFilters = Omit<UsersSearch, 'sort' | 'direction' | 'after' | 'before' | 'invite'>;

export function isFiltered({ q, status, role, factor, signedIn, created }: UsersFilters): boolean {
  return [q, status, role, factor, signedIn, created].some((part) => part !== undefined);
}

/** @param now in milliseconds. It is rounded down to the minute, so that the key of the query stays the same */
export function filterOf({ q, status, role, factor, signedIn, created }: UsersFilters, now: number): UserFilter {
  return {
    ...(q === undefined ? {} : userSearch(q)),
    ...defined({ status, role }),
    ...(factor === undefined ? {} : { mfaEnabled: factor === 'with' }),
    ...period(
      signedIn,
      now,
      (time) => ({ lastLoginFrom: time }),
      (time) => ({ lastLoginBefore: time }),
    ),
    ...period(
      created,
      now,
      (time) => ({ createdFrom: time }),
      (time) => ({ createdBefore: time }),
    ),
  };
}

export function orderOf({ sort = 'signed-in', direction = 'desc' }: UsersSearch): UserOrder {
  const field = { 'signed-in': 'LAST_LOGIN_AT', created: 'CREATED_AT', email: 'EMAIL' } as const;
  return { field: field[sort], direction: direction === 'asc' ? 'ASC' : 'DESC' };
}

const pageSize = 20;

export function variablesOf(search: UsersSearch, now: number): UsersQueryVariables {
  const { after, before } = search;
  const page = before === undefined ? { first: pageSize, ...defined({ after }) } : { last: pageSize, before };
  return { ...page, where: filterOf(search, now), orderBy: orderOf(search) };
}

function period(
  value: UsersSearch['created'],
  now: number,
  from: (time: string) => UserFilter,
  until: (time: string) => UserFilter,
): UserFilter {
  if (value === undefined) return {};
  const days = Number(value);
  const minute = Math.floor(now / 60_000) * 60_000;
  const time = new Date(minute - Math.abs(days) * 24 * 60 * 60_000).toISOString();
  return days > 0 ? from(time) : until(time);
}
