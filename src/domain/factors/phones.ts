/** The phones of a user: lists and removes them. A number is stored sealed, and shown shortened. */
import { Phone } from '../../persistence/factors/phone.ts';
import { lockProvenSessions } from '../../persistence/factors/second-factors.ts';
import { CodeFlow } from '../../persistence/sign-in/code-flow.ts';
import { mailWithNotMe } from '../access/not-me.ts';
import { type Caller, type Viewer, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { isId } from '../ids.ts';
import { type LockedUser, lockViewer } from '../locked-user.ts';
import { isUnproven } from '../sessions/factor-proof.ts';
import { maskPhoneNumber } from '../text/phone-number.ts';
import { type Transaction, transact } from '../transaction.ts';
import type { FactorDeps } from './deps.ts';
import { phoneHashes } from './sms/send.ts';

export interface PhoneView {
  id: string;
  maskedNumber: string;
  country: string;
  verifiedAt: Date;
  /** Whether codes to it are a second factor. */
  factor: boolean;
}

export const maxPhones = 3;

/** What the operator permits for the phones of a user. */
export interface PhoneRules {
  countries: string[];
  maximum: number;
  /** Whether a phone can be a second factor, beside another one. */
  factor: boolean;
}

/** @returns null: the operator sends no text messages */
export function phoneRulesOf(
  { settings: { sms } }: Pick<FactorDeps, 'settings'>,
  { standing }: Viewer,
): PhoneRules | null {
  return (
    sms && {
      countries: [...sms.countries],
      maximum: maxPhones,
      factor: sms.asFactor && !standing.secondFactorRequired,
    }
  );
}

/** @returns the verified phones of the user, the oldest first */
export async function listPhones(deps: Pick<FactorDeps, 'em' | 'sealer'>, userId: string): Promise<PhoneView[]> {
  const verified = { user: userId, verifiedAt: { $ne: null } };
  const phones = await deps.em.fork().find(Phone, verified, { orderBy: { id: 'asc' } });
  return phones.map((phone) => phoneView(deps, phone));
}

export function phoneView(deps: Pick<FactorDeps, 'sealer'>, phone: Phone): PhoneView {
  const { id, country, factor, createdAt, verifiedAt } = phone;
  const maskedNumber = maskPhoneNumber(numberOf(deps, phone));
  return { id, maskedNumber, country, factor, verifiedAt: verifiedAt ?? createdAt };
}

/** @throws UnsealError */
export function numberOf({ sealer }: Pick<FactorDeps, 'sealer'>, { id, numberSealed }: Phone): string {
  return sealer.unseal(numberSealed, id).toString();
}

/** What messages to the phones are found by. */
export function hashesOf(deps: Pick<FactorDeps, 'sealer' | 'keyRing'>, phones: readonly Phone[]): Buffer[] {
  return phones.flatMap((phone) => phoneHashes(deps, numberOf(deps, phone)));
}

/** @throws Refusal UNAUTHENTICATED, REAUTHENTICATION_REQUIRED, NOT_FOUND also for phones of other users */
export async function removePhone(unit: FactorDeps, caller: Caller, id: string): Promise<void> {
  const viewer = viewerOf(caller);
  if (!isId(id)) throw new Refusal('NOT_FOUND');
  await transact<void>(unit, caller, async (transaction) => {
    const { tx, now, audit } = transaction;
    const user = await lockViewer(tx, viewer, now);
    if (await isUnproven(tx, user, viewer.session.id)) return unproven();
    const phone = await tx.findOne(Phone, { id, user: user.id, verifiedAt: { $ne: null } });
    if (!phone) return new Refusal('NOT_FOUND');
    await lockProvenSessions(tx, user.id);
    await tx.nativeDelete(CodeFlow, { phoneId: id });
    await tx.nativeDelete(Phone, { id });
    audit({ action: 'phone.removed', target: { type: 'user', id: user.id }, details: { phoneId: id } });
    await mailPhoneChange(unit, transaction, caller, user, { kind: 'phone_removed', phone });
    return undefined;
  });
}

export function unproven(): Refusal {
  return new Refusal('REAUTHENTICATION_REQUIRED', { detail: 'AAL1' });
}

/** Mails the owner, with a link for owners who did not make the change. */
export async function mailPhoneChange(
  deps: FactorDeps,
  { tx, now }: Transaction,
  caller: Caller,
  user: LockedUser,
  { kind, phone }: { kind: 'phone_added' | 'phone_removed'; phone: Phone },
): Promise<void> {
  const number = maskPhoneNumber(numberOf(deps, phone));
  const change = { number, factor: phone.factor, changedAt: now.toISOString(), ipAddress: caller.client.ipAddress };
  await mailWithNotMe(deps, tx, { user, sessionId: viewerOf(caller).session.id }, (token, reader) => {
    return { kind, ...reader, variables: { token, ...change } };
  });
}
