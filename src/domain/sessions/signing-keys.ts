/**
 * The life of the keys that sign access tokens: `next` is published before it signs, for longer than verifiers cache
 * the JWKS; `active` signs; `retired` stays published until the last token it signed has expired. A revoked key is
 * deleted. All instances read the same table; each keeps what it read for a short time.
 */
import type { KeyObject } from 'node:crypto';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { SigningKey } from '../../persistence/sessions/signing-key.ts';
import { takeTurns } from '../../persistence/take-turns.ts';
import type { Sealer } from '../../security/keys/sealing.ts';
import { generateSigningKey, readPrivateKey, readPublicKey } from '../../security/keys/signing-keys.ts';
import { keyIdOf, type VerificationKey } from '../../security/tokens/access-token.ts';
import { operatorClient, recordAudit } from '../audit/record.ts';
import { type Clock, secondsAfter } from '../clock.ts';

/** `Cache-Control: max-age` of the JWKS, in seconds. */
export const jwksMaxAgeSeconds = 300;
/** How long an instance uses the keys it has read. A token with an unknown key makes it read sooner. */
const rememberSeconds = 60;
/** The shortest time between two reads that unknown keys, or failed reads, cause. */
const lookAgainSeconds = 5;
/** How long a new key is published before it may sign. */
const publishAheadSeconds = 2 * jwksMaxAgeSeconds;
/** How long after its last token's end a retired key stays published. */
const retiredSlackSeconds = 600;

export interface PublishedKey {
  kid: string;
  state: 'next' | 'active' | 'retired';
  createdAt: Date;
  activatedAt?: Date | null | undefined;
  retiredAt?: Date | null | undefined;
}

export type Rotation = { rotated: true; from: string; to: string } | { rotated: false; possibleAt: Date };

/** @param replacedBy the key that signs from now on, when the revoked one signed until now */
export interface Revocation {
  kid: string;
  state: SigningKey['state'];
  replacedBy: string | null;
}

interface RememberedKey extends VerificationKey {
  jwk: object;
}

interface Snapshot {
  readAt: Date;
  /** Until then it is used although it is old: the last read failed. */
  retryAt: Date;
  signing: { kid: string; privateKey: KeyObject };
  /** When the active key is to be replaced by the next one. */
  rotationDueAt: Date;
  keys: ReadonlyMap<string, RememberedKey>;
}

export interface SigningKeyDependencies {
  /** A fresh unit of work. */
  fork(): EntityManager;
  clock: Clock;
  sealer: Sealer;
  accessTokenTtlSeconds: number;
  /** How long a key signs before the next one takes over. */
  rotationSeconds: number;
}

export class SigningKeys {
  readonly #deps: SigningKeyDependencies;
  #snapshot: Snapshot | null = null;
  #reading: Promise<Snapshot> | null = null;

  constructor(deps: SigningKeyDependencies) {
    this.#deps = deps;
  }

  /** Makes the first keys of a new database. Instances that start together take turns. */
  async ensure(): Promise<void> {
    const now = this.#deps.clock.now();
    await this.#transaction(async (tx) => {
      const states = (await tx.find(SigningKey, { state: ['next', 'active'] })).map(({ state }) => state);
      if (!states.includes('active')) this.#create(tx, 'active', now);
      if (!states.includes('next')) this.#create(tx, 'next', now);
    });
    await this.#read(now);
  }

  async list(): Promise<PublishedKey[]> {
    return this.#deps.fork().find(SigningKey, {}, { orderBy: { createdAt: 'asc' } });
  }

  /**
   * Promotes `next`, once it has been published for long enough that every verifier has it.
   * @param options.force promotes it at once: verifiers that cache the JWKS may refuse new tokens for five minutes
   */
  rotate({ force = false } = {}): Promise<Rotation> {
    return this.#transaction((tx) => this.#promote(tx, 'command-line', force));
  }

  /**
   * Withdraws a key at once: every instance refuses its tokens from the next request on, and it leaves the JWKS.
   * @returns null when there is no such key
   */
  async revoke(kid: string): Promise<Revocation | null> {
    const revocation = await this.#transaction(async (tx) => {
      const key = await tx.findOne(SigningKey, { kid });
      if (!key) return null;
      const now = this.#deps.clock.now();
      const { state } = key;
      tx.remove(key);
      await tx.flush();
      const replacedBy = state === 'active' ? await this.#activateNext(tx, now) : null;
      if (state !== 'retired') this.#create(tx, 'next', now);
      recordAudit(tx, operatorClient('command-line'), now, {
        action: 'signing_key.revoked',
        target: { type: 'signing_key', id: kid },
        details: { kid, state, replacedBy },
      });
      return { kid, state, replacedBy };
    });
    this.#snapshot = null;
    return revocation;
  }

  /** The same by schedule. Of several instances one does it; the others find a young key. */
  async rotateWhenDue(): Promise<void> {
    const now = this.#deps.clock.now();
    await this.#transaction(async (tx) => {
      const active = await tx.findOneOrFail(SigningKey, { state: 'active' });
      if (this.#rotationDueAt(active) <= now) {
        await this.#promote(tx, 'schedule');
      }
    });
  }

  async #promote(tx: EntityManager, requestId: string, force = false): Promise<Rotation> {
    const now = this.#deps.clock.now();
    const active = await tx.findOneOrFail(SigningKey, { state: 'active' });
    const next = await tx.findOneOrFail(SigningKey, { state: 'next' });
    const possibleAt = secondsAfter(next.createdAt, publishAheadSeconds);
    if (possibleAt > now && !force) return { rotated: false, possibleAt };
    Object.assign(active, { state: 'retired', retiredAt: now });
    await tx.flush();
    await this.#activateNext(tx, now);
    this.#create(tx, 'next', now);
    recordAudit(tx, operatorClient(requestId), now, {
      action: 'signing_key.rotated',
      target: { type: 'signing_key', id: next.kid },
      details: { from: active.kid, to: next.kid },
    });
    return { rotated: true, from: active.kid, to: next.kid };
  }

  /** @returns the kid of the key that signs from now on */
  async #activateNext(tx: EntityManager, now: Date): Promise<string> {
    const next = await tx.findOneOrFail(SigningKey, { state: 'next' });
    Object.assign(next, { state: 'active', activatedAt: now });
    await tx.flush();
    return next.kid;
  }

  /** Tells which key the database says is active. When another one is remembered, the keys are read before they are used. */
  notice(activeKid: string): void {
    if (this.#snapshot && this.#snapshot.signing.kid !== activeKid) this.#snapshot = null;
  }

  async signing(now: Date): Promise<{ kid: string; privateKey: KeyObject }> {
    return (await this.#current(now)).signing;
  }

  /** Reads the keys each time, so that a revoked key leaves at once. Parallel requests share one read. */
  async jwks(): Promise<{ keys: object[] }> {
    const now = this.#deps.clock.now();
    const { keys } = await this.#current(now, 0);
    return {
      keys: [...keys.values()].filter(({ publishedUntil }) => isAhead(publishedUntil, now)).map(({ jwk }) => jwk),
    };
  }

  /** @returns the look-up of keys. They are read again when the key that this token names is unknown. */
  async verifier(now: Date, token: string): Promise<(kid: string) => VerificationKey | undefined> {
    let snapshot = await this.#current(now);
    const kid = keyIdOf(token);
    if (kid !== null && !snapshot.keys.has(kid)) snapshot = await this.#current(now, lookAgainSeconds);
    return (wanted) => snapshot.keys.get(wanted);
  }

  /** While the database is away, the remembered keys are used until the active one is due for rotation. */
  async #current(now: Date, maxAgeSeconds = rememberSeconds): Promise<Snapshot> {
    const known = this.#snapshot;
    const isFresh = known && (secondsAfter(known.readAt, maxAgeSeconds) > now || known.retryAt > now);
    if (isFresh) return known;
    try {
      return await this.#read(now);
    } catch (error) {
      if (!known || known.rotationDueAt <= now) throw error;
      known.retryAt = secondsAfter(now, lookAgainSeconds);
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
    const remembered = this.#snapshot?.signing;
    const signing =
      remembered?.kid === active.kid
        ? remembered
        : {
            kid: active.kid,
            privateKey: readPrivateKey(this.#deps.sealer.unseal(active.privateKeySealed, active.kid)),
          };
    this.#snapshot = {
      readAt: now,
      retryAt: now,
      signing,
      rotationDueAt: this.#rotationDueAt(active),
      keys: new Map(keys.map((key) => [key.kid, this.#remember(key)])),
    };
    return this.#snapshot;
  }

  #rotationDueAt({ activatedAt, createdAt }: SigningKey): Date {
    return secondsAfter(activatedAt ?? createdAt, this.#deps.rotationSeconds);
  }

  #remember({ kid, publicJwk, retiredAt }: SigningKey): RememberedKey {
    const slackSeconds = this.#deps.accessTokenTtlSeconds + retiredSlackSeconds;
    return {
      publicKey: readPublicKey(publicJwk),
      retiredAt: retiredAt ?? null,
      publishedUntil: retiredAt ? secondsAfter(retiredAt, slackSeconds) : null,
      jwk: { ...publicJwk, kid, use: 'sig', alg: 'ES256' },
    };
  }

  #create(tx: EntityManager, state: 'next' | 'active', now: Date): void {
    const { kid, publicJwk, privateKey } = generateSigningKey();
    const privateKeySealed = this.#deps.sealer.seal(privateKey, kid);
    const activatedAt = state === 'active' ? now : null;
    tx.persist(
      tx.create(SigningKey, { kid, state, publicJwk, privateKeySealed, createdAt: now, activatedAt, retiredAt: null }),
    );
    recordAudit(tx, operatorClient('signing-keys'), now, {
      action: 'signing_key.created',
      target: { type: 'signing_key', id: kid },
      details: { kid },
    });
  }

  #transaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.#deps.fork().transactional(async (tx) => {
      await takeTurns(tx, 'signing-keys');
      return work(tx);
    });
  }
}

/** @param instant null: never */
function isAhead(instant: Date | null, now: Date): boolean {
  return instant === null || instant > now;
}
