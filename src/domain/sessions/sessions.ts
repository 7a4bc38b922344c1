/**
 * Staying signed in, seeing where one is signed in, and signing out. A session is a token family (RFC 9700 4.14.2): one
 * row, whose generation decides which refresh token is good. Access tokens are judged in authentication.ts.
 */

import { User } from '../../persistence/accounts/user.ts';
import { type EntityManager, LockMode } from '../../persistence/entity-manager.ts';
import { rotateFamily } from '../../persistence/sessions/rotate-family.ts';
import { lockUsersOf } from '../../persistence/sessions/session-locks.ts';
import { findSessionState, type SessionStateRow } from '../../persistence/sessions/session-state.ts';
import { type RevocationReason, TokenFamily } from '../../persistence/sessions/token-family.ts';
import type { RefreshTokenClaims } from '../../security/tokens/refresh-token.ts';
import { type AuditAction, type AuditDetails, personalPart, recordAudit } from '../audit/record.ts';
import { type Caller, type Session, viewerOf } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { Refusal } from '../errors.ts';
import { isId, newId } from '../ids.ts';
import { type Page, type PageRequest, readPage } from '../page.ts';
import { type AuthSession, issueTokens } from './auth-session.ts';
import { isConfirmed } from './confirmations.ts';
import type { SessionDeps } from './deps.ts';
import { presentProof, provenFactorsOf } from './factor-proof.ts';

type Verdict = AuditDetails['session.refresh_refused']['reason'] | 'reused' | 'successor';

interface Standing {
  generation: number;
  confirmedGeneration?: number | null | undefined;
  rotatedAt: Date;
  expiresAt: Date;
  revokedAt?: Date | string | null | undefined;
  status: string;
}

export class Sessions {
  readonly #deps: SessionDeps;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
  }

  /**
   * Rotates the family. The predecessor of the current token is answered with the same successor again during the grace
   * period (a second tab), and for as long as no client has used the successor (a lost answer). Any other old token
   * means that a token was copied, and revokes the session.
   * @throws Refusal INVALID_REFRESH_TOKEN
   */
  async refresh(caller: Caller, token: string): Promise<AuthSession> {
    const { em, clock, refreshTokens, settings, metrics } = this.#deps;
    const claims = refreshTokens.open(token);
    if (!claims) {
      metrics.refresh('not_ours');
      throw new Refusal('INVALID_REFRESH_TOKEN', { detail: 'not ours' });
    }
    const now = clock.now();
    const action: AuditAction = 'session.refreshed';
    const { requestId } = caller.client;
    const audit = { id: newId(now), action, requestId, ...personalPart(caller.client) };
    const rotated = await rotateFamily(em, { ...claims, now, audit });
    if (rotated) {
      metrics.refresh('rotated');
      return issueTokens(this.#deps, caller, rotated, rotated.generation);
    }

    // One read finds those who are owed the successor again; only what looks like a refusal takes the lock.
    const state = await findSessionState(em, claims.familyId);
    const seen = state && judgeUnrotated(standingOf(state), claims, now, settings.refreshGraceSeconds);
    const verdict = seen === 'successor' ? seen : await this.#settleUnrotated(caller, claims, now);
    metrics.refresh(verdict === 'successor' ? 'repeated' : verdict);
    if (verdict === 'reused') metrics.tokenReused();
    if (state === null || verdict !== 'successor') throw new Refusal('INVALID_REFRESH_TOKEN', { detail: verdict });
    return issueTokens(this.#deps, caller, state, claims.generation + 1);
  }

  /** The session of a refresh token that is ours, or null: what its uses are counted by. */
  familyOf(refreshToken: string): string | null {
    return this.#deps.refreshTokens.open(refreshToken)?.familyId ?? null;
  }

  /** Whether a CSRF token belongs to the session of a refresh token. In constant time. */
  isCsrfToken(csrfToken: string, refreshToken: string): boolean {
    const claims = this.#deps.refreshTokens.open(refreshToken);
    return claims !== null && this.#deps.csrfTokens.matches(csrfToken, claims.familyId);
  }

  /**
   * Ends the session the caller is signed in to and the one the token belongs to: any token of a family will do, as
   * ending it is the safe side.
   * @returns whether a living session ended
   * @throws Refusal UNAUTHENTICATED when there is neither
   */
  async logout(caller: Caller, refreshToken?: string | null): Promise<boolean> {
    const { em, clock, refreshTokens } = this.#deps;
    const claims = refreshToken ? refreshTokens.open(refreshToken) : null;
    const own = refreshToken ? caller.viewer?.session.id : viewerOf(caller).session.id;
    const ids = new Set([own, claims?.familyId].filter((id) => id !== undefined));
    const ended = await em.fork().transactional(async (tx) => {
      await lockUsersOf(tx, [...ids]);
      return endFamilies(tx, caller, { id: [...ids] }, 'logout', clock.now());
    });
    return ended > 0;
  }

  /** The living sessions of the viewer, newest first. @throws Refusal UNAUTHENTICATED, BAD_USER_INPUT */
  list(caller: Caller, request: PageRequest): Promise<Page<Session>> {
    const { em, clock } = this.#deps;
    const viewer = viewerOf(caller);
    const where = { user: viewer.id, revokedAt: null, expiresAt: { $gt: clock.now() } };
    return readPage(request, {
      find: ({ keyset, orderBy, limit }) => em.fork().find(TokenFamily, { ...where, ...keyset }, { orderBy, limit }),
      count: () => em.fork().count(TokenFamily, where),
      toNode: (family) => sessionFrom(family, viewer.session.id),
    });
  }

  /**
   * The living sessions of each of these users, newest first. All of them: nobody has more than twenty.
   * @throws Refusal UNAUTHENTICATED
   */
  async ofUsers(caller: Caller, userIds: readonly string[]): Promise<Session[][]> {
    const { em, clock } = this.#deps;
    const currentId = viewerOf(caller).session.id;
    const living = { user: [...userIds], revokedAt: null, expiresAt: { $gt: clock.now() } };
    const families = await em.fork().find(TokenFamily, living, { orderBy: { id: 'desc' } });
    const byUser = Map.groupBy(families, ({ user }) => user.id);
    return userIds.map((id) => (byUser.get(id) ?? []).map((family) => sessionFrom(family, currentId)));
  }

  /** Ends one of the viewer's sessions. @throws Refusal NOT_FOUND for another user's, an ended one and none alike */
  async revoke(caller: Caller, sessionId: string): Promise<number> {
    const ended = isId(sessionId) ? await this.#endOwn(caller, 'revoked', { id: sessionId }) : 0;
    if (ended === 0) throw new Refusal('NOT_FOUND');
    return ended;
  }

  /** @param signedInBefore ends only the sessions that are older; null: all but the one the caller asks through */
  async revokeOthers(caller: Caller, signedInBefore: Date | null): Promise<number> {
    const older = signedInBefore ? { createdAt: { $lt: signedInBefore } } : {};
    return this.#endOwn(caller, 'revoked', { id: { $ne: viewerOf(caller).session.id }, ...older });
  }

  async #endOwn(caller: Caller, reason: RevocationReason, which: object): Promise<number> {
    const { em, clock } = this.#deps;
    const { id: user, session } = viewerOf(caller);
    return em.fork().transactional(async (tx) => {
      await lockUsersOf(tx, [session.id]);
      return endFamilies(tx, caller, { user, ...which }, reason, clock.now());
    });
  }

  /** Judges anew under the family's lock, and writes down what it comes to. */
  async #settleUnrotated(caller: Caller, claims: RefreshTokenClaims, now: Date): Promise<Verdict> {
    const { em, settings, outbox } = this.#deps;
    return em.fork().transactional(async (tx) => {
      const family = await tx.findOne(TokenFamily, { id: claims.familyId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      const user = family && (await tx.findOneOrFail(User, { id: family.user.id }));
      const standing = family && user && { ...family, status: user.status };
      const verdict = standing ? judgeUnrotated(standing, claims, now, settings.refreshGraceSeconds) : 'unknown';
      if (verdict === 'successor') return verdict;
      const where = family ? ({ target: { type: 'session', id: family.id }, sessionId: family.id } as const) : {};
      if (!family || !user || verdict !== 'reused') {
        const reason = verdict === 'reused' ? 'unknown' : verdict;
        recordAudit(tx, caller.client, now, {
          action: 'session.refresh_refused',
          outcome: 'FAILURE',
          ...where,
          details: { reason },
        });
        return verdict;
      }
      recordAudit(tx, caller.client, now, {
        action: 'token.reuse_detected',
        outcome: 'DENIED',
        ...where,
        details: { presentedGeneration: claims.generation, generation: family.generation },
      });
      endFamily(tx, caller, family, 'reuse_detected', now);
      const variables = {
        detectedAt: now.toISOString(),
        ipAddress: caller.client.ipAddress,
        deviceName: family.deviceName ?? null,
      };
      await outbox.enqueue(tx, { kind: 'token_reuse_detected', to: user.email, locale: user.locale, variables }, now);
      return verdict;
    });
  }
}

/** Under the locks of their users: callers that lock several families never deadlock. @returns how many ended */
export async function endFamilies(
  tx: EntityManager,
  caller: Caller,
  which: object,
  reason: RevocationReason,
  now: Date,
): Promise<number> {
  const families = await tx.find(
    TokenFamily,
    { ...which, revokedAt: null, expiresAt: { $gt: now } },
    { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } },
  );
  for (const family of families) endFamily(tx, caller, family, reason, now);
  return families.length;
}

function sessionFrom(family: TokenFamily, currentId: string): Session {
  return {
    id: family.id,
    current: family.id === currentId,
    createdAt: family.createdAt,
    lastUsedAt: family.rotatedAt,
    expiresAt: family.expiresAt,
    ipAddress: family.ipAddress ?? null,
    userAgent: family.userAgent ?? null,
    deviceName: family.deviceName ?? null,
    authenticatedAt: family.authenticatedAt,
    ...presentProof(provenFactorsOf(family)),
  };
}

/** What a token that did not rotate its family is worth. */
function judgeUnrotated(standing: Standing, claims: RefreshTokenClaims, now: Date, graceSeconds: number): Verdict {
  if (standing.revokedAt) return 'revoked';
  if (standing.expiresAt <= now) return 'expired';
  if (standing.status !== 'ACTIVE') return 'user_inactive';
  if (claims.generation >= standing.generation) return 'not_issued';
  const isParent = claims.generation === standing.generation - 1;
  const withinGrace = now <= secondsAfter(standing.rotatedAt, graceSeconds);
  return isParent && (withinGrace || !isConfirmed(standing)) ? 'successor' : 'reused';
}

function standingOf(state: SessionStateRow): Standing {
  return {
    generation: state.generation,
    confirmedGeneration: state.confirmedGeneration,
    rotatedAt: new Date(state.rotatedAt),
    expiresAt: new Date(state.expiresAt),
    revokedAt: state.revokedAt,
    status: state.status,
  };
}

/** Under the family's lock. Both of its tokens stop working with the commit. */
export function endFamily(
  tx: EntityManager,
  caller: Caller,
  family: TokenFamily,
  reason: RevocationReason,
  now: Date,
): void {
  family.revokedAt = now;
  family.revokedReason = reason;
  recordAudit(tx, caller.client, now, {
    action: 'session.ended',
    actorId: caller.viewer?.id ?? null,
    target: { type: 'session', id: family.id },
    sessionId: family.id,
    details: { reason },
  });
}
