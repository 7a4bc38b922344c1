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

const columns = `
  u.id, u.email, u.email_verified_at as "emailVerifiedAt", u.display_name as "displayName", u.role_name as "roleName",
  u.status, u.mfa_enabled_at as "mfaEnabledAt", u.last_login_at as "lastLoginAt", u.created_at as "createdAt",
  u.deleted_at as "deletedAt"`;

/** In no order; who is not there is left out. @param ids at least one */
export function findUsersById(em: EntityManager, ids: readonly string[]): Promise<UserRow[]> {
  return em.execute<UserRow[]>(`select ${columns} from users u where u.id in (?)`, [[...ids]]);
}
