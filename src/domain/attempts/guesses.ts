/**
 * How often somebody may guess at what an account is proven by once the front door is passed: its password inside a
 * session, and the codes of its second factor. Counted by account in PostgreSQL, so that neither a new ticket, another
 * session nor another instance gives an attacker more tries. Signing in has a gate of its own (sign-in-gate.ts).
 */

import {
  type Counter,
  clearAttempts,
  failAttempt,
  findStanding,
  forgetAttempts,
  giveBackAttempt,
  type Limit,
  lockWhenFull,
  reserveAttempt,
} from '../../persistence/attempts/attempts.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { knownDevicesOf } from '../../persistence/sessions/known-devices.ts';
import { keyedHash } from '../../security/keys/keyed-hash.ts';
import { recordAudit } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { Refusal, spreadSeconds } from '../errors.ts';
import type { AttemptDeps } from './deps.ts';

export type GuessedAt = 'password' | 'second_factor';

const quarterHour = 15 * 60;
const day = 24 * 60 * 60;
const limit: Limit = { max: 10, windowSeconds: quarterHour, totalMax: null };
/** Doubles from lock to lock: six digits would not stand ten guesses every quarter of an hour for a month. */
const lock = { firstSeconds: quarterHour, longestSeconds: day };
const buckets = { password: 'reauth', second_factor: 'mfa' } as const;

/** A reserved guess. Exactly one of its methods is called, with the transaction of what follows from it. */
export interface Guess {
  wrong(tx: EntityManager, caller: Caller): Promise<void>;
  right(em: EntityManager): Promise<void>;
  /** It was not judged after all. */
  giveBack(em: EntityManager): Promise<void>;
}

export class Guesses {
  readonly #deps: AttemptDeps;

  constructor(deps: AttemptDeps) {
    this.#deps = deps;
  }

  /**
   * Takes the place of a guess before it is judged, so that parallel ones count as well.
   * @param trustedDevice the device's id, when the account trusts it
   * @throws Refusal TOO_MANY_ATTEMPTS, SERVICE_BUSY (others are being judged)
   */
  async reserve(at: GuessedAt, userId: string, trustedDevice: string | null = null): Promise<Guess> {
    const { em, clock } = this.#deps;
    const now = clock.now();
    const counter = this.#counter(at, userId, trustedDevice);
    if (!(await reserveAttempt(em, counter, limit, now))) {
      const standing = await findStanding(em, counter, now);
      if (!standing?.lockedUntil) throw new Refusal('SERVICE_BUSY', { retryAfterSeconds: spreadSeconds() });
      const retryAfterSeconds = Math.ceil((standing.lockedUntil.getTime() - now.getTime()) / 1000);
      throw new Refusal('TOO_MANY_ATTEMPTS', { retryAfterSeconds });
    }
    return {
      wrong: (tx, caller) => this.#countWrong(tx, caller, { at, userId, counter }),
      right: (tx) => clearAttempts(tx, counter),
      giveBack: (tx) => giveBackAttempt(tx, counter),
    };
  }

  /**
   * Resets the counters of the account and of its known devices, after an administrator unlocked it.
   * @returns whether one of them was locked
   */
  async forget(tx: EntityManager, at: GuessedAt, userId: string): Promise<boolean> {
    let wasLocked = false;
    for (const device of [null, ...(await knownDevicesOf(tx, userId))]) {
      const counter = this.#counter(at, userId, device);
      if (await forgetAttempts(tx, counter, this.#deps.clock.now())) wasLocked = true;
    }
    return wasLocked;
  }

  async #countWrong(
    tx: EntityManager,
    { client }: Caller,
    { at, userId, counter }: { at: GuessedAt; userId: string; counter: Counter },
  ): Promise<void> {
    const now = this.#deps.clock.now();
    await failAttempt(tx, counter);
    const lockedUntil = await lockWhenFull(tx, counter, limit, lock, now);
    if (!lockedUntil) return;
    recordAudit(tx, client, now, {
      action: 'guesses.stopped',
      outcome: 'DENIED',
      target: { type: 'user', id: userId },
      details: { at, lockedUntil: lockedUntil.toISOString() },
    });
  }

  /** A device that its user trusts has a counter of its own: an attacker elsewhere cannot lock it. */
  #counter(at: GuessedAt, userId: string, trustedDevice: string | null = null): Counter {
    if (trustedDevice === null) return { bucket: buckets[at], key: keyedHash(this.#deps.keyRing, buckets[at], userId) };
    const bucket = `${buckets[at]}-device`;
    return { bucket, key: keyedHash(this.#deps.keyRing, bucket, userId, trustedDevice) };
  }
}
