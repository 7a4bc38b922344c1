/**
 * Who may try a password, and how often. Every attempt reserves its place before the password is looked at, so parallel
 * attempts count as well. Accounts are counted by address whether or not they exist, so unknown ones behave alike.
 *
 * A device that has signed in before has a counter of its own: an attacker can lock everybody out of an account but the
 * owner on their own device (ASVS 6.3.1). Counters live in PostgreSQL, so all instances share them.
 */
import { User } from '../../persistence/accounts/user.ts';
import {
  type Counter,
  clearAttempts,
  failAttempt,
  findLocks,
  findStanding,
  forgetAttempts,
  giveBackAttempt,
  type Limit,
  lockWhenFull,
  reserveAttempt,
  type Standing,
} from '../../persistence/attempts/attempts.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { knownDevicesOf } from '../../persistence/sessions/known-devices.ts';
import { keyedHash } from '../../security/keys/keyed-hash.ts';
import { type DeviceClaims, deviceTokenSeconds } from '../../security/tokens/device-token.ts';
import { recordAudit } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { Refusal, secondsUntil, spreadSeconds } from '../errors.ts';
import type { AttemptDeps } from './deps.ts';
import { SignInSources, type Source } from './sign-in-sources.ts';

const quarterHour = 15 * 60;
const day = 24 * 60 * 60;
const monthlyFailures = 100;

const deviceLimit: Limit = { max: 10, windowSeconds: quarterHour, totalMax: null };
/** A device that fails that often is in other hands: it is trusted no more. */
const deviceLock = { firstSeconds: deviceTokenSeconds, longestSeconds: deviceTokenSeconds };

/** A place that was reserved. Exactly one of its methods is called. */
export interface Admission {
  /** The device's id, when it is trusted for the account. */
  trustedDevice: string | null;
  /** The password was right. */
  succeed(): Promise<void>;
  /** It was wrong. Locks the account when it was the last attempt there is. */
  fail(caller: Caller): Promise<void>;
  /** It was not judged after all. */
  giveBack(): Promise<void>;
}

interface Reservation {
  counter: Counter;
  source: Source | null;
  trustedDevice: string | null;
}

export class SignInGate {
  readonly #deps: AttemptDeps;
  readonly #sources: SignInSources;

  constructor(deps: AttemptDeps) {
    this.#deps = deps;
    this.#sources = new SignInSources(deps);
  }

  /** @throws Refusal TOO_MANY_ATTEMPTS (the account), RATE_LIMITED (the source), SERVICE_BUSY (others are being judged) */
  async enter(caller: Caller, email: string): Promise<Admission> {
    const device = await this.#trustedDevice(caller, email);
    const deviceCounter = device && this.#counter('device', device.deviceId);
    if (device && deviceCounter && (await this.#reserve(deviceCounter, deviceLimit))) {
      return this.#admission(email, deviceCounter, null, device.deviceId);
    }
    const account = this.#counter('account', email);
    // Read before anything is written: those who hammer on a locked account must not queue up at its row, and hold
    // the connections that everybody else needs (measured: 10,000 guesses from as many addresses took minutes).
    const standing = await this.#standing(account);
    if (standing?.lockedUntil) throw this.#locked(standing.lockedUntil);
    const source = await this.#sources.enter(caller.client.ipAddress);
    if (await this.#reserve(account, this.#accountLimit)) return this.#admission(email, account, source, null);
    await source?.giveBack();
    throw await this.#refuseAccount(account);
  }

  /** @returns the device's id, when the request carries the token of one that this account trusts */
  async trustedDeviceOf(caller: Caller, email: string): Promise<string | null> {
    return (await this.#trustedDevice(caller, email))?.deviceId ?? null;
  }

  /** Lifts the account's lock: its owner has shown by mail who they are. @returns whether there was one */
  unlock(tx: EntityManager, email: string): Promise<boolean> {
    return forgetAttempts(tx, this.#counter('account', email), this.#deps.clock.now());
  }

  /** @returns for each address until when its account is locked, or null */
  async locksOf(emails: readonly string[]): Promise<(Date | null)[]> {
    const counters = emails.map((email) => this.#counter('account', email));
    const locks = await findLocks(this.#em.fork(), counters, this.#deps.clock.now());
    return counters.map(({ key }) => locks.get(key.toString('hex')) ?? null);
  }

  get #em(): EntityManager {
    return this.#deps.em;
  }

  get #accountLimit(): Limit {
    const { maxFailures } = this.#deps.settings.lockout;
    return { max: maxFailures, windowSeconds: quarterHour, totalMax: monthlyFailures };
  }

  /** A user trusts the devices that signed in last, until the password changes or a sign-in is disowned. */
  async #trustedDevice({ client }: Caller, email: string): Promise<DeviceClaims | null> {
    const { clock, deviceTokens } = this.#deps;
    const device = client.deviceToken ? deviceTokens.open(client.deviceToken, clock.now()) : null;
    if (!device) return null;
    const user = await this.#em.fork().findOne(User, { id: device.userId, email });
    if (!user || (user.devicesTrustedSince && device.mintedAt < user.devicesTrustedSince)) return null;
    return (await knownDevicesOf(this.#em, user.id)).includes(device.deviceId) ? device : null;
  }

  #standing(counter: Counter): Promise<Standing | null> {
    return findStanding(this.#em, counter, this.#deps.clock.now());
  }

  #reserve(counter: Counter, limit: Limit): Promise<boolean> {
    return reserveAttempt(this.#em, counter, limit, this.#deps.clock.now());
  }

  async #refuseAccount(counter: Counter): Promise<Refusal> {
    const standing = await this.#standing(counter);
    // Full but not locked: the attempts before this one are being judged right now.
    return standing?.lockedUntil ? this.#locked(standing.lockedUntil) : busy();
  }

  #locked(until: Date): Refusal {
    return new Refusal('TOO_MANY_ATTEMPTS', { retryAfterSeconds: secondsUntil(until, this.#deps.clock.now()) });
  }

  #admission(email: string, counter: Counter, source: Source | null, trustedDevice: string | null): Admission {
    const em = this.#em;
    return {
      trustedDevice,
      succeed: async () => {
        await clearAttempts(em, counter);
        await source?.giveBack();
      },
      giveBack: async () => {
        await giveBackAttempt(em, counter);
        await source?.giveBack();
      },
      fail: (caller) => this.#fail(caller, email, { counter, source, trustedDevice }),
    };
  }

  async #fail(caller: Caller, email: string, { counter, source, trustedDevice }: Reservation): Promise<void> {
    const { clock, settings } = this.#deps;
    const now = clock.now();
    const limit = trustedDevice ? deviceLimit : this.#accountLimit;
    const lock = trustedDevice ? deviceLock : { firstSeconds: settings.lockout.firstLockSeconds, longestSeconds: day };
    await this.#em.fork().transactional(async (tx) => {
      await failAttempt(tx, counter);
      const lockedUntil = await lockWhenFull(tx, counter, limit, lock, now);
      if (lockedUntil && trustedDevice) {
        const details = { deviceId: trustedDevice };
        recordAudit(tx, caller.client, now, { action: 'device.trust_lost', outcome: 'DENIED', details });
      } else if (lockedUntil) {
        await this.#tellLock(tx, caller, email, lockedUntil, now);
      }
      await source?.fail(tx, email, now);
    });
  }

  async #tellLock(tx: EntityManager, caller: Caller, email: string, lockedUntil: Date, now: Date): Promise<void> {
    const { outbox, keyRing } = this.#deps;
    // Outside the identity map: comparing a loaded user at the flush would make known addresses slower.
    const fields = ['id', 'status', 'locale'] as const;
    const user = await tx.findOne(User, { email }, { fields, disableIdentityMap: true });
    recordAudit(tx, caller.client, now, {
      action: 'account.locked',
      outcome: 'DENIED',
      ...(user && { target: { type: 'user', id: user.id } }),
      details: { addressHash: keyedHash(keyRing, email).toString('base64url'), lockedUntil: lockedUntil.toISOString() },
    });
    if (user?.status !== 'ACTIVE') {
      // Executes the statements of a known account, so that the failure that locks takes as long.
      await outbox.pretend(tx, { kind: 'account_locked', to: email }, now);
      return;
    }
    const variables = { lockedUntil: lockedUntil.toISOString(), ipAddress: caller.client.ipAddress };
    await outbox.enqueue(tx, { kind: 'account_locked', to: email, locale: user.locale, variables }, now);
  }

  #counter(bucket: string, ...key: readonly string[]): Counter {
    return { bucket, key: keyedHash(this.#deps.keyRing, bucket, ...key) };
  }
}

function busy(): Refusal {
  return new Refusal('SERVICE_BUSY', { retryAfterSeconds: spreadSeconds() });
}
