/**
 * Phones as a second factor: never the only one, and never of an account whose role requires a factor. Both are decided
 * at each use, because roles and factors change after a phone was added.
 */
import { findRolesReaching } from '../../persistence/access/roles.ts';
import type { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { Phone } from '../../persistence/factors/phone.ts';
import { findNewest, useFlow } from '../../persistence/sign-in/code-flows.ts';
import type { MfaTicket } from '../../persistence/sign-in/mfa-ticket.ts';
import type { PhoneRefusal } from '../audit/actions.ts';
import { Refusal, secondsUntil } from '../errors.ts';
import type { LockedUser } from '../locked-user.ts';
import type { FactorProof } from '../sessions/factor-proof.ts';
import { maskPhoneNumber, readPhoneNumber } from '../text/phone-number.ts';
import type { Transaction } from '../transaction.ts';
import { type BegunCode, begunCode, compareCode, mintFlow } from './code-flows.ts';
import type { FactorDeps } from './deps.ts';
import { numberOf } from './phones.ts';
import { markVerified, sendSms } from './sms/send.ts';

type Deps = Pick<FactorDeps, 'settings'>;
type Holder = Pick<User, 'id' | 'role' | 'mfaEnabledAt'>;

/** @returns why no phone can be a second factor of the account; null: it can */
export async function factorProblem(
  { settings: { sms, mfaRequiredFor } }: Deps,
  em: EntityManager,
  { role, mfaEnabledAt }: Holder,
): Promise<Extract<PhoneRefusal, 'factor_not_allowed' | 'no_other_factor'> | null> {
  if (!sms?.asFactor || (await findRolesReaching(em, mfaRequiredFor)).has(role.name)) return 'factor_not_allowed';
  return mfaEnabledAt == null ? 'no_other_factor' : null;
}

/** The phone that gets the codes of the second step: the one that was added last. @returns null: the account has none */
export async function findFactorPhone(deps: Deps, em: EntityManager, user: Holder): Promise<Phone | null> {
  const { sms } = deps.settings;
  if (!sms?.asFactor) return null;
  const usable = { user: user.id, factor: true, verifiedAt: { $ne: null }, country: [...sms.countries] };
  const phone = await em.findOne(Phone, usable, { orderBy: { id: 'desc' } });
  return phone && (await factorProblem(deps, em, user)) === null ? phone : null;
}

function occasionOf(ticket: MfaTicket) {
  return { channel: 'SMS', purpose: 'SECOND_STEP', boundTo: ticket.id } as const;
}

/** Sends the code that answers a ticket. Another call replaces the code. */
export async function sendSmsCode(
  deps: FactorDeps,
  transaction: Transaction,
  user: LockedUser,
  ticket: MfaTicket,
): Promise<BegunCode | Refusal> {
  const { tx, now, audit } = transaction;
  const { sms: rules } = deps.settings;
  const found = await findFactorPhone(deps, tx, user);
  const number = found && numberOf(deps, found);
  const phone = number && rules && (await readPhoneNumber(number, rules.countries));
  if (!found || !phone || 'problem' in phone) return new Refusal('MFA_NOT_ENABLED');
  const minted = mintFlow(deps, now, { ...occasionOf(ticket), address: null, phoneId: found.id, challenge: null });
  const order = { phone, code: minted.code, locale: user.locale ?? null };
  const withheld = await sendSms(deps, transaction, rules, order);
  audit({
    action: 'code.requested',
    actorId: user.id,
    target: { type: 'user', id: user.id },
    details: { channel: 'SMS', purpose: 'SECOND_STEP', result: withheld ? 'withheld' : 'sent' },
  });
  if (withheld) {
    const retryAfterSeconds = secondsUntil(withheld.until, now);
    return new Refusal(withheld.reason === 'number' ? 'RATE_LIMITED' : 'SERVICE_BUSY', { retryAfterSeconds });
  }
  await minted.store(tx, user.id);
  return begunCode(minted, 'SMS', maskPhoneNumber(phone.number));
}

/** Spends the newest code of the ticket. What it wrote is kept, also for a wrong one. */
export async function spendSmsCode(
  deps: FactorDeps,
  { tx, now }: Transaction,
  user: LockedUser,
  { ticket, code }: { ticket: MfaTicket; code: string },
): Promise<FactorProof | null> {
  const flow = await findNewest(tx, { ...occasionOf(ticket), userId: user.id, now });
  const phone = flow && (await findFactorPhone(deps, tx, user));
  if (!phone || flow.phoneId !== phone.id) return null;
  if ((await compareCode(deps, tx, { id: flow.id, code, now })) !== 'right') return null;
  if (!(await useFlow(tx, { id: flow.id, now }))) return null;
  await markVerified(deps, tx, numberOf(deps, phone), now);
  return { method: 'SMS_CODE', id: phone.id };
}
