/** Judges refresh tokens that did not rotate their session, and revokes the session when a token was copied. */
import { User } from '../../persistence/accounts/user.ts';
import { LockMode } from '../../persistence/entity-manager.ts';
import type { SessionStateRow } from '../../persistence/sessions/session-state.ts';
import { TokenFamily } from '../../persistence/sessions/token-family.ts';
import type { RefreshTokenClaims } from '../../security/tokens/refresh-token.ts';
import type { AuditDetails } from '../audit/actions.ts';
import { noActor } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { type Transaction, transact } from '../transaction.ts';
import { isConfirmed } from './confirmations.ts';
import type { SessionDeps } from './deps.ts';
import { revokeSession } from './revoke.ts';

type RefusalReason = AuditDetails['session.refresh_refused']['reason'];
export type OldTokenState = RefusalReason | 'reused' | 'successor';

interface Standing {
  generation: number;
  confirmedGeneration?: number | null | undefined;
  rotatedAt: Date;
  expiresAt: Date;
  revokedAt?: Date | string | null | undefined;
  status: string;
}

/** @returns `successor` when the token gets its successor again; `reused` when it was copied */
export function classifyOldToken(
  standing: Standing,
  claims: RefreshTokenClaims,
  now: Date,
  graceSeconds: number,
): OldTokenState {
  if (standing.revokedAt) return 'revoked';
  if (standing.expiresAt <= now) return 'expired';
  if (standing.status !== 'ACTIVE') return 'user_inactive';
  if (claims.generation >= standing.generation) return 'not_issued';
  const isParent = claims.generation === standing.generation - 1;
  const withinGrace = now <= secondsAfter(standing.rotatedAt, graceSeconds);
  return isParent && (withinGrace || !isConfirmed(standing)) ? 'successor' : 'reused';
}

export function standingOf(state: SessionStateRow): Standing {
  return {
    generation: state.generation,
    confirmedGeneration: state.confirmedGeneration,
    rotatedAt: new Date(state.rotatedAt),
    expiresAt: new Date(state.expiresAt),
    revokedAt: state.revokedAt,
    status: state.status,
  };
}

/** Classifies the token again under the lock of its session, and records the result. */
export function handleOldToken(unit: SessionDeps, caller: Caller, claims: RefreshTokenClaims): Promise<OldTokenState> {
  return transact<OldTokenState>(unit, caller, async (transaction) => {
    const { tx, now } = transaction;
    const family = await tx.findOne(TokenFamily, { id: claims.familyId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!family) return recordRefusal(transaction, null, 'unknown');
    const user = await tx.findOneOrFail(User, { id: family.user.id });
    const standing = { ...family, status: user.status };
    const verdict = classifyOldToken(standing, claims, now, unit.settings.refreshGraceSeconds);
    if (verdict === 'successor') return verdict;
    if (verdict !== 'reused') return recordRefusal(transaction, family, verdict);
    await revokeCopied(transaction, caller, { user, family, claims });
    return verdict;
  });
}

function recordRefusal({ audit }: Transaction, family: TokenFamily | null, reason: RefusalReason): RefusalReason {
  const session = family ? ({ target: { type: 'session', id: family.id }, sessionId: family.id } as const) : {};
  audit({ action: 'session.refresh_refused', outcome: 'FAILURE', ...noActor, ...session, details: { reason } });
  return reason;
}

async function revokeCopied(
  { tx, now, audit, mail }: Transaction,
  caller: Caller,
  { user, family, claims }: { user: User; family: TokenFamily; claims: RefreshTokenClaims },
): Promise<void> {
  audit({
    action: 'token.reuse_detected',
    outcome: 'DENIED',
    actorId: null,
    target: { type: 'session', id: family.id },
    sessionId: family.id,
    sessionOwnerId: user.id,
    details: { presentedGeneration: claims.generation, generation: family.generation },
  });
  revokeSession(tx, caller, family, 'reuse_detected', now);
  const { ipAddress } = caller.client;
  const variables = { detectedAt: now.toISOString(), ipAddress, deviceName: family.deviceName ?? null };
  await mail({ kind: 'token_reuse_detected', to: user.email, locale: user.locale, variables });
}
