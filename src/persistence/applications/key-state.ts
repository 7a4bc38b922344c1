/** The current state of an API key and its owner: the one query of every request with a key. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Trace } from '../../trace.ts';
import type { UserStatus } from '../accounts/user.ts';
import { type Batches, createBatches } from '../batches.ts';
import { inPlaces, type Placed, query } from '../statement.ts';

/** The present role of a caller that is no session. */
export interface RoleColumns {
  role: string;
  rank: number;
  permissions: string[];
  system: boolean;
}

/** Times are PostgreSQL's text: `new Date(text)` reads them. */
export interface KeyStateRow extends RoleColumns {
  id: string;
  name: string;
  scopes: string[];
  secretHash: Buffer;
  formerHash: Buffer | null;
  rotatingUntil: string | null;
  ipAllowlist: string[];
  limitPerMinute: number | null;
  expiresAt: string;
  revokedAt: string | null;
  /** One of the two is null. */
  userId: string | null;
  serviceAccountId: string | null;
  serviceAccountName: string | null;
  /** Of the owner. */
  status: UserStatus;
}

export type KeyStates = Batches<string, KeyStateRow | null>;

const statement = {
  name: 'key_states',
  text: `select k.id, k.name, k.scopes, k.secret_hash as "secretHash", k.former_hash as "formerHash",
      k.rotating_until as "rotatingUntil", k.ip_allowlist::text[] as "ipAllowlist", k.limit_per_minute as "limitPerMinute",
      k.expires_at as "expiresAt", k.revoked_at as "revokedAt", k.user_id as "userId", s.id as "serviceAccountId",
      s.name as "serviceAccountName", coalesce(u.status, s.status) as status, r.name as role, r.rank, r.permissions,
      r.system, wanted.place
    from unnest($1::text[]) with ordinality as wanted (lookup, place)
    join api_keys k on k.lookup = wanted.lookup
    left join users u on u.id = k.user_id
    left join service_accounts s on s.id = k.service_account_id
    join roles r on r.name = coalesce(u.role_name, s.role_name)`,
};

export function createKeyStates(fork: () => EntityManager, trace: Trace): KeyStates {
  const many = async (lookups: readonly string[]) => {
    const rows = await query<KeyStateRow & Placed>(fork(), statement, [lookups]);
    return inPlaces(rows, lookups.length);
  };
  const one = async (lookup: string) => (await many([lookup]))[0] ?? null;
  return createBatches({ many, one }, 'api key', trace);
}
