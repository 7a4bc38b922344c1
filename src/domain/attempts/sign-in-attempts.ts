/**
 * Limits attempts to sign in with a password. Each attempt is reserved before the password is checked. Accounts are
 * counted by address whether or not they exist, so unknown addresses behave the same.
 *
 * A device that has signed in before has a counter of its own: an attacker can lock the account for all devices except
 * those of its owner (ASVS 6.3.1). The counters are in PostgreSQL, so all instances share them.
 */
import {
  type Counter,
  clearAttempts,
  failAttempt,
  findStanding,
  type Limit,
  lockWhenFull,
  reserveAttempt,
  returnAttempt,
} from '../../persistence/attempts/attempts.ts';
import { deviceTokenSeconds } from '../../security/tokens/device-token.ts';
import { noActor } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { Refusal, secondsUntil, spreadSeconds } from '../errors.ts';
import type { Transaction } from '../transaction.ts';
import { recordAccountLock } from './account-lock.ts';
import type { Attempt } from './attempt.ts';
import { accountCounter, counterOf, day, quarterHour } from './counters.ts';
import type { AttemptDeps } from './deps.ts';
import { reserveSourceAttempt, type SourceAttempt } from './source-attempts.ts';
import { trustedDeviceOf } from './trusted-devices.ts';

const monthlyFailures = 100;
const deviceLimit: Limit = { max: 10, windowSeconds: quarterHour, totalMax: null };
/** A device that fails that often is in the hands of an attacker: its trust ends. */
const deviceLock = { firstSeconds: deviceTokenSeconds, longestSeconds: deviceTokenSeconds };

/** @throws Refusal TOO_MANY_ATTEMPTS (account), RATE_LIMITED (source), SERVICE_BUSY while other attempts are pending */
export async function reserveSignInAttempt(deps: AttemptDeps, caller: Caller, email: string): Promise<Attempt> {
  const { em, clock } = deps;
  const deviceId = await trustedDeviceOf(deps, caller, email);
  const device = deviceId && counterOf(deps, 'device', deviceId);
  if (device && (await reserveAttempt(em, device, deviceLimit, clock.now()))) return deviceAttempt(device, deviceId);
  const account = accountCounter(deps, email);
  // Read before any write: attempts on a locked account would otherwise queue for the lock of its row and hold the
  // connections that all other requests need (measured: 10,000 attempts from as many addresses took minutes).
  await assertUnlocked(deps, account);
  const source = await reserveSourceAttempt(deps, caller.client.ipAddress);
  if (await reserveAttempt(em, account, accountLimit(deps), clock.now())) {
    return accountAttempt(deps, caller, email, { account, source });
  }
  await source?.release(em);
  await assertUnlocked(deps, account);
  throw new Refusal('SERVICE_BUSY', { retryAfterSeconds: spreadSeconds() });
}

function accountLimit({ settings }: AttemptDeps): Limit {
  return { max: settings.lockout.maxFailures, windowSeconds: quarterHour, totalMax: monthlyFailures };
}

async function assertUnlocked({ em, clock }: AttemptDeps, account: Counter): Promise<void> {
  const now = clock.now();
  const standing = await findStanding(em, account, now);
  if (!standing?.lockedUntil) return;
  throw new Refusal('TOO_MANY_ATTEMPTS', { retryAfterSeconds: secondsUntil(standing.lockedUntil, now) });
}

function deviceAttempt(device: Counter, deviceId: string): Attempt {
  return {
    trustedDevice: deviceId,
    succeed: (em) => clearAttempts(em, device),
    release: (em) => returnAttempt(em, device),
    fail: (transaction) => failOnDevice(transaction, device, deviceId),
  };
}

async function failOnDevice({ tx, now, audit }: Transaction, device: Counter, deviceId: string): Promise<void> {
  await failAttempt(tx, device);
  if (!(await lockWhenFull(tx, device, deviceLimit, deviceLock, now))) return;
  audit({
    action: 'device.trust_lost',
    outcome: 'DENIED',
    ...noActor,
    details: { deviceId },
  });
}

function accountAttempt(
  deps: AttemptDeps,
  caller: Caller,
  email: string,
  { account, source }: { account: Counter; source: SourceAttempt | null },
): Attempt {
  const lock = { firstSeconds: deps.settings.lockout.firstLockSeconds, longestSeconds: day };
  return {
    trustedDevice: null,
    async succeed(em) {
      await clearAttempts(em, account);
      await source?.release(em);
    },
    async release(em) {
      await returnAttempt(em, account);
      await source?.release(em);
    },
    async fail(transaction) {
      const { tx, now } = transaction;
      await failAttempt(tx, account);
      const lockedUntil = await lockWhenFull(tx, account, accountLimit(deps), lock, now);
      if (lockedUntil) await recordAccountLock(deps, transaction, caller, { email, lockedUntil });
      await source?.fail(transaction, email);
    },
  };
}
