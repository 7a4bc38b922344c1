/** Looking at users, as administrators do. What is done to them is user-administration.ts. */
import type { UserStatus } from '../../persistence/accounts/user.ts';
import {
  countUsers,
  findUsers,
  findUsersById,
  type SortedUserRow,
  type UserCriteria,
  type UserRow,
  type UserSortField,
} from '../../persistence/accounts/users.ts';
import { normaliseWithin } from '../../security/bounded-text.ts';
import type { DomainDependencies } from '../dependencies.ts';
import { type FieldProblem, Refusal } from '../errors.ts';
import { isId } from '../ids.ts';
import { type Page, type PageRequest, readSortedPage } from '../page.ts';

export type { UserSortField, UserStatus };

export interface ManagedUser {
  id: string;
  email: string;
  emailVerified: boolean;
  displayName: string | null;
  roleName: string;
  status: UserStatus;
  /** Since when they have a second factor. */
  mfaEnabledAt: Date | null;
  lastLoginAt: Date | null;
  createdAt: Date;
  deletedAt: Date | null;
}

/** What is absent, null or empty does not matter. */
export interface UserFilter {
  /** The beginning of the address. */
  email?: string | null | undefined;
  /** Words of the name, or their beginnings. */
  name?: string | null | undefined;
  role?: string | null | undefined;
  status?: UserStatus | null | undefined;
  mfaEnabled?: boolean | null | undefined;
  /** Times: from this one on, and before that one. */
  createdFrom?: Date | null | undefined;
  createdBefore?: Date | null | undefined;
  lastLoginFrom?: Date | null | undefined;
  lastLoginBefore?: Date | null | undefined;
}

export interface UserOrder {
  field: UserSortField;
  direction: 'ASC' | 'DESC';
}

const newestFirst: UserOrder = { field: 'CREATED_AT', direction: 'DESC' };

export class Users {
  readonly #deps: DomainDependencies;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
  }

  /** @throws Refusal BAD_USER_INPUT */
  list(request: PageRequest, filter: UserFilter, order: UserOrder = newestFirst): Promise<Page<ManagedUser>> {
    const em = this.#deps.em.fork();
    const criteria = criteriaFrom(filter);
    const isDescending = order.direction === 'DESC';
    return readSortedPage<SortedUserRow, ManagedUser>(request, {
      find: ({ after, before, backwards, limit }) => {
        const [beyond, upTo] = backwards ? [before, after] : [after, before];
        return findUsers(em, criteria, {
          sort: order.field,
          descending: isDescending !== backwards,
          beyond,
          upTo,
          limit,
        });
      },
      count: () => countUsers(em, criteria),
      placeOf: ({ id, sortKey }) => ({ id, key: sortKey }),
      isKey: (key) => keyPatterns[order.field].test(key),
      toNode: managedUserFrom,
    });
  }

  /** @throws Refusal NOT_FOUND */
  async byId(id: string): Promise<ManagedUser> {
    const [user] = await this.byIds([id]);
    if (!user) throw new Refusal('NOT_FOUND');
    return user;
  }

  /** @returns one answer for each id, in their order; null where there is no such user */
  async byIds(ids: readonly string[]): Promise<(ManagedUser | null)[]> {
    const known = ids.filter(isId);
    const rows = known.length > 0 ? await findUsersById(this.#deps.em.fork(), known) : [];
    const users = new Map(rows.map((row) => [row.id, managedUserFrom(row)]));
    return ids.map((id) => users.get(id.toLowerCase()) ?? null);
  }
}

/** What a cursor can hold of each order; the rest was made up. */
const microseconds = /^\d{1,16}$/;
const keyPatterns: Readonly<Record<UserSortField, RegExp>> = {
  CREATED_AT: microseconds,
  LAST_LOGIN_AT: microseconds,
  EMAIL: /^[^\p{Cc}\p{Cs}\s]{1,254}$/u,
};

/** What PostgreSQL cannot hold, and what no address, name or role has. */
const hidden = /[\p{Cc}\p{Cs}]/u;
const maxWords = 8;

/** @throws Refusal BAD_USER_INPUT */
function criteriaFrom(filter: UserFilter): UserCriteria {
  const fields: FieldProblem[] = (['email', 'name', 'role'] as const)
    .filter((field) => hidden.test(filter[field] ?? ''))
    .map((field) => ({
      path: `where.${field}`,
      code: 'INVALID_CHARACTERS',
      message: 'Use letters, digits, spaces and punctuation.',
    }));
  if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  const name = filter.name?.trim();
  return {
    emailPrefix: normaliseWithin(filter.email?.trim() ?? '', 'NFKC').toLowerCase() || null,
    nameWords: name ? wordsIn(name) : null,
    role: filter.role || null,
    status: filter.status ?? null,
    hasSecondFactor: filter.mfaEnabled ?? null,
    createdFrom: filter.createdFrom ?? null,
    createdBefore: filter.createdBefore ?? null,
    lastLoginFrom: filter.lastLoginFrom ?? null,
    lastLoginBefore: filter.lastLoginBefore ?? null,
  };
}

/** Letters and digits only: nothing that would mean something to a search. */
function wordsIn(name: string): string[] {
  return (normaliseWithin(name, 'NFC').match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).slice(0, maxWords);
}

function managedUserFrom(row: UserRow): ManagedUser {
  return {
    id: row.id,
    email: row.email,
    emailVerified: row.emailVerifiedAt !== null,
    displayName: row.displayName,
    roleName: row.roleName,
    status: row.status,
    mfaEnabledAt: dateOf(row.mfaEnabledAt),
    lastLoginAt: dateOf(row.lastLoginAt),
    createdAt: new Date(row.createdAt),
    deletedAt: dateOf(row.deletedAt),
  };
}

function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
