/** Roles, where one statement decides. */
import type { EntityManager } from '@mikro-orm/postgresql';

export interface Authority {
  role: string;
  rank: number;
  permissions: string[];
}

/** The present role of an active user. */
export async function findAuthority(em: EntityManager, userId: string): Promise<Authority | null> {
  const [row] = await em.execute<Authority[]>(
    `select r.name as role, r.rank, r.permissions from users u join roles r on r.name = u.role_name
     where u.id = ? and u.status = 'ACTIVE'`,
    [userId],
  );
  return row ?? null;
}

/** @returns false when there is a role of the name already */
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
