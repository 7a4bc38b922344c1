/**
 * Limits attempts to sign in with a password. Each attempt is reserved before the password is checked. Accounts are
 * counted by address whether or not they exist, so unknown addresses behave the same.
 *
 * A device that has signed in before has a counter of its own: an attacker can lock the account for all devices except
 * those of its owner (ASVS 6.3.1). The counters are in PostgreSQL, so all instances share them.
 */
import { failAttempt, findStandings, lockWhenFull } from '../../persistence/attempts/attempts.ts';
import type { Counter, Limit } from '../../persistence/attempts/counter.ts';
import { reserveAttempt, reserveAttempts } from '../../persistence/attempts/reserve-attempts.ts';
import { settleAttempts } from '../../persistence/attempts/settle-attempts.ts';
import { deviceTokenSeconds } from '../../security/tokens/device-token.ts';
import { noActor } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { Refusal, secondsUntil, spreadSeconds } from '../errors.ts';
import type { Transaction } from '../transaction.ts';
import { recordAccountLock } from './account-lock.ts';
import type { ReservedAttempt } from './attempt.ts';
import { assertCaptcha, type CaptchaAction } from './captcha.ts';
import { type Failures, hasFailed } from './captcha-due.ts';
import { accountCounter, counterOf, day, quarterHour } from './counters.ts';
import type { AttemptDeps } from './deps.ts';
import {
  assertSourceAllowed,
  failSource,
  isSpreadOut,
  type LimitedNetwork,
  limitedNetworks,
} from './source-attempts.ts';
import { trustedDeviceOf } from './trusted-devices.ts';

const monthlyFailures = 100;
const deviceLimit: Limit = { max: 10, windowSeconds: quarterHour, totalMax: null };
/** A device that fails that often is in the hands of an attacker: its trust ends. */
const deviceLock = { firstSeconds: deviceTokenSeconds, longestSeconds: deviceTokenSeconds };

/**
 * @param captcha what the captcha is asked for, where one is due; null: the attempt needs none
 * @throws Refusal TOO_MANY_ATTEMPTS (account), RATE_LIMITED (source), CAPTCHA_REQUIRED, SERVICE_BUSY while other attempts are
 *   pending
 */
export async function reserveSignInAttempt(
  deps: AttemptDeps,
  caller: Caller,
  email: string,
  captcha: CaptchaAction | null,
): Promise<ReservedAttempt> {
  const { em, clock } = deps;
  const deviceId = await trustedDeviceOf(deps, caller, email);
  const device = deviceId && counterOf(deps, 'device', deviceId);
  if (device && (await reserveAttempt(em, device, deviceLimit, clock.now()))) return deviceAttempt(device, deviceId);
  const account = accountCounter(deps, email);
  const networks = limitedNetworks(deps, caller.client.ipAddress);
  // Read before any write: attempts on a locked account would otherwise queue for the lock of its row and hold the
  // connections that all other requests need (measured: 10,000 attempts from as many addresses took minutes).
  const standings = await assertAllowed(deps, account, networks);
  const failures = captcha === null ? undefined : deps.settings.captcha?.dueAfter[captcha];
  if (captcha !== null && failures !== undefined && hasFailed(failures, standings))
    await assertCaptcha(deps, caller, captcha);
  const wanted = [{ counter: account, limit: accountLimit(deps) }, ...networks.map(({ source }) => source)];
  const reserved = await reserveAttempts(em, wanted, clock.now());
  if (reserved.every((isReserved) => isReserved)) {
    const { failsAtManyAccounts } = standings;
    return { ...accountAttempt(deps, caller, email, account, networks), failsAtManyAccounts };
  }
  const unused = wanted.filter((_, index) => reserved[index]);
  await settleAttempts(
    em,
    unused.map(({ counter }) => ({ counter, as: 'release' })),
  );
  await assertAllowed(deps, account, networks);
  // Full of pending attempts: a double click, or many users of one office who sign in at once.
  throw new Refusal('SERVICE_BUSY', { retryAfterSeconds: spreadSeconds() });
}

function accountLimit({ settings }: AttemptDeps): Limit {
  return { max: settings.lockout.maxFailures, windowSeconds: quarterHour, totalMax: monthlyFailures };
}

async function assertAllowed(
  { em, clock }: AttemptDeps,
  account: Counter,
  networks: readonly LimitedNetwork[],
): Promise<Failures & { failsAtManyAccounts: boolean }> {
  const now = clock.now();
  const limits = networks.flatMap(({ spread, source }) => [spread, source]);
  const counters = [account, ...limits.map(({ counter }) => counter)];
  const [standing = null, ...ofLimits] = await findStandings(em, counters, now);
  if (standing?.lockedUntil) {
    throw new Refusal('TOO_MANY_ATTEMPTS', { retryAfterSeconds: secondsUntil(standing.lockedUntil, now) });
  }
  for (const [index, { limit }] of limits.entries()) assertSourceAllowed(ofLimits[index] ?? null, limit, now);
  const ofNetworks = networks.map((_, index) => ofLimits[2 * index + 1] ?? null);
  const spreads = networks.map((_, index) => ofLimits[2 * index] ?? null);
  const failsAtManyAccounts = networks.some(({ spread }, index) => isSpreadOut(spreads[index] ?? null, spread.limit));
  return { account: standing, networks, ofNetworks, failsAtManyAccounts };
}

function deviceAttempt(device: Counter, deviceId: string): ReservedAttempt {
  return {
    trustedDevice: deviceId,
    onSuccess: [{ counter: device, as: 'reset' }],
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
  account: Counter,
  networks: readonly LimitedNetwork[],
): ReservedAttempt {
  const lock = { firstSeconds: deps.settings.lockout.firstLockSeconds, longestSeconds: day };
  return {
    trustedDevice: null,
    onSuccess: [
      { counter: account, as: 'reset' },
      ...networks.map(({ source: { counter } }) => ({ counter, as: 'release' }) as const),
    ],
    async fail(transaction) {
      const { tx, now } = transaction;
      await failAttempt(tx, account);
      const lockedUntil = await lockWhenFull(tx, account, accountLimit(deps), lock, now);
      if (lockedUntil) await recordAccountLock(deps, transaction, caller, { email, lockedUntil });
      await failSource(deps, transaction, networks, email);
    },
  };
}
