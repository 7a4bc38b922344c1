/**
 * Setting up an authenticator app, and taking it away. An enrolment is an offer first: nothing changes until a code shows
 * that the app has the secret, so nobody locks themself out with a QR code that they never scanned.
 */

import type { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { lockProvenSessions } from '../../persistence/factors/second-factors.ts';
import { TotpSecret } from '../../persistence/factors/totp-secret.ts';
import { drawQrCode, newTotpSecret, otpauthUri } from '../../security/factors/totp.ts';
import { recordByViewer } from '../audit/record.ts';
import { type Caller, viewerOf } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { Refusal } from '../errors.ts';
import { lockViewer } from '../locked-user.ts';
import { isUnproven } from '../sessions/factor-proof.ts';
import { displayNameProblems, normaliseDisplayName } from '../text/display-name.ts';
import { issueBackupCodes } from './backup-codes.ts';
import type { FactorDeps } from './deps.ts';
import { factorAdded, factorRemoved } from './factor-changes.ts';
import { MfaCodes } from './mfa-codes.ts';

export interface TotpOffer {
  /** Base32. */
  secret: string;
  otpauthUri: string;
  /** A PNG as data URI. */
  qrCode: string;
  expiresAt: Date;
}

const offerSeconds = 10 * 60;

export class TotpEnrollments {
  readonly #deps: FactorDeps;
  readonly #codes: MfaCodes;

  constructor(deps: FactorDeps) {
    this.#deps = deps;
    this.#codes = new MfaCodes(deps);
  }

  /**
   * Offers a secret; the offer before is void.
   * @param accountName what the app shall call the account; null: its address
   * @throws Refusal UNAUTHENTICATED, MFA_ALREADY_ENABLED, BAD_USER_INPUT
   */
  async begin(caller: Caller, accountName: string | null): Promise<TotpOffer> {
    const { em, clock, settings } = this.#deps;
    const viewer = viewerOf(caller);
    const name = normaliseDisplayName(accountName);
    const fields = displayNameProblems(name, 'input.accountName');
    if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
    const now = clock.now();
    const secret = newTotpSecret();
    const expiresAt = secondsAfter(now, offerSeconds);
    const uri = otpauthUri(secret, { issuer: settings.productName, account: name ?? viewer.email });
    const offer = { secret, otpauthUri: uri, qrCode: await drawQrCode(uri), expiresAt };
    const problem = await em.fork().transactional(async (tx) => {
      const user = await lockViewer(tx, viewer, now);
      if (await isUnproven(tx, user, viewer.session.id)) return unproven();
      const confirmed = { user: user.id, confirmedAt: { $ne: null } };
      if (await tx.count(TotpSecret, confirmed)) return new Refusal('MFA_ALREADY_ENABLED');
      await this.#replaceOffer(tx, user, offer);
      const target = { type: 'user', id: user.id } as const;
      recordByViewer(tx, caller, now, { action: 'mfa.enrollment_begun', target, details: { method: 'TOTP' } });
      return null;
    });
    if (problem) throw problem;
    return offer;
  }

  /**
   * Takes the offer up with a code, which is spent with it. Lifts the session to AAL2.
   * @returns the backup codes, for the only time
   * @throws Refusal UNAUTHENTICATED, MFA_ALREADY_ENABLED, MFA_NOT_ENABLED when nothing is offered, INVALID_MFA_CODE,
   *   TOO_MANY_ATTEMPTS, SERVICE_BUSY
   */
  async confirm(caller: Caller, code: string): Promise<string[]> {
    const { em, clock } = this.#deps;
    const viewer = viewerOf(caller);
    const offer = await em.fork().findOne(TotpSecret, { user: viewer.id });
    if (offer?.confirmedAt) throw new Refusal('MFA_ALREADY_ENABLED');
    if (!offer?.expiresAt || offer.expiresAt <= clock.now()) throw new Refusal('MFA_NOT_ENABLED');
    const confirmed = await this.#codes.guess<string[] | Refusal>(caller, viewer, 'TOTP', async (tx, user) => {
      // Another request may have set a factor up, or taken the offer up, while this one waited for the lock.
      if (await isUnproven(tx, user, viewer.session.id)) return { value: unproven() };
      const current = await tx.findOne(TotpSecret, { user: user.id });
      if (!current || current.confirmedAt) return { value: new Refusal('MFA_ALREADY_ENABLED') };
      if (!(await this.#codes.spendStep(tx, current, code))) return null;
      return { value: await this.#enable(tx, caller, user, current) };
    });
    if (confirmed instanceof Refusal) throw confirmed;
    return confirmed;
  }

  /**
   * @param code of the app, or a backup code for those who have lost it
   * @throws Refusal UNAUTHENTICATED, MFA_NOT_ENABLED, INVALID_MFA_CODE, TOO_MANY_ATTEMPTS, SERVICE_BUSY
   */
  async disable(caller: Caller, code: string): Promise<void> {
    await this.#codes.spendOfViewer(caller, { code, needs: 'TOTP' }, async (tx, user) => {
      await lockProvenSessions(tx, user.id);
      await tx.nativeDelete(TotpSecret, { user: user.id });
      await factorRemoved(this.#deps, tx, caller, user, { method: 'TOTP' });
    });
  }

  async #replaceOffer(tx: EntityManager, user: User, { secret, expiresAt }: TotpOffer): Promise<void> {
    const { sealer, clock } = this.#deps;
    await tx.nativeDelete(TotpSecret, { user: user.id });
    const secretSealed = sealer.seal(Buffer.from(secret), user.id);
    tx.persist(tx.create(TotpSecret, { user, secretSealed, createdAt: clock.now(), expiresAt }));
  }

  async #enable(tx: EntityManager, caller: Caller, user: User, totp: TotpSecret): Promise<string[]> {
    Object.assign(totp, { confirmedAt: this.#deps.clock.now(), expiresAt: null });
    await factorAdded(this.#deps, tx, caller, user, { method: 'TOTP' });
    return issueBackupCodes(this.#deps, tx, user);
  }
}

function unproven(): Refusal {
  return new Refusal('REAUTHENTICATION_REQUIRED', { detail: 'AAL1' });
}
