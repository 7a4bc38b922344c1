/**
 * Sets up an authenticator app, and removes it. An enrolment begins as an offer: nothing changes until a code shows that
 * the app has the secret, so no user is locked out by a QR code that was never scanned.
 */
import { lockProvenSessions } from '../../persistence/factors/second-factors.ts';
import { TotpSecret } from '../../persistence/factors/totp-secret.ts';
import { drawQrCode, newTotpSecret, otpauthUri } from '../../security/factors/totp.ts';
import { type Caller, viewerOf } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { Refusal } from '../errors.ts';
import { type LockedUser, lockViewer } from '../locked-user.ts';
import { isUnproven } from '../sessions/factor-proof.ts';
import { displayNameProblems, normaliseDisplayName } from '../text/display-name.ts';
import { type Transaction, transact } from '../transaction.ts';
import { issueBackupCodes } from './backup-codes.ts';
import type { FactorDeps } from './deps.ts';
import { factorAdded, factorRemoved } from './factor-changes.ts';
import { spendOwnCode, verifyOwnCode } from './own-codes.ts';
import { spendStep } from './spend-code.ts';

export interface TotpOffer {
  /** Base32. */
  secret: string;
  otpauthUri: string;
  /** A PNG as data URI. */
  qrCode: string;
  expiresAt: Date;
}

const offerSeconds = 10 * 60;

/**
 * Offers a secret, which replaces the previous offer.
 * @param accountName the name of the account in the app; null: the e-mail address
 * @throws Refusal UNAUTHENTICATED, MFA_ALREADY_ENABLED, REAUTHENTICATION_REQUIRED, BAD_USER_INPUT
 */
export async function beginTotpEnrollment(
  unit: FactorDeps,
  caller: Caller,
  accountName: string | null,
): Promise<TotpOffer> {
  const viewer = viewerOf(caller);
  const name = normaliseDisplayName(accountName);
  const fields = displayNameProblems(name, 'input.accountName');
  if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  const secret = newTotpSecret();
  const uri = otpauthUri(secret, { issuer: unit.settings.productName, account: name ?? viewer.email });
  const qrCode = await drawQrCode(uri);
  return transact<TotpOffer>(unit, caller, async ({ tx, now, audit }) => {
    const user = await lockViewer(tx, viewer, now);
    if (await isUnproven(tx, user, viewer.session.id)) return unproven();
    const confirmed = { user: user.id, confirmedAt: { $ne: null } };
    if (await tx.count(TotpSecret, confirmed)) return new Refusal('MFA_ALREADY_ENABLED');
    await tx.nativeDelete(TotpSecret, { user: user.id });
    const secretSealed = unit.sealer.seal(Buffer.from(secret), user.id);
    const expiresAt = secondsAfter(now, offerSeconds);
    tx.persist(tx.create(TotpSecret, { user, secretSealed, createdAt: now, expiresAt }));
    audit({ action: 'mfa.enrollment_begun', target: { type: 'user', id: user.id }, details: { method: 'TOTP' } });
    return { secret, otpauthUri: uri, qrCode, expiresAt };
  });
}

/**
 * Accepts the offer with a code, which is spent. Raises the session to AAL2.
 * @returns the backup codes; they are never shown again
 * @throws Refusal UNAUTHENTICATED, MFA_ALREADY_ENABLED, MFA_NOT_ENABLED without an offer, INVALID_MFA_CODE,
 *   TOO_MANY_ATTEMPTS, SERVICE_BUSY, REAUTHENTICATION_REQUIRED
 */
export async function confirmTotpEnrollment(unit: FactorDeps, caller: Caller, code: string): Promise<string[]> {
  const viewer = viewerOf(caller);
  const offer = await unit.em.fork().findOne(TotpSecret, { user: viewer.id });
  if (offer?.confirmedAt) throw new Refusal('MFA_ALREADY_ENABLED');
  if (!offer?.expiresAt || offer.expiresAt <= unit.clock.now()) throw new Refusal('MFA_NOT_ENABLED');
  return verifyOwnCode<string[]>(unit, caller, 'TOTP', async (transaction, user) => {
    const { tx } = transaction;
    // A parallel request may have added a factor, or accepted the offer, while this one waited for the lock.
    if (await isUnproven(tx, user, viewer.session.id)) return { right: unproven() };
    const current = await tx.findOne(TotpSecret, { user: user.id });
    if (!current || current.confirmedAt) return { right: new Refusal('MFA_ALREADY_ENABLED') };
    if (!(await spendStep(unit, transaction, current, code))) return null;
    return { right: await enable(unit, transaction, caller, user, current) };
  });
}

/**
 * @param code of the app, or a backup code when the app is lost
 * @throws Refusal UNAUTHENTICATED, MFA_NOT_ENABLED, INVALID_MFA_CODE, TOO_MANY_ATTEMPTS, SERVICE_BUSY
 */
export async function disableTotp(unit: FactorDeps, caller: Caller, code: string): Promise<void> {
  await spendOwnCode<void>(unit, caller, { code, needs: 'TOTP' }, async (transaction, user) => {
    await lockProvenSessions(transaction.tx, user.id);
    await transaction.tx.nativeDelete(TotpSecret, { user: user.id });
    await factorRemoved(unit, transaction, caller, user, { method: 'TOTP' });
  });
}

async function enable(
  unit: FactorDeps,
  transaction: Transaction,
  caller: Caller,
  user: LockedUser,
  totp: TotpSecret,
): Promise<string[]> {
  Object.assign(totp, { confirmedAt: transaction.now, expiresAt: null });
  await factorAdded(unit, transaction, caller, user, { method: 'TOTP' });
  return issueBackupCodes(unit, transaction, user);
}

function unproven(): Refusal {
  return new Refusal('REAUTHENTICATION_REQUIRED', { detail: 'AAL1' });
}
