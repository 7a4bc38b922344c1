/**
 * The life of the keys that sign access tokens: `next` is published before it signs, for longer than anyone caches
 * the JWKS; `active` signs; `retired` stays published until the last token it signed has ended. All instances read the
 * same table; each remembers it for a short time.
 */
import type { KeyObject } from 'node:crypto';
import { SigningKey } from '../persistence/entities/signing-key.ts';
import type { EntityManager } from '../persistence/entity-manager.ts';
import { takeTurns } from '../persistence/queries/take-turns.ts';
import { keyIdOf } from '../security/access-token.ts';
import type { Sealer } from '../security/sealing.ts';
import { generateSigningKey, readPrivateKey, readPublicKey } from '../security/signing-keys.ts';
import { operatorClient, recordAudit } from './audit.ts';
import { type Clock, secondsAfter } from './clock.ts';

/** `Cache-Control: max-age` of the JWKS, in seconds. */
export const jwksMaxAgeSeconds = 300;
/** How long an instance goes on with the keys it has read; a token with an unknown key makes it look sooner. */
const rememberSeconds = 60;
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

interface Snapshot {
  readAt: Date;
  signing: { kid: string; privateKey: KeyObject };
  publicKeys: ReadonlyMap<string, KeyObject>;
  jwks: { keys: object[] };
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

  /** Promotes `next`, once it has been published for long enough that every verifier has it. */
  rotate(): Promise<Rotation> {
    return this.#transaction((tx) => this.#promote(tx, 'command-line'));
  }

  /** The same by schedule. Of several instances one does it; the others find a young key. */
  async rotateWhenDue(): Promise<void> {
    const now = this.#deps.clock.now();
    await this.#transaction(async (tx) => {
      const active = await tx.findOneOrFail(SigningKey, { state: 'active' });
      if (secondsAfter(active.activatedAt ?? active.createdAt, this.#deps.rotationSeconds) <= now) {
        await this.#promote(tx, 'schedule');
      }
    });
  }

  async #promote(tx: EntityManager, requestId: string): Promise<Rotation> {
    const now = this.#deps.clock.now();
    const active = await tx.findOneOrFail(SigningKey, { state: 'active' });
    const next = await tx.findOneOrFail(SigningKey, { state: 'next' });
    const possibleAt = secondsAfter(next.createdAt, publishAheadSeconds);
    if (possibleAt > now) return { rotated: false, possibleAt };
    Object.assign(active, { state: 'retired', retiredAt: now });
    await tx.flush();
    Object.assign(next, { state: 'active', activatedAt: now });
    await tx.flush();
    this.#create(tx, 'next', now);
    recordAudit(tx, operatorClient(requestId), now, {
      action: 'signing_key.rotated',
      target: { type: 'signing_key', id: next.kid },
      details: { from: active.kid, to: next.kid },
    });
    return { rotated: true, from: active.kid, to: next.kid };
  }

  async signing(now: Date): Promise<{ kid: string; privateKey: KeyObject }> {
    return (await this.#current(now)).signing;
  }

  async jwks(): Promise<{ keys: object[] }> {
    return (await this.#current(this.#deps.clock.now())).jwks;
  }

  /** @returns the look-up of published keys, read anew when it lacks the key this token names */
  async verifier(now: Date, token: string): Promise<(kid: string) => KeyObject | undefined> {
    let snapshot = await this.#current(now);
    const kid = keyIdOf(token);
    const stale = secondsAfter(snapshot.readAt, lookAgainSeconds) <= now;
    if (kid !== null && !snapshot.publicKeys.has(kid) && stale) snapshot = await this.#read(now);
    return (wanted) => snapshot.publicKeys.get(wanted);
  }

  async #current(now: Date): Promise<Snapshot> {
    const snapshot = this.#snapshot;
    return snapshot && secondsAfter(snapshot.readAt, rememberSeconds) > now ? snapshot : this.#read(now);
  }

  async #read(now: Date): Promise<Snapshot> {
    const keys = await this.#deps.fork().find(SigningKey, {}, { orderBy: { createdAt: 'asc' } });
    const published = keys.filter((key) => this.#isPublished(key, now));
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
      signing,
      // Also keys that are published no more: what they signed has ended, and is told apart from what is forged.
      publicKeys: new Map(keys.map((key) => [key.kid, readPublicKey(key.publicJwk)])),
      jwks: { keys: published.map((key) => ({ ...key.publicJwk, kid: key.kid, use: 'sig', alg: 'ES256' })) },
    };
    return this.#snapshot;
  }

  #isPublished(key: SigningKey, now: Date): boolean {
    if (!key.retiredAt) return true;
    return secondsAfter(key.retiredAt, this.#deps.accessTokenTtlSeconds + retiredSlackSeconds) > now;
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
