/** The current state of a session and its user: the one query of every authenticated request. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Trace } from '../../trace.ts';
import { reachesRole } from '../access/roles.ts';
import type { UserStatus } from '../accounts/user.ts';
import { type Batches, createBatches } from '../batches.ts';
import type { RiskAssessment } from '../risk/risk-assessment.ts';
import { inPlaces, type Placed, query } from '../statement.ts';
import type { AuthMethod, ClaimsExt } from './token-family.ts';

/** Times are PostgreSQL's text: `new Date(text)` reads them. */
export interface SessionStateRow {
  sessionId: string;
  generation: number;
  /** The newest generation that a client has used. Null: last rotated before this was recorded. */
  confirmedGeneration: number | null;
  sessionCreatedAt: string;
  rotatedAt: string;
  expiresAt: string;
  revokedAt: string | null;
  authenticatedAt: string;
  methods: AuthMethod[];
  passkeyProven: boolean;
  totpProven: boolean;
  backupCodeProven: boolean;
  phoneProven: boolean;
  ipAddress: string | null;
  userAgent: string | null;
  deviceName: string | null;
  country: string | null;
  city: string | null;
  risk: RiskAssessment | null;
  /** Null: the role decides alone. */
  permissionsLimit: string[] | null;
  claimsExt: ClaimsExt | null;
  userId: string;
  email: string;
  emailVerifiedAt: string | null;
  displayName: string | null;
  locale: string | null;
  status: UserStatus;
  userCreatedAt: string;
  role: string;
  rank: number;
  permissions: string[];
  system: boolean;
  /** The signing key that is active. */
  signingKid: string;
  /** Names of the roles that the user's role reaches by rank or permissions (roles.ts), its own included. */
  reaches: string[];
  /** Since when the user has a second factor. */
  mfaEnabledAt: string | null;
}

/** The columns of SessionStateRow, from a family `f`, its user `u` and the user's role `r`. */
export const sessionStateColumns = `
  f.id as "sessionId", f.generation, f.confirmed_generation as "confirmedGeneration", f.created_at as "sessionCreatedAt", f.rotated_at as "rotatedAt",
  f.expires_at as "expiresAt", f.revoked_at as "revokedAt", f.authenticated_at as "authenticatedAt",
  f.methods, f.proven_passkey_id is not null as "passkeyProven", f.proven_totp_user_id is not null as "totpProven",
  f.proven_backup_code_id is not null as "backupCodeProven", f.proven_phone_id is not null as "phoneProven", f.ip_address as "ipAddress", f.user_agent as "userAgent", f.device_name as "deviceName",
  f.country, f.city, f.risk,
  f.permissions_limit as "permissionsLimit", f.claims_ext as "claimsExt",
  u.id as "userId", u.email, u.email_verified_at as "emailVerifiedAt", u.display_name as "displayName", u.locale, u.status,
  u.created_at as "userCreatedAt", r.name as role, r.rank, r.permissions, r.system,
  array(select n.name from roles n where ${reachesRole}) as reaches,
  u.mfa_enabled_at as "mfaEnabledAt",
  (select kid from signing_keys where state = 'active') as "signingKid"`;

const statement = {
  name: 'session_state',
  text: `select ${sessionStateColumns}
    from token_families f join users u on u.id = f.user_id join roles r on r.name = u.role_name
    where f.id = $1`,
};

export async function findSessionState(em: EntityManager, sessionId: string): Promise<SessionStateRow | null> {
  const [row] = await query<SessionStateRow>(em, statement, [sessionId]);
  return row ?? null;
}

const tokenStatement = {
  name: 'token_states',
  text: `select ${sessionStateColumns}, exists(select from signing_keys where kid = wanted.kid) as "keyExists", wanted.place
    from unnest($1::uuid[], $2::text[]) with ordinality as wanted (session_id, kid, place)
    join token_families f on f.id = wanted.session_id join users u on u.id = f.user_id join roles r on r.name = u.role_name`,
};

/** What a token names: its session, and the key that signed it. */
export interface NamedByToken {
  sessionId: string;
  kid: string;
}

/** The state of a session, and whether the key that signed the token was revoked meanwhile. */
export type TokenStateRow = SessionStateRow & { keyExists: boolean };

export type TokenStates = Batches<NamedByToken, TokenStateRow | null>;

export function createTokenStates(fork: () => EntityManager, trace: Trace): TokenStates {
  const many = (named: readonly NamedByToken[]) => findTokenStates(fork(), named);
  const one = async (named: NamedByToken) => (await many([named]))[0] ?? null;
  return createBatches({ many, one }, 'session', trace);
}

async function findTokenStates(em: EntityManager, named: readonly NamedByToken[]): Promise<(TokenStateRow | null)[]> {
  const rows = await query<TokenStateRow & Placed>(em, tokenStatement, [
    named.map(({ sessionId }) => sessionId),
    named.map(({ kid }) => kid),
  ]);
  return inPlaces(rows, named.length);
}
