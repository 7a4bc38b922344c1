/** Queries of roles and of what they reach. */
import type { EntityManager } from '@mikro-orm/postgresql';

export interface Authority {
  role: string;
  rank: number;
  permissions: string[];
}

/** The current role of an active user. */
export async function findAuthority(em: EntityManager, userId: string): Promise<Authority | null> {
  const [row] = await em.execute<Authority[]>(
    `select r.name as role, r.rank, r.permissions from users u join roles r on r.name = u.role_name
     where u.id = ? and u.status = 'ACTIVE'`,
    [userId],
  );
  return row ?? null;
}

/** The current role of an active service account. */
export async function findServiceAuthority(em: EntityManager, serviceAccountId: string): Promise<Authority | null> {
  const [row] = await em.execute<Authority[]>(
    `select r.name as role, r.rank, r.permissions from service_accounts s join roles r on r.name = s.role_name
     where s.id = ? and s.status = 'ACTIVE'`,
    [serviceAccountId],
  );
  return row ?? null;
}

/** Highest rank first. */
export async function findRoleNames(em: EntityManager): Promise<string[]> {
  const rows = await em.execute<{ name: string }[]>('select name from roles order by rank desc, name');
  return rows.map(({ name }) => name);
}

/** Permissions over one's own account. They give no power over others. */
export const ownPermissions = ['profile:write', 'sessions:own', 'mfa:own', 'keys:own'] as const;

const own = `array[${ownPermissions.map((permission) => `'${permission}'`).join(', ')}]::text[]`;

/**
 * Whether role `r` reaches role `n`, by rank or by permissions. Permissions over one's own account do not count, unless
 * the named role has no others: a role without one of them would otherwise have the powers and not the second factor. A
 * named role without permissions is reached by rank only: by permissions every role would reach it.
 */
export const reachesRole = `(r.rank >= n.rank or case when n.permissions <@ ${own}
  then cardinality(n.permissions) > 0 and r.permissions @> n.permissions else (r.permissions || ${own}) @> n.permissions end)`;

/** The roles that reach one of these. */
export async function findRolesReaching(em: EntityManager, names: readonly string[]): Promise<Set<string>> {
  if (names.length === 0) return new Set();
  const rows = await em.execute<{ name: string }[]>(
    `select distinct r.name from roles r join roles n on ${reachesRole} where n.name in (?)`,
    [[...names]],
  );
  return new Set(rows.map(({ name }) => name));
}

/** @returns false when a role of this name exists */
export async function insertRole(
  em: EntityManager,
  role: { name: string; rank: number; permissions: readonly string[] },
): Promise<boolean> {
  const rows = await em.execute<{ name: string }[]>(
    `insert into roles (name, rank, permissions, system)
     values (:name, :rank, array(select jsonb_array_elements_text(:permissions::jsonb)), false)
     on conflict (name) do nothing returning name`,
    { ...role, permissions: JSON.stringify(role.permissions) },
  );
  return rows.length === 1;
}
