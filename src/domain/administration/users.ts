/** Reads users for administrators. */
import type { UserStatus } from '../../persistence/accounts/user.ts';
import type { UserCriteria, UserSortField } from '../../persistence/accounts/user-criteria.ts';
import {
  countUsers,
  findUsers,
  findUsersById,
  type SortedUserRow,
  type UserRow,
} from '../../persistence/accounts/users.ts';
import { normaliseWithin } from '../../security/bounded-text.ts';
import { type FieldProblem, Refusal } from '../errors.ts';
import { isId } from '../ids.ts';
import { type Page, type PageRequest, readSortedPage } from '../page.ts';
import type { Unit } from '../transaction.ts';

export type { UserSortField, UserStatus };

export interface ManagedUser {
  id: string;
  email: string;
  emailVerified: boolean;
  displayName: string | null;
  roleName: string;
  status: UserStatus;
  /** When the first second factor was set up; null: there is none. */
  mfaEnabledAt: Date | null;
  lastLoginAt: Date | null;
  /** In the system that the account was imported from. */
  externalId: string | null;
  createdAt: Date;
  deletedAt: Date | null;
}

/** Absent, null and empty fields do not restrict the list. */
export interface UserFilter {
  /** A prefix of the address. */
  email?: string | null | undefined;
  externalId?: string | null | undefined;
  /** Words of the name, or prefixes of them. */
  name?: string | null | undefined;
  role?: string | null | undefined;
  status?: UserStatus | null | undefined;
  mfaEnabled?: boolean | null | undefined;
  /** Times: `From` is inclusive, `Before` exclusive. */
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

/** @throws Refusal BAD_USER_INPUT */
export function listUsers(
  { em }: Unit,
  request: PageRequest,
  filter: UserFilter,
  order: UserOrder = newestFirst,
): Promise<Page<ManagedUser>> {
  const reading = em.fork();
  const criteria = criteriaFrom(filter);
  const isDescending = order.direction === 'DESC';
  return readSortedPage<SortedUserRow, ManagedUser>(request, {
    find: ({ after, before, backwards, limit }) => {
      const [beyond, upTo] = backwards ? [before, after] : [after, before];
      const descending = isDescending !== backwards;
      return findUsers(reading, criteria, { sort: order.field, descending, beyond, upTo, limit });
    },
    count: () => countUsers(reading, criteria),
    placeOf: ({ id, sortKey }) => ({ id, key: sortKey }),
    isKey: (key) => keyPatterns[order.field].test(key),
    toNode: managedUserFrom,
  });
}

/** @throws Refusal NOT_FOUND */
export async function userById(unit: Unit, id: string): Promise<ManagedUser> {
  const [user] = await usersById(unit, [id]);
  if (!user) throw new Refusal('NOT_FOUND');
  return user;
}

/** @returns one user per id, in their order; null for an unknown id */
export async function usersById({ em }: Unit, ids: readonly string[]): Promise<(ManagedUser | null)[]> {
  const known = ids.filter(isId);
  const rows = known.length > 0 ? await findUsersById(em.fork(), known) : [];
  const users = new Map(rows.map((row) => [row.id, managedUserFrom(row)]));
  return ids.map((id) => users.get(id.toLowerCase()) ?? null);
}

/** The sort keys that genuine cursors of each order contain. */
const microseconds = /^\d{1,16}$/;
const keyPatterns: Readonly<Record<UserSortField, RegExp>> = {
  CREATED_AT: microseconds,
  LAST_LOGIN_AT: microseconds,
  EMAIL: /^[^\p{Cc}\p{Cs}\s]{1,254}$/u,
};

/** PostgreSQL cannot store these characters, and no address, name or role contains them. */
const hidden = /[\p{Cc}\p{Cs}]/u;
const maxWords = 8;

/** @throws Refusal BAD_USER_INPUT */
function criteriaFrom(filter: UserFilter): UserCriteria {
  const fields: FieldProblem[] = (['email', 'name', 'externalId', 'role'] as const)
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
    externalId: filter.externalId || null,
    role: filter.role || null,
    status: filter.status ?? null,
    hasSecondFactor: filter.mfaEnabled ?? null,
    createdFrom: filter.createdFrom ?? null,
    createdBefore: filter.createdBefore ?? null,
    lastLoginFrom: filter.lastLoginFrom ?? null,
    lastLoginBefore: filter.lastLoginBefore ?? null,
  };
}

/** Letters, marks and digits only: operators of the text search are removed. */
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
    externalId: row.externalId,
    createdAt: new Date(row.createdAt),
    deletedAt: dateOf(row.deletedAt),
  };
}

function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
