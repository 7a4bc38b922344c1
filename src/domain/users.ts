/** Looking at users, as administrators do. What is done to them is user-administration.ts. */
import type { UserStatus } from '../persistence/entities/user.ts';
import { findUsersById, type UserRow } from '../persistence/queries/users.ts';
import type { DomainDependencies } from './dependencies.ts';
import { isId } from './ids.ts';

export type { UserStatus };

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

export class Users {
  readonly #deps: DomainDependencies;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
  }

  /** @returns one answer for each id, in their order; null where there is no such user */
  async byIds(ids: readonly string[]): Promise<(ManagedUser | null)[]> {
    const known = ids.filter(isId);
    const rows = known.length > 0 ? await findUsersById(this.#deps.em.fork(), known) : [];
    const users = new Map(rows.map((row) => [row.id, managedUserFrom(row)]));
    return ids.map((id) => users.get(id.toLowerCase()) ?? null);
  }
}

export function managedUserFrom(row: UserRow): ManagedUser {
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
