/**
 * Stores a message with a code, within the rules that keep an attacker from spending the operator's money: messages to
 * numbers that the attacker is paid for (SMS pumping). Each rule is decided under the lock of the budgets, so parallel
 * requests are decided one after the other.
 */
import type { EntityManager } from '../../../persistence/entity-manager.ts';
import { countMessages, lockBudgets, storePause } from '../../../persistence/sms/budgets.ts';
import { markSmsVerified, readSmsHistory, type SmsHistory } from '../../../persistence/sms/messages.ts';
import { SmsMessage } from '../../../persistence/sms/sms-message.ts';
import { keyedHash, keyedHashes } from '../../../security/keys/keyed-hash.ts';
import type { Sms } from '../../../sms/sms.ts';
import type { AuditDetails } from '../../audit/actions.ts';
import { noActor } from '../../audit/record.ts';
import { secondsAfter } from '../../clock.ts';
import { newId } from '../../ids.ts';
import type { PhoneNumber } from '../../text/phone-number.ts';
import type { Transaction } from '../../transaction.ts';
import type { FactorDeps } from '../deps.ts';
import { budgetsOf, type CountedBudget, pauseKeyOf, type SmsRules } from './budgets.ts';

/** To one number. */
const perNumber = { max: 5, windowSeconds: 60 * 60 };
/** A prefix is judged by its last messages, once their codes could have been entered. */
const judged = { count: 50, leastShare: 0.3, afterSeconds: 15 * 60, pauseSeconds: 24 * 60 * 60 };

type Reason = AuditDetails['sms.withheld']['reason'];

export interface Withheld {
  reason: Reason;
  /** When the rule may admit a message again. */
  until: Date;
}

export interface SmsOrder {
  phone: PhoneNumber;
  code: string;
  locale: string | null;
  /** Whether the number belongs to another account: the same work is done, and no message is sent. */
  isTaken?: boolean;
}

/** @returns why no message will be sent; null: it will be. The caller of a taken number gets the answer of any other. */
export async function sendSms(
  deps: FactorDeps,
  transaction: Transaction,
  rules: SmsRules,
  order: SmsOrder,
): Promise<Withheld | null> {
  const { phone, isTaken = false } = order;
  const { tx, now, audit } = transaction;
  const budgets = budgetsOf(rules, phone.prefix, now);
  const used = await lockBudgets(tx, budgets);
  const hashes = phoneHashes(deps, phone.number);
  const history = await readSmsHistory(
    tx,
    { hashes, prefix: phone.prefix, pauseKey: pauseKeyOf(phone.prefix) },
    {
      numberSince: secondsAfter(now, -perNumber.windowSeconds),
      judgedBefore: secondsAfter(now, -judged.afterSeconds),
      judgedCount: judged.count,
    },
  );
  const withheld = (await judgePrefix(deps, transaction, phone, history)) ?? fullBudget(history, budgets, used, now);
  if (withheld === null) await countMessages(tx, budgets, isTaken ? 0 : 1);
  const reason = withheld?.reason ?? (isTaken ? 'taken' : null);
  store(deps, transaction, order, { phoneHash: phoneHash(deps, phone.number), isSent: reason === null });
  // Users read their own entries, which must not tell whether a number belongs to another account. The request id
  // connects the entry with that of the request.
  const { country } = phone;
  if (reason === null) audit({ action: 'sms.sent', ...noActor, details: { country } });
  else {
    deps.metrics.smsWithheld(reason);
    audit({ action: 'sms.withheld', outcome: 'DENIED', ...noActor, details: { country, reason } });
  }
  return withheld;
}

type Keys = Pick<FactorDeps, 'keyRing'>;

export function phoneHash({ keyRing }: Keys, number: string): Buffer {
  return keyedHash(keyRing, 'phone', number);
}

/** Also by the previous secret. */
export function phoneHashes({ keyRing }: Keys, number: string): Buffer[] {
  return keyedHashes(keyRing, 'phone', number);
}

/** Records that the code of the last messages to the number was entered: what a prefix is judged by. */
export async function markVerified(deps: Keys, tx: EntityManager, number: string, now: Date): Promise<void> {
  const since = secondsAfter(now, -judged.afterSeconds);
  await markSmsVerified(tx, { hashes: phoneHashes(deps, number), since, now });
}

/** Pauses a prefix whose codes are rarely entered, because an attacker is paid for the messages. */
async function judgePrefix(
  { metrics }: FactorDeps,
  { tx, now, audit }: Transaction,
  { prefix, country }: PhoneNumber,
  { pausedUntil, judged: count, verified }: SmsHistory,
): Promise<Withheld | null> {
  if (pausedUntil && pausedUntil > now) return { reason: 'paused', until: pausedUntil };
  if (count < judged.count || verified >= count * judged.leastShare) return null;
  const until = secondsAfter(now, judged.pauseSeconds);
  await storePause(tx, { key: pauseKeyOf(prefix), windowEndsAt: until });
  metrics.smsPrefixPaused();
  audit({ action: 'sms.prefix_paused', ...noActor, details: { country, prefix, until: until.toISOString() } });
  return { reason: 'paused', until };
}

function fullBudget(
  { toNumber }: SmsHistory,
  budgets: readonly CountedBudget[],
  used: readonly number[],
  now: Date,
): Withheld | null {
  if (toNumber >= perNumber.max) return { reason: 'number', until: secondsAfter(now, perNumber.windowSeconds) };
  const full = budgets.find(({ max }, index) => (used[index] ?? 0) >= max);
  return full ? { reason: full.reason, until: full.windowEndsAt } : null;
}

function store(
  { sealer }: FactorDeps,
  { tx, now }: Transaction,
  { phone, code, locale }: SmsOrder,
  { phoneHash, isSent }: { phoneHash: Buffer; isSent: boolean },
): void {
  const id = newId(now);
  const sms: Sms = { to: phone.number, code, locale };
  const contentSealed = sealer.seal(Buffer.from(JSON.stringify(sms)), id);
  const { country, prefix } = phone;
  tx.persist(
    tx.create(SmsMessage, {
      ...{ id, phoneHash, country, prefix, createdAt: now, nextAttemptAt: now },
      ...(isSent ? { state: 'pending', contentSealed } : { state: 'withheld', contentSealed: null }),
    }),
  );
}
