/** The present state of an account, as far as it decides what its user may do. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { UserStatus } from '../accounts/user.ts';
import { query } from '../statement.ts';
import { reachesRole } from './roles.ts';

export interface AccountStandingRow {
  status: UserStatus;
  hasSecondFactor: boolean;
  role: string;
  rank: number;
  permissions: string[];
  /** Names of the roles that the user's role reaches (roles.ts), its own included. */
  reaches: string[];
}

const statement = {
  name: 'account_standing',
  text: `select u.status, u.mfa_enabled_at is not null as "hasSecondFactor", r.name as role, r.rank, r.permissions,
      array(select n.name from roles n where ${reachesRole}) as reaches
    from users u join roles r on r.name = u.role_name where u.id = $1`,
};

export async function findAccountStanding(em: EntityManager, userId: string): Promise<AccountStandingRow | null> {
  const [row] = await query<AccountStandingRow>(em, statement, [userId]);
  return row ?? null;
}
