/**
 * Judging the codes of second factors. Whatever is wrong with a code, malformed, spent or somebody else's, it counts
 * and is answered alike; how many may be tried is guesses.ts.
 */

import type { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { spendBackupCode, spendTimeStep } from '../../persistence/factors/second-factors.ts';
import { TotpSecret } from '../../persistence/factors/totp-secret.ts';
import { canonicalBackupCode } from '../../security/factors/backup-codes.ts';
import { canonicalTotpCode, timeStepOf } from '../../security/factors/totp.ts';
import { keyedHashes } from '../../security/keys/keyed-hash.ts';
import { mailWithNotMe, ownSession } from '../access/not-me.ts';
import { type Guess, Guesses } from '../attempts/guesses.ts';
import { SignInGate } from '../attempts/sign-in-gate.ts';
import { type AuditDetails, recordAudit } from '../audit/record.ts';
import { type Caller, type Viewer, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { lockViewer } from '../locked-user.ts';
import type { FactorProof } from '../sessions/factor-proof.ts';
import type { FactorDeps } from './deps.ts';
import { countBackupCodes, type MfaMethod, secondFactorsOf } from './second-factors.ts';

export type CodeMethod = Exclude<MfaMethod, 'PASSKEY'>;
type CodeRefusal = AuditDetails['mfa.code_refused'];

export class MfaCodes {
  readonly #deps: FactorDeps;
  readonly #guesses: Guesses;

  constructor(deps: FactorDeps) {
    this.#deps = deps;
    this.#guesses = new Guesses(deps);
  }

  /**
   * Spends a code of the viewer and does what it permits, both in one transaction under their lock.
   * @param needs the factor that there must be, if it is a certain one
   * @param method what to take the code for; without it, what it looks like
   * @throws Refusal UNAUTHENTICATED, MFA_NOT_ENABLED, INVALID_MFA_CODE, TOO_MANY_ATTEMPTS, SERVICE_BUSY
   */
  async spendOfViewer<T>(
    caller: Caller,
    { code, needs, method = methodOf(code) }: { code: string; needs?: 'TOTP'; method?: CodeMethod },
    effect: (tx: EntityManager, user: User, proof: FactorProof) => Promise<T>,
  ): Promise<T> {
    const viewer = viewerOf(caller);
    const factors = await secondFactorsOf(this.#deps.em.fork(), viewer.id);
    if (factors.length === 0 || (needs && !factors.includes(needs))) throw new Refusal('MFA_NOT_ENABLED');
    return this.guess(caller, viewer, method, async (tx, user) => {
      const proof = await this.spend(tx, caller, user, method, code);
      return proof && { value: await effect(tx, user, proof) };
    });
  }

  /**
   * Runs a guess of the viewer's: reserved before it is judged, counted with what follows from it.
   * @param judge gives null for a wrong code; what it wrote then stays
   * @throws Refusal UNAUTHENTICATED when the session has ended meanwhile
   */
  async guess<T>(
    caller: Caller,
    viewer: Viewer,
    method: CodeMethod,
    judge: (tx: EntityManager, user: User) => Promise<{ value: T } | null>,
  ): Promise<T> {
    const { em, clock } = this.#deps;
    const trustedDevice = await new SignInGate(this.#deps).trustedDeviceOf(caller, viewer.email);
    const guess = await this.reserve(caller, viewer.id, { method, trustedDevice });
    const judged = await this.orGiveBack(guess, () =>
      em.fork().transactional(async (tx) => {
        const right = await judge(tx, await lockViewer(tx, viewer, clock.now()));
        if (right) await guess.right(tx);
        else await this.countWrong(tx, caller, guess, viewer.id, { method, during: 'session', reason: 'wrong_code' });
        return right;
      }),
    );
    if (!judged) throw new Refusal('INVALID_MFA_CODE');
    return judged.value;
  }

  /** @throws Refusal TOO_MANY_ATTEMPTS, SERVICE_BUSY */
  async reserve(
    caller: Caller,
    userId: string,
    { method, trustedDevice }: { method: MfaMethod; trustedDevice: string | null },
  ): Promise<Guess> {
    try {
      return await this.#guesses.reserve('second_factor', userId, trustedDevice);
    } catch (error) {
      if (error instanceof Refusal && error.code === 'TOO_MANY_ATTEMPTS') {
        const during = caller.viewer ? 'session' : 'sign_in';
        const refused: CodeRefusal = { method, during, reason: 'locked' };
        await this.#deps.em.fork().transactional(async (tx) => this.#recordRefusal(tx, caller, userId, refused));
      }
      throw error;
    }
  }

  /** What breaks on the way was no guess. */
  async orGiveBack<T>(guess: Guess, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await guess.giveBack(this.#deps.em);
      throw error;
    }
  }

  async countWrong(tx: EntityManager, caller: Caller, guess: Guess, userId: string, refused: CodeRefusal) {
    this.#recordRefusal(tx, caller, userId, refused);
    await guess.wrong(tx, caller);
  }

  /** Under the user's lock. @returns what the code proves, which is now spent; null for a wrong one */
  async spend(
    tx: EntityManager,
    caller: Caller,
    user: User,
    method: CodeMethod,
    code: string,
  ): Promise<FactorProof | null> {
    return method === 'TOTP' ? this.#spendTotp(tx, user, code) : this.#spendBackupCode(tx, caller, user, code);
  }

  /**
   * Whether an app shows this code, whose step is spent with the question.
   * @throws UnsealError when the secret does not open: nobody passes, and the operator is told
   */
  async spendStep(tx: EntityManager, { secretSealed, user }: TotpSecret, code: string): Promise<boolean> {
    const { sealer, clock } = this.#deps;
    const secret = sealer.unseal(secretSealed, user.id);
    const step = timeStepOf(code, secret.toString(), clock.now());
    if (step === null) return false;
    return spendTimeStep(tx, { userId: user.id, step, secretSealed: sealer.seal(secret, user.id) });
  }

  async #spendTotp(tx: EntityManager, user: User, code: string): Promise<FactorProof | null> {
    const totp = await tx.findOne(TotpSecret, { user: user.id, confirmedAt: { $ne: null } });
    return totp && (await this.spendStep(tx, totp, code)) ? { method: 'TOTP', id: user.id } : null;
  }

  async #spendBackupCode(tx: EntityManager, caller: Caller, user: User, code: string): Promise<FactorProof | null> {
    const { client } = caller;
    const { keyRing, clock } = this.#deps;
    const now = clock.now();
    const hashes = keyedHashes(keyRing, 'backup-code', user.id, canonicalBackupCode(code));
    const id = await spendBackupCode(tx, { userId: user.id, hashes, now });
    if (id === null) return null;
    const remaining = await countBackupCodes(tx, user.id);
    recordAudit(tx, client, now, {
      action: 'backup_code.used',
      actorId: user.id,
      target: { type: 'user', id: user.id },
      details: { remaining },
    });
    const used = { remaining, usedAt: now.toISOString(), ipAddress: client.ipAddress };
    await mailWithNotMe(this.#deps, tx, { user, sessionId: ownSession(caller, user) }, (token, reader) => {
      return { kind: 'backup_code_used', ...reader, variables: { token, ...used } };
    });
    return { method: 'BACKUP_CODE', id };
  }

  #recordRefusal(tx: EntityManager, { client, viewer }: Caller, userId: string, details: CodeRefusal): void {
    recordAudit(tx, client, this.#deps.clock.now(), {
      action: 'mfa.code_refused',
      outcome: details.reason === 'locked' ? 'DENIED' : 'FAILURE',
      actorId: viewer?.id ?? null,
      target: { type: 'user', id: userId },
      sessionId: viewer?.session.id ?? null,
      details,
    });
  }
}

/** Apps show six digits; a backup code has ten letters and digits. */
function methodOf(code: string): CodeMethod {
  return canonicalTotpCode(code) === null ? 'BACKUP_CODE' : 'TOTP';
}
