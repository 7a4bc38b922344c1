/**
 * Fetches and caches the keys that Postern publishes. A new key is published before it signs, so an unknown key is
 * rare: it causes another fetch, but not for every forged token. While Postern is down, the cached keys stay in use for
 * an hour: they are as valid as before, and callers notice no interruption.
 */
import { type CryptoKey, importJWK, type JWK, errors as joseErrors } from 'jose';

/** No keys were ever fetched, or the cached ones are too old. */
export class KeysUnavailable extends Error {
  override name = 'KeysUnavailable';
}

const fetchDeadlineMs = 5000;
/** The pause after a fetch. */
const cooldownSeconds = 5;
/** The lifetime of the cache when Postern's response has none. */
const defaultMaxAgeSeconds = 300;
const longestMaxAgeSeconds = 3600;
const graceSeconds = 3600;

interface Snapshot {
  fetchedAt: number;
  maxAgeSeconds: number;
  keys: ReadonlyMap<string, CryptoKey>;
}

export class PublishedKeys {
  readonly #url: string;
  readonly #now: () => Date;
  #snapshot: Snapshot | null = null;
  #askedAt = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | null = null;

  constructor(url: string, now: () => Date) {
    this.#url = url;
    this.#now = now;
  }

  /**
   * @throws KeysUnavailable
   * @throws joseErrors.JWKSNoMatchingKey for a key that Postern has not published
   */
  async find(kid: string | undefined): Promise<CryptoKey> {
    const age = this.#age();
    // Callers wait for a fetch only when no cached key can serve them.
    if (age >= this.#maxAge() + graceSeconds) await this.#ask();
    else if (age >= this.#maxAge()) void this.#ask();
    const known = this.#keys().get(kid ?? '');
    if (known) return known;
    await this.#ask();
    const found = this.#keys().get(kid ?? '');
    if (found) return found;
    throw new joseErrors.JWKSNoMatchingKey();
  }

  /** Fetches the keys when there are none. @returns whether there are keys now */
  async load(): Promise<boolean> {
    if (this.#age() >= this.#maxAge()) await this.#ask();
    return this.#age() < this.#maxAge() + graceSeconds;
  }

  #keys(): ReadonlyMap<string, CryptoKey> {
    const snapshot = this.#snapshot;
    if (!snapshot || this.#age() >= snapshot.maxAgeSeconds + graceSeconds) throw new KeysUnavailable();
    return snapshot.keys;
  }

  #age(): number {
    return this.#snapshot ? this.#seconds() - this.#snapshot.fetchedAt : Number.POSITIVE_INFINITY;
  }

  #maxAge(): number {
    return this.#snapshot?.maxAgeSeconds ?? defaultMaxAgeSeconds;
  }

  #seconds(): number {
    return this.#now().getTime() / 1000;
  }

  /** Concurrent callers share one request. After a failure the caller uses the cached keys. */
  #ask(): Promise<void> {
    if (this.#asking) return this.#asking;
    if (this.#seconds() - this.#askedAt < cooldownSeconds) return Promise.resolve();
    this.#askedAt = this.#seconds();
    this.#asking = this.#fetch()
      .catch(() => undefined)
      .finally(() => {
        this.#asking = null;
      });
    return this.#asking;
  }

  async #fetch(): Promise<void> {
    const fetchedAt = this.#seconds();
    const response = await fetch(this.#url, { redirect: 'error', signal: AbortSignal.timeout(fetchDeadlineMs) });
    if (!response.ok) throw new Error(`the keys were answered with ${response.status}`);
    const keys = await readKeys(await response.json());
    if (keys.size === 0) throw new Error('there are no keys in the answer');
    this.#snapshot = { fetchedAt, maxAgeSeconds: maxAgeIn(response.headers.get('cache-control')), keys };
  }
}

async function readKeys(jwks: unknown): Promise<Map<string, CryptoKey>> {
  const listed: unknown = typeof jwks === 'object' && jwks !== null && 'keys' in jwks ? jwks.keys : [];
  const keys = new Map<string, CryptoKey>();
  for (const jwk of Array.isArray(listed) ? listed.filter(isSigningKey) : []) {
    const key = await importJWK(jwk, 'ES256');
    if (!(key instanceof Uint8Array)) keys.set(jwk.kid, key);
  }
  return keys;
}

function isSigningKey(jwk: unknown): jwk is JWK & { kid: string } {
  if (typeof jwk !== 'object' || jwk === null) return false;
  const { kty, crv, kid, use }: { kty?: unknown; crv?: unknown; kid?: unknown; use?: unknown } = jwk;
  return kty === 'EC' && crv === 'P-256' && typeof kid === 'string' && (use === undefined || use === 'sig');
}

function maxAgeIn(cacheControl: string | null): number {
  const [, seconds] = /\bmax-age=(\d{1,9})\b/.exec(cacheControl ?? '') ?? [];
  return seconds === undefined ? defaultMaxAgeSeconds : Math.min(Number(seconds), longestMaxAgeSeconds);
}
