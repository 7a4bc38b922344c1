/** Reads what decides about a session before it starts. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { UserStatus } from '../accounts/user.ts';
import { type HabitsRow, habitsOfUser } from '../risk/habits.ts';
import { query } from '../statement.ts';
import type { RevocationReason } from './token-family.ts';

/** Where a sign-in comes from. */
export interface SignInOrigin {
  network: string | null;
  userAgent: string | null;
  /** Whether the account trusts the device: its user agent may then differ. */
  isTrusted: boolean;
  /** Sessions that were revoked for these reasons do not make an origin familiar. */
  suspectReasons: readonly RevocationReason[];
}

export interface SignInUser {
  id: string;
  email: string;
  locale: string | null;
  status: UserStatus;
  passwordHash: string | null;
  hasSecondFactor: boolean;
  hasSignedIn: boolean;
  /** Differs after each change of the user's row, of which every sign-in is one: PostgreSQL's xmin. */
  version: string;
  /** Whether the user signed in from this origin before. */
  isFamiliar: boolean;
  /** Whether the user signed in from this network before, with any device. */
  isKnownNetwork: boolean;
  /** When a session of the user was last used. PostgreSQL's text. */
  lastActiveAt: string | null;
  role: string;
  /** PostgreSQL's text. */
  passwordSetAt: string | null;
  habits: HabitsRow | null;
  liveSessions: number;
}

const statement = {
  name: 'sign_in_user',
  text: `select id, email, locale, status, password_hash as "passwordHash", mfa_enabled_at is not null as "hasSecondFactor",
      last_login_at is not null as "hasSignedIn", xmin::text as version,
      exists(select from token_families f where f.user_id = u.id and f.network is not distinct from $3
        and ($4 or f.user_agent is not distinct from $5)
        and (f.revoked_reason is null or f.revoked_reason <> all($6::text[]))) as "isFamiliar",
      exists(select from token_families f where f.user_id = u.id and f.network is not distinct from $3
        and (f.revoked_reason is null or f.revoked_reason <> all($6::text[]))) as "isKnownNetwork",
      (select max(f.rotated_at) from token_families f where f.user_id = u.id) as "lastActiveAt",
      role_name as role, password_set_at as "passwordSetAt", ${habitsOfUser} as habits,
      (select count(*)::int from token_families f
        where f.user_id = u.id and f.revoked_at is null and f.expires_at > $2) as "liveSessions"
    from users u where id = $1`,
};

export async function findSignInUser(
  em: EntityManager,
  userId: string,
  { network, userAgent, isTrusted, suspectReasons }: SignInOrigin,
  now: Date,
): Promise<SignInUser | null> {
  const values = [userId, now, network, isTrusted, userAgent, [...suspectReasons]];
  const [row] = await query<SignInUser>(em, statement, values);
  return row ?? null;
}
