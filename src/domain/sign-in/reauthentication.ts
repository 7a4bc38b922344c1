/**
 * Proving inside a session that it is still you (ASVS 7.5.1): the session goes on with a fresh time of authentication
 * and new tokens. What demands it says so in the permission map; passwords that are asked for on the spot are checked
 * here as well, so that all guesses of a session's holder are counted together.
 */

import { User } from '../../persistence/accounts/user.ts';
import { type EntityManager, LockMode } from '../../persistence/entity-manager.ts';
import { findSessionState } from '../../persistence/sessions/session-state.ts';
import { type AuthMethod, TokenFamily } from '../../persistence/sessions/token-family.ts';
import { type Guess, Guesses } from '../attempts/guesses.ts';
import { type AuditDetails, recordAudit } from '../audit/record.ts';
import { type Caller, type Viewer, viewerOf } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { Refusal } from '../errors.ts';
import { MfaCodes } from '../factors/mfa-codes.ts';
import { type AuthSession, earlier, issueTokens } from '../sessions/auth-session.ts';
import { type FactorProof, noteProof, presentProof, provenFactorsOf } from '../sessions/factor-proof.ts';
import type { SignInDeps } from './deps.ts';

export interface ReauthenticationRequest {
  password?: string | null | undefined;
  code?: string | null | undefined;
}

type RefusalReason = AuditDetails['reauthentication.refused']['reason'];

export class Reauthentications {
  readonly #deps: SignInDeps;
  readonly #guesses: Guesses;

  constructor(deps: SignInDeps) {
    this.#deps = deps;
    this.#guesses = new Guesses(deps);
  }

  /**
   * A code, of the app or a backup code, lifts the session to AAL2. With both, a wrong password leaves the code unspent.
   * @throws Refusal UNAUTHENTICATED, BAD_USER_INPUT when neither is given, INVALID_CREDENTIALS, INVALID_MFA_CODE,
   *   MFA_NOT_ENABLED, TOO_MANY_ATTEMPTS, SERVICE_BUSY
   */
  async reauthenticate(caller: Caller, { password, code }: ReauthenticationRequest): Promise<AuthSession> {
    const { em } = this.#deps;
    const viewer = viewerOf(caller);
    if (password == null && code == null) throw nothingGiven();
    const before = await findSessionState(em, viewer.session.id);
    if (password != null) await this.assertPassword(caller, password, 'input.password');
    const generation = before?.generation ?? 0;
    const byPassword = password != null;
    const renewed =
      code == null
        ? await em
            .fork()
            .transactional((tx) => this.#renew(tx, caller, viewer, { generation, byPassword, factor: null }))
        : await new MfaCodes(this.#deps).spendOfViewer(caller, { code }, (tx, _user, factor) =>
            this.#renew(tx, caller, viewer, { generation, byPassword, factor }),
          );
    const state = renewed && (await findSessionState(em, viewer.session.id));
    if (!state) throw new Refusal('UNAUTHENTICATED', { reason: 'SESSION_REVOKED' });
    return issueTokens(this.#deps, caller, state, state.generation);
  }

  /**
   * For what asks for the password on the spot, such as changing it.
   * @param path of the password in the input
   * @throws Refusal UNAUTHENTICATED, INVALID_CREDENTIALS, TOO_MANY_ATTEMPTS, SERVICE_BUSY; the sessions go on
   */
  async assertPassword(caller: Caller, password: string, path: string): Promise<void> {
    const { em, hasher } = this.#deps;
    const viewer = viewerOf(caller);
    const guess = await this.#reserve(caller, viewer);
    try {
      const user = await em.fork().findOne(User, { id: viewer.id });
      const hashes = user?.passwordHash ? [user.passwordHash] : [];
      if ((await hasher.verify(hashes, password)) !== -1) return await guess.right(em);
    } catch (error) {
      await guess.giveBack(em);
      throw error;
    }
    await em.fork().transactional(async (tx) => {
      await guess.wrong(tx, caller);
      this.#recordRefusal(tx, caller, viewer, 'wrong_password');
    });
    const message = 'The password is wrong.';
    throw new Refusal('INVALID_CREDENTIALS', { fields: [{ path, code: 'WRONG_PASSWORD', message }] });
  }

  async #reserve(caller: Caller, viewer: Viewer): Promise<Guess> {
    try {
      return await this.#guesses.reserve('password', viewer.id);
    } catch (error) {
      if (error instanceof Refusal && error.code === 'TOO_MANY_ATTEMPTS') {
        const refuse = async (tx: EntityManager) => this.#recordRefusal(tx, caller, viewer, 'locked');
        await this.#deps.em.fork().transactional(refuse);
      }
      throw error;
    }
  }

  /**
   * The refresh token rotates, unless somebody else's request has rotated it since this one began (another tab, a double
   * click): then both get the same one, and whichever the client keeps is good.
   * @returns whether the session still lives
   */
  async #renew(
    tx: EntityManager,
    { client }: Caller,
    viewer: Viewer,
    { generation, byPassword, factor }: { generation: number; byPassword: boolean; factor: FactorProof | null },
  ): Promise<boolean> {
    const now = this.#deps.clock.now();
    // The user before the session, as everybody does who locks both.
    const user = await tx.findOne(User, { id: viewer.id, status: 'ACTIVE' }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    const living = { id: viewer.session.id, revokedAt: null, expiresAt: { $gt: now } };
    const family = user && (await tx.findOne(TokenFamily, living, { lockMode: LockMode.PESSIMISTIC_WRITE }));
    if (!family) return false;
    if (family.generation === generation) {
      family.confirmedGeneration ??= family.generation;
      family.generation += 1;
      family.rotatedAt = now;
      family.expiresAt = earlier(secondsAfter(now, family.slidingSeconds), family.absoluteExpiresAt);
    }
    family.authenticatedAt = now;
    if (byPassword) family.methods = [...new Set<AuthMethod>([...family.methods, 'PASSWORD'])];
    if (factor) noteProof(tx, family, factor);
    const methods = [...(byPassword ? ['PASSWORD'] : []), ...(factor ? [factor.method] : [])];
    const { assurance } = presentProof(provenFactorsOf(family));
    recordAudit(tx, client, now, {
      action: 'session.reauthenticated',
      actorId: viewer.id,
      target: { type: 'session', id: family.id },
      sessionId: family.id,
      details: { methods, assurance, generation: family.generation },
    });
    return true;
  }

  #recordRefusal(tx: EntityManager, { client }: Caller, viewer: Viewer, reason: RefusalReason): void {
    recordAudit(tx, client, this.#deps.clock.now(), {
      action: 'reauthentication.refused',
      outcome: reason === 'locked' ? 'DENIED' : 'FAILURE',
      actorId: viewer.id,
      target: { type: 'user', id: viewer.id },
      sessionId: viewer.session.id,
      details: { reason },
    });
  }
}

function nothingGiven(): Refusal {
  const message = 'Enter the password, a code of your authenticator app, or both.';
  return new Refusal('BAD_USER_INPUT', { fields: [{ path: 'input', code: 'REQUIRED', message }] });
}
