/** The user, session and target of an explanation of access, in their present state. */
import { type AccountStandingRow, findAccountStanding } from '../../persistence/access/account-standing.ts';
import { findSessionState, type SessionStateRow } from '../../persistence/sessions/session-state.ts';
import { outranks } from '../access/authority.ts';
import { operatorClient } from '../audit/record.ts';
import type { Caller, Client, Role, Standing } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { isId } from '../ids.ts';
import type { SessionDeps } from '../sessions/deps.ts';
import { viewerFrom } from '../sessions/viewer.ts';
import { transact } from '../transaction.ts';

export interface AccessQuestion {
  userId: string;
  /** null: as if the user had just signed in with every factor, from an allowed network. */
  sessionId: string | null;
  /** The user that the operation would change. */
  targetUserId: string | null;
}

export interface AccessSubject {
  role: Pick<Role, 'name' | 'rank' | 'permissions'>;
  standing: Standing;
  /** Why the user is not signed in; null: the user is, or could sign in. */
  problem: string | null;
  /** null: no session was named. */
  session: { authenticatedAt: Date; ipAddress: string | null } | null;
  /** null: no target was named. */
  target: { role: string; rank: number; isOutranked: boolean } | null;
  /** Whether the reader may know the networks of administrators, and the address of the session. */
  showsNetworks: boolean;
}

type Deps = Pick<SessionDeps, 'em' | 'clock' | 'settings'>;

/** @throws Refusal NOT_FOUND for an unknown user or target, and for a session of another user */
export async function findAccessSubject(
  unit: Deps,
  reader: Caller,
  { userId, sessionId, targetUserId }: AccessQuestion,
): Promise<AccessSubject> {
  const account = await standingOf(unit, userId);
  const target = targetUserId === null ? null : await standingOf(unit, targetUserId);
  const role = { name: account.role, rank: account.rank, permissions: account.permissions };
  const authority = { role: account.role, rank: account.rank, permissions: account.permissions };
  return {
    role,
    ...(await sessionPart(unit, account, userId, sessionId)),
    target: target && { role: target.role, rank: target.rank, isOutranked: outranks(authority, target.rank) },
    showsNetworks: reader.isOperator === true || rankOf(reader) >= account.rank,
  };
}

/** Writes `access.explained`. */
export async function recordExplanation(
  unit: SessionDeps,
  reader: Caller,
  { userId, operation, allowed }: { userId: string; operation: string; allowed: boolean },
): Promise<void> {
  await transact<void>(unit, reader, async ({ audit }) => {
    const target = { type: 'user', id: userId } as const;
    audit({ action: 'access.explained', target, details: { operation, allowed } });
  });
}

async function standingOf({ em }: Deps, userId: string): Promise<AccountStandingRow> {
  const found = isId(userId) ? await findAccountStanding(em.fork(), userId) : null;
  if (!found) throw new Refusal('NOT_FOUND');
  return found;
}

async function sessionPart(
  { em, clock, settings }: Deps,
  account: AccountStandingRow,
  userId: string,
  sessionId: string | null,
): Promise<Pick<AccessSubject, 'standing' | 'problem' | 'session'>> {
  const inactive = account.status === 'ACTIVE' ? null : `the account is ${account.status}`;
  if (sessionId === null) return { standing: bestStanding(account, settings), problem: inactive, session: null };
  const state = isId(sessionId) ? await findSessionState(em.fork(), sessionId) : null;
  if (state?.userId !== userId.toLowerCase()) throw new Refusal('NOT_FOUND');
  const now = clock.now();
  const { standing, session } = viewerFrom(state, clientOf(state), settings, now);
  return { standing, session, problem: inactive ?? endOf(state, now) };
}

/** Of a user who has just signed in with every factor, from an allowed network. */
function bestStanding({ reaches, hasSecondFactor }: AccountStandingRow, settings: Deps['settings']): Standing {
  return {
    recent: true,
    secondFactorRequired: reaches.some((name) => settings.mfaRequiredFor.includes(name)),
    secondFactor: hasSecondFactor ? 'proven' : 'missing',
    adminNetwork: true,
  };
}

function endOf({ revokedAt, expiresAt }: SessionStateRow, now: Date): string | null {
  if (revokedAt !== null) return 'the session was revoked';
  return new Date(expiresAt) <= now ? 'the session has expired' : null;
}

function clientOf({ ipAddress, userAgent }: SessionStateRow): Client {
  return { ...operatorClient(''), ipAddress, userAgent };
}

function rankOf({ viewer, machine }: Caller): number {
  return viewer?.role.rank ?? machine?.role.rank ?? Number.NEGATIVE_INFINITY;
}
