/**
 * The keys that sign access tokens. All instances read the same table, and each instance caches what it read for a short
 * time. How keys change is in signing-key-life.ts.
 */
import type { KeyObject } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from '../../../persistence/entity-manager.ts';
import { serialiseBy } from '../../../persistence/named-locks.ts';
import { SigningKey } from '../../../persistence/sessions/signing-key.ts';
import type { Sealer } from '../../../security/keys/sealing.ts';
import { readPrivateKey, readPublicKey } from '../../../security/keys/signing-keys.ts';
import type { VerificationKey } from '../../../security/tokens/access-token.ts';
import { operatorClient } from '../../audit/record.ts';
import { type Clock, secondsAfter } from '../../clock.ts';
import {
  createMissingKeys,
  deleteKey,
  type KeyChange,
  promoteNextKey,
  type Revocation,
  type Rotation,
  type Rotator,
} from './signing-key-life.ts';

/** How long an instance uses its cached keys. A token with an unknown key makes it read earlier. */
const cacheSeconds = 60;
/** The shortest time between two reads that unknown keys, or failed reads, cause. */
const readAgainSeconds = 5;
/** How long a retired key stays published after the end of its last token. */
const retiredSlackSeconds = 600;

const operator: Rotator = { client: operatorClient('command-line') };

export interface PublishedKey {
  kid: string;
  state: 'next' | 'active' | 'retired';
  createdAt: Date;
  activatedAt?: Date | null | undefined;
  retiredAt?: Date | null | undefined;
}

interface CachedKey extends VerificationKey {
  jwk: object;
}

interface Snapshot {
  readAt: Date;
  /** Used until then although it is old: the last read failed. */
  retryAt: Date;
  signing: { kid: string; privateKey: KeyObject };
  /** When the next key is due to replace the active one. */
  rotationDueAt: Date;
  keys: ReadonlyMap<string, CachedKey>;
}

export interface SigningKeyDependencies {
  /** Returns a new unit of work. */
  fork(): EntityManager;
  clock: Clock;
  sealer: Sealer;
  accessTokenTtlSeconds: number;
  /** How long a key signs before the next one replaces it. */
  rotationSeconds: number;
}

export class SigningKeys {
  readonly #deps: SigningKeyDependencies;
  #snapshot: Snapshot | null = null;
  #reading: Promise<Snapshot> | null = null;

  constructor(deps: SigningKeyDependencies) {
    this.#deps = deps;
  }

  /** Creates the first keys of a new database. Instances that start together do so one after another. */
  async ensure(): Promise<void> {
    await this.#change(createMissingKeys);
    await this.#read(this.#deps.clock.now());
  }

  async list(): Promise<PublishedKey[]> {
    return this.#deps.fork().find(SigningKey, {}, { orderBy: { createdAt: 'asc' } });
  }

  /**
   * Promotes `next`, once it has been published for long enough that every verifier has it.
   * @param options `force` promotes it at once: verifiers that cache the JWKS may reject new tokens for five minutes
   */
  rotate({ force = false, by = operator }: { force?: boolean; by?: Rotator } = {}): Promise<Rotation> {
    return this.#change((change) => promoteNextKey(change, { by, force }));
  }

  /**
   * Revokes a key at once: every instance rejects its tokens from the next request on, and the JWKS omits it.
   * @returns null for an unknown key
   */
  async revoke(kid: string): Promise<Revocation | null> {
    const revocation = await this.#change((change) => deleteKey(change, kid));
    this.#snapshot = null;
    return revocation;
  }

  /** Rotates by schedule. One of several instances does it; the others find a young key. */
  async rotateWhenDue(): Promise<void> {
    await this.#change(async (change) => {
      const active = await change.tx.findOneOrFail(SigningKey, { state: 'active' });
      if (this.#rotationDueAt(active) > change.now) return;
      await promoteNextKey(change, { by: { client: operatorClient('schedule') }, force: false });
    });
  }

  /** @param activeKid the active key by the database. With another one in the cache, the keys are read before use. */
  notice(activeKid: string): void {
    if (this.#snapshot && this.#snapshot.signing.kid !== activeKid) this.#snapshot = null;
  }

  /** How long the active key signs, and by how much it should have been replaced; negative before that. */
  async rotation(now: Date): Promise<{ ageSeconds: number; overdueSeconds: number }> {
    const { rotationDueAt } = await this.#current(now);
    const overdueSeconds = (now.getTime() - rotationDueAt.getTime()) / 1000;
    return { ageSeconds: overdueSeconds + this.#deps.rotationSeconds, overdueSeconds };
  }

  async signing(now: Date): Promise<{ kid: string; privateKey: KeyObject }> {
    return (await this.#current(now)).signing;
  }

  /** Reads the keys each time, so that it omits a revoked key at once. Parallel requests share one read. */
  async jwks(): Promise<{ keys: object[] }> {
    const now = this.#deps.clock.now();
    const { keys } = await this.#current(now, 0);
    return {
      keys: [...keys.values()].filter(({ publishedUntil }) => isAhead(publishedUntil, now)).map(({ jwk }) => jwk),
    };
  }

  /**
   * @param kid of the key that a token names, or null
   * @returns the look-up of keys. Reads them again when that key is unknown.
   */
  async verifier(now: Date, kid: string | null): Promise<(kid: string) => VerificationKey | undefined> {
    let snapshot = await this.#current(now);
    if (kid !== null && !snapshot.keys.has(kid)) snapshot = await this.#current(now, readAgainSeconds);
    return (wanted) => snapshot.keys.get(wanted);
  }

  /** While the database is unavailable, the cached keys are used until the active one is due for rotation. */
  async #current(now: Date, maxAgeSeconds = cacheSeconds): Promise<Snapshot> {
    const known = this.#snapshot;
    const isFresh = known && (secondsAfter(known.readAt, maxAgeSeconds) > now || known.retryAt > now);
    if (isFresh) return known;
    try {
      return await this.#read(now);
    } catch (error) {
      if (!known || known.rotationDueAt <= now) throw error;
      known.retryAt = secondsAfter(now, readAgainSeconds);
      return known;
    }
  }

  #read(now: Date): Promise<Snapshot> {
    this.#reading ??= this.#readKeys(now).finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #readKeys(now: Date): Promise<Snapshot> {
    const keys = await this.#deps.fork().find(SigningKey, {}, { orderBy: { createdAt: 'asc' } });
    const active = keys.find((key) => key.state === 'active');
    if (!active) throw new Error('the database holds no active signing key');
    const cached = this.#snapshot?.signing;
    const signing =
      cached?.kid === active.kid
        ? cached
        : {
            kid: active.kid,
            privateKey: readPrivateKey(this.#deps.sealer.unseal(active.privateKeySealed, active.kid)),
          };
    this.#snapshot = {
      readAt: now,
      retryAt: now,
      signing,
      rotationDueAt: this.#rotationDueAt(active),
      keys: new Map(keys.map((key) => [key.kid, this.#cached(key)])),
    };
    return this.#snapshot;
  }

  #rotationDueAt({ activatedAt, createdAt }: SigningKey): Date {
    return secondsAfter(activatedAt ?? createdAt, this.#deps.rotationSeconds);
  }

  #cached({ kid, publicJwk, retiredAt }: SigningKey): CachedKey {
    // The same object as before, so that tokens that it verified stay verified (security/tokens/verified-tokens.ts).
    const known = this.#snapshot?.keys.get(kid);
    const jwk = { ...publicJwk, kid, use: 'sig', alg: 'ES256' };
    const slackSeconds = this.#deps.accessTokenTtlSeconds + retiredSlackSeconds;
    return {
      publicKey: known && isDeepStrictEqual(known.jwk, jwk) ? known.publicKey : readPublicKey(publicJwk),
      retiredAt: retiredAt ?? null,
      publishedUntil: retiredAt ? secondsAfter(retiredAt, slackSeconds) : null,
      jwk,
    };
  }

  #change<Result>(work: (change: KeyChange) => Promise<Result>): Promise<Result> {
    const { clock, sealer, fork } = this.#deps;
    return fork().transactional(async (tx) => {
      await serialiseBy(tx, 'signing-keys');
      return work({ tx, now: clock.now(), sealer });
    });
  }
}

/** @param instant null: never */
function isAhead(instant: Date | null, now: Date): boolean {
  return instant === null || instant > now;
}
