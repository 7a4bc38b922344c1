/** The counts behind the security overview. Each is read from an index, up to a bound. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { boundedCount, maxListCount } from '../bounded-count.ts';

export interface Present {
  activeSessions: number;
  lockedAccounts: number;
  activeUsers: number;
  usersWithSecondFactor: number;
  pendingRegistrations: number;
}

const countOf = (rows: string) => boundedCount(rows, maxListCount);

/** The order of users selects the index of those with a second factor. */
export async function readCurrentState(em: EntityManager, now: Date): Promise<Present> {
  const [row] = await em.execute<Present[]>(
    `select
       ${countOf('token_families where revoked_at is null and expires_at > :now')} as "activeSessions",
       ${countOf("attempt_counters where bucket = 'account' and locked_until > :now")} as "lockedAccounts",
       ${countOf("users where status = 'ACTIVE'")} as "activeUsers",
       ${countOf("users where mfa_enabled_at is not null and status = 'ACTIVE' order by created_at")} as "usersWithSecondFactor",
       ${countOf('registrations where expires_at > :now')} as "pendingRegistrations"`,
    { now },
  );
  if (!row) throw new Error('counting gave nothing');
  return row;
}
