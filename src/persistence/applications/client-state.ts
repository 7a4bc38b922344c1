/** The current state of a service account: for its client authentication, and for each request with one of its tokens. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../statement.ts';
import type { RoleColumns } from './key-state.ts';
import type { ServiceAccountStatus } from './service-account.ts';

interface AccountColumns extends RoleColumns {
  id: string;
  name: string;
  status: ServiceAccountStatus;
}

export interface ClientStateRow extends AccountColumns {
  publicJwks: { keys: Record<string, unknown>[] } | null;
  /** Of the client secrets that are neither revoked nor expired. */
  secretHashes: Buffer[];
}

const columns = 's.id, s.name, s.status, r.name as role, r.rank, r.permissions, r.system';

const clientStatement = {
  name: 'client_state',
  text: `select ${columns}, s.public_jwks as "publicJwks",
      array(select c.secret_hash from service_account_secrets c
            where c.service_account_id = s.id and c.revoked_at is null and (c.expires_at is null or c.expires_at > $2)) as "secretHashes"
    from service_accounts s join roles r on r.name = s.role_name where s.id = $1`,
};

/** @param id of the form of an id */
export async function findClient(em: EntityManager, id: string, now: Date): Promise<ClientStateRow | null> {
  const [row] = await query<ClientStateRow>(em, clientStatement, [id, now]);
  return row ?? null;
}

export interface ClientTokenStateRow extends AccountColumns {
  /** Whether the token was revoked. */
  spent: boolean;
  /** Whether the key that signed the token still exists. */
  keyExists: boolean;
  /** The signing key that is active. */
  signingKid: string;
}

const tokenStatement = {
  name: 'client_token_state',
  text: `select ${columns}, exists(select from spent_tokens where token_hash = $2) as spent,
      exists(select from signing_keys where kid = $3) as "keyExists",
      (select kid from signing_keys where state = 'active') as "signingKid"
    from service_accounts s join roles r on r.name = s.role_name where s.id = $1`,
};

export async function findClientToken(
  em: EntityManager,
  { id, tokenHash, kid }: { id: string; tokenHash: Buffer; kid: string },
): Promise<ClientTokenStateRow | null> {
  const [row] = await query<ClientTokenStateRow>(em, tokenStatement, [id, tokenHash, kid]);
  return row ?? null;
}

/** @returns false when another service account has the name */
export async function insertServiceAccount(
  em: EntityManager,
  account: { id: string; name: string; role: string; createdBy: string | null; now: Date },
): Promise<boolean> {
  const rows = await em.execute<{ made: number }[]>(
    `insert into service_accounts (id, name, role_name, status, created_by, created_at)
     values (:id, :name, :role, 'ACTIVE', :createdBy, :now) on conflict (name) do nothing returning 1 as made`,
    account,
  );
  return rows.length === 1;
}
