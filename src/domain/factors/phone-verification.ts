/**
 * Verifies a phone: sends a code to its number, and adds the number when the code comes back. A number belongs to one
 * account. A caller who asks for the number of another account gets the same answer, and no message is sent.
 */
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { Phone } from '../../persistence/factors/phone.ts';
import { lockProvenSessions, unproveByPhone } from '../../persistence/factors/second-factors.ts';
import { serialiseBy } from '../../persistence/named-locks.ts';
import { type OpenFlow, useFlow } from '../../persistence/sign-in/code-flows.ts';
import type { CodeRefusal, PhoneRefusal } from '../audit/actions.ts';
import { type Caller, type Viewer, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { newId } from '../ids.ts';
import { type LockedUser, lockViewer } from '../locked-user.ts';
import { isUnproven } from '../sessions/factor-proof.ts';
import { maskPhoneNumber, type NumberProblem, type PhoneNumber, readPhoneNumber } from '../text/phone-number.ts';
import { type Transaction, transact } from '../transaction.ts';
import { type BegunCode, begunCode, compareCode, findFlow, mintFlow } from './code-flows.ts';
import type { FactorDeps } from './deps.ts';
import { factorProblem } from './phone-factor.ts';
import { mailPhoneChange, maxPhones, numberOf, type PhoneView, phoneView, unproven } from './phones.ts';
import type { SmsRules } from './sms/budgets.ts';
import { markVerified, phoneHash, phoneHashes, sendSms } from './sms/send.ts';

const numberMessages: Readonly<Record<NumberProblem, string>> = {
  malformed_number: 'Enter a phone number with its country code, for example +49 1512 3456789.',
  country: 'Phone numbers of this country are not supported. Enter another number.',
  number_type: 'This kind of number receives no codes. Enter the number of a mobile phone.',
};

/**
 * @param text of the number, with its country code
 * @throws Refusal UNAUTHENTICATED, FORBIDDEN where no messages are sent, REAUTHENTICATION_REQUIRED, BAD_USER_INPUT,
 *   CONFLICT at the maximum of phones
 */
export async function beginPhoneVerification(unit: FactorDeps, caller: Caller, text: string): Promise<BegunCode> {
  const viewer = viewerOf(caller);
  const rules = rulesOf(unit);
  const phone = await readPhoneNumber(text, rules.countries);
  return transact<BegunCode>(unit, caller, async (transaction) => {
    const user = await lockViewer(transaction.tx, viewer, transaction.now);
    if (await isUnproven(transaction.tx, user, viewer.session.id)) return unproven();
    if ('problem' in phone) {
      const { problem } = phone;
      const message = numberMessages[problem];
      const fields = [{ path: 'input.number', code: problem.toUpperCase(), message }];
      return refuse(transaction, user, problem, new Refusal('BAD_USER_INPUT', { fields }));
    }
    return begin(unit, transaction, viewer, user, { rules, phone });
  });
}

async function begin(
  unit: FactorDeps,
  transaction: Transaction,
  viewer: Viewer,
  user: LockedUser,
  { rules, phone }: { rules: SmsRules; phone: PhoneNumber },
): Promise<BegunCode | Refusal> {
  const { tx, now, audit } = transaction;
  const holder = await findHolder(unit, tx, phone.number);
  const own = holder?.user.id === user.id ? holder : null;
  if (!own && (await countVerified(tx, user)) >= maxPhones) return refuse(transaction, user, 'too_many');
  const phoneId = own?.id ?? store(unit, transaction, user, phone);
  const minted = mintFlow(unit, now, { ...occasionOf(viewer), address: null, phoneId, challenge: null });
  const isTaken = holder !== null && own === null;
  // The same for every number: users read their own entries.
  audit({
    action: 'code.requested',
    target: { type: 'user', id: user.id },
    details: { channel: 'SMS', purpose: 'PHONE', result: 'accepted' },
  });
  await minted.store(tx, user.id);
  await tx.flush();
  // Last: other transactions wait for the budgets until this one ends.
  await sendSms(unit, transaction, rules, { phone, code: minted.code, locale: user.locale ?? null, isTaken });
  return begunCode(minted, 'SMS', maskPhoneNumber(phone.number));
}

function store(unit: FactorDeps, { tx, now }: Transaction, user: LockedUser, { number, country }: PhoneNumber): string {
  const id = newId(now);
  const numberSealed = unit.sealer.seal(Buffer.from(number), id);
  const numberHash = phoneHash(unit, number);
  tx.persist(tx.create(Phone, { id, user, numberSealed, numberHash, country, factor: false, createdAt: now }));
  return id;
}

export interface PhoneConfirmation {
  flow: string;
  code: string;
  /** Whether codes to it will be a second factor. */
  factor: boolean;
}

/**
 * Confirming a number that the user has verified before changes whether it is a second factor.
 * @throws Refusal UNAUTHENTICATED, FORBIDDEN, REAUTHENTICATION_REQUIRED, INVALID_TOKEN, INVALID_MFA_CODE, CONFLICT
 */
export async function confirmPhone(
  unit: FactorDeps,
  caller: Caller,
  { flow: handle, code, factor }: PhoneConfirmation,
): Promise<PhoneView> {
  const viewer = viewerOf(caller);
  rulesOf(unit);
  const flow = await findFlow(unit.em.fork(), handle, occasionOf(viewer), unit.clock.now());
  return transact<PhoneView>(unit, caller, async (transaction) => {
    const { tx, now } = transaction;
    const user = await lockViewer(tx, viewer, now);
    if (await isUnproven(tx, user, viewer.session.id)) return unproven();
    const phone = flow?.phoneId ? await tx.findOne(Phone, { id: flow.phoneId, user: user.id }) : null;
    if (!flow || !phone) return refuseCode(transaction, 'unknown_flow');
    const refused =
      (await refusedFactor(unit, transaction, user, factor)) ?? (await refusedFlow(unit, transaction, { flow, code }));
    return refused ?? add(unit, transaction, caller, user, { phone, factor });
  });
}

/** Before the code is compared, so that it stays valid for the other choice. */
async function refusedFactor(
  unit: FactorDeps,
  transaction: Transaction,
  user: LockedUser,
  factor: boolean,
): Promise<Refusal | null> {
  const problem = factor ? await factorProblem(unit, transaction.tx, user) : null;
  if (problem === null) return null;
  const isForbidden = problem === 'factor_not_allowed';
  const refusal = isForbidden ? new Refusal('FORBIDDEN', { reason: 'METHOD_DISABLED' }) : new Refusal('CONFLICT');
  return refuse(transaction, user, problem, refusal);
}

async function refusedFlow(
  unit: FactorDeps,
  transaction: Transaction,
  { flow: { id }, code }: { flow: OpenFlow; code: string },
): Promise<Refusal | null> {
  const { tx, now } = transaction;
  const compared = await compareCode(unit, tx, { id, code, now });
  if (compared === 'wrong') return refuseCode(transaction, 'wrong_code');
  if (compared === 'closed') return refuseCode(transaction, 'locked');
  return (await useFlow(tx, { id, now })) ? null : refuseCode(transaction, 'unknown_flow');
}

async function add(
  unit: FactorDeps,
  transaction: Transaction,
  caller: Caller,
  user: LockedUser,
  { phone, factor }: { phone: Phone; factor: boolean },
): Promise<PhoneView | Refusal> {
  const { tx, now, audit } = transaction;
  const number = numberOf(unit, phone);
  // Two accounts may have begun with the number before either of them verified it.
  await serialiseBy(tx, `phone:${number}`);
  const holder = await findHolder(unit, tx, number);
  if (holder && holder.id !== phone.id) return refuse(transaction, user, 'taken');
  const isNew = phone.verifiedAt == null;
  if (isNew && (await countVerified(tx, user)) >= maxPhones) return refuse(transaction, user, 'too_many');
  if (phone.factor && !factor) {
    await lockProvenSessions(tx, user.id);
    await unproveByPhone(tx, user.id);
  }
  const isChanged = phone.factor !== factor;
  Object.assign(phone, { verifiedAt: now, factor, numberHash: phoneHash(unit, number) });
  await markVerified(unit, tx, number, now);
  const target = { type: 'user', id: user.id } as const;
  const { id: phoneId, country } = phone;
  if (isNew) audit({ action: 'phone.added', target, details: { phoneId, country, factor } });
  else audit({ action: 'phone.updated', target, details: { phoneId, factor } });
  if (isNew || isChanged) await mailPhoneChange(unit, transaction, caller, user, { kind: 'phone_added', phone });
  return phoneView(unit, phone);
}

/** @throws Refusal FORBIDDEN */
function rulesOf({ settings: { sms } }: FactorDeps): SmsRules {
  if (sms === null) throw new Refusal('FORBIDDEN', { reason: 'METHOD_DISABLED', detail: 'SMS_PROVIDER' });
  return sms;
}

function occasionOf({ session }: Viewer) {
  return { channel: 'SMS', purpose: 'PHONE', boundTo: session.id } as const;
}

/** The phone of the account that has verified the number. */
function findHolder(unit: FactorDeps, tx: EntityManager, number: string): Promise<Phone | null> {
  return tx.findOne(Phone, { numberHash: phoneHashes(unit, number), verifiedAt: { $ne: null } });
}

function countVerified(tx: EntityManager, user: LockedUser): Promise<number> {
  return tx.count(Phone, { user: user.id, verifiedAt: { $ne: null } });
}

function refuse(
  { audit }: Transaction,
  { id }: LockedUser,
  reason: PhoneRefusal,
  refusal = new Refusal('CONFLICT', { detail: reason }),
): Refusal {
  audit({ action: 'phone.refused', outcome: 'FAILURE', target: { type: 'user', id }, details: { reason } });
  return refusal;
}

function refuseCode({ audit }: Transaction, reason: CodeRefusal): Refusal {
  const outcome = reason === 'locked' ? 'DENIED' : 'FAILURE';
  audit({ action: 'code.refused', outcome, details: { channel: 'SMS', reason } });
  return new Refusal(reason === 'wrong_code' ? 'INVALID_MFA_CODE' : 'INVALID_TOKEN', { detail: reason });
}
