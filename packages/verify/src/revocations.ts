/**
 * Follows the revocation feed of Postern (`/auth/revocations`), so that tokens of ended sessions are refused before they
 * expire. One request at a time waits for changes in the background: no verification waits for it.
 */

export interface RevocationOptions {
  /** `ROUTER_SECRET` of Postern. Give this or `apiKey`. */
  secret?: string;
  /** An API key of a service account with `revocations:read`. */
  apiKey?: string;
  /** The address of the feed, when it is not `/auth/revocations` under the issuer. */
  url?: string;
  /** What happens to tokens while the feed has not answered for `maxAgeSeconds`. */
  onFailure: 'accept' | 'refuse';
  /** For how long the last answer is good. Default 10, at least 2. */
  maxAgeSeconds?: number;
}

/** What the list knows a token by. */
export interface RevocableToken {
  subject: string;
  sessionId: string | null;
  apiKeyId: string | null;
  /** Seconds since the epoch. */
  issuedAt: number;
}

interface Answer {
  cursor: string;
  full: boolean;
  entries: readonly unknown[];
}

interface Entry {
  kind: string;
  id: string;
  until: number;
  /** Infinity: every token of it is revoked. */
  issuedBefore: number;
}

/** The longest wait that Postern accepts. */
const longestWaitSeconds = 25;
/** On top of the wait, until a request counts as failed. */
const answerMs = 5000;
const pausesMs = [250, 500, 1000, 2000, 4000];

export class Revocations {
  readonly #options: RevocationOptions;
  readonly #url: string;
  readonly #maxAgeMs: number;
  readonly #seconds: () => number;
  readonly #closed = new AbortController();
  /** By kind and id. */
  #entries = new Map<string, Entry>();
  #cursor: string | null = null;
  #answeredAt = performance.now();

  /** @throws TypeError for options that cannot work */
  constructor(options: RevocationOptions, issuer: string, now: () => Date, toleranceSeconds: number) {
    const { maxAgeSeconds = 10, secret, apiKey, onFailure, url = `${issuer}/auth/revocations` } = options;
    if ((secret === undefined) === (apiKey === undefined)) throw new TypeError('revocations: pass secret or apiKey.');
    if (onFailure !== 'accept' && onFailure !== 'refuse')
      throw new TypeError('revocations.onFailure: use "accept" or "refuse".');
    if (!(maxAgeSeconds >= 2)) throw new TypeError('revocations.maxAgeSeconds: use a number from 2.');
    this.#options = options;
    this.#url = url;
    this.#maxAgeMs = maxAgeSeconds * 1000;
    this.#seconds = () => now().getTime() / 1000 - toleranceSeconds;
    void this.#follow();
  }

  /** Whether the list is too old to decide, and tokens are refused then. */
  get isUnavailable(): boolean {
    return this.#options.onFailure === 'refuse' && performance.now() - this.#answeredAt > this.#maxAgeMs;
  }

  /** Whether the feed has never answered. */
  get isEmpty(): boolean {
    return this.#cursor === null;
  }

  isRevoked({ subject, sessionId, apiKeyId, issuedAt }: RevocableToken): boolean {
    return (
      this.#covers('session', sessionId, issuedAt) ||
      this.#covers('key', apiKeyId, issuedAt) ||
      this.#covers('subject', subject, issuedAt)
    );
  }

  close(): void {
    this.#closed.abort();
  }

  #covers(kind: string, id: string | null, issuedAt: number): boolean {
    const entry = id === null ? undefined : this.#entries.get(keyOf(kind, id));
    return entry !== undefined && entry.until > this.#seconds() && issuedAt < entry.issuedBefore;
  }

  async #follow(): Promise<void> {
    let failures = 0;
    while (!this.#closed.signal.aborted) {
      try {
        this.#take(await this.#ask());
        failures = 0;
      } catch {
        await this.#pause(pausesMs[Math.min(failures, pausesMs.length - 1)] ?? 1000);
        failures += 1;
      }
    }
  }

  /** Verifiers that failed together must not return together. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms * (0.5 + Math.random()));
      // A waiting retry does not keep a program running.
      if (typeof timer === 'object') timer.unref();
    });
  }

  /** The wait is half of the age: the answer to a quiet feed keeps the list fresh. */
  async #ask(): Promise<Answer> {
    const { secret, apiKey } = this.#options;
    const waitSeconds = Math.min(longestWaitSeconds, Math.floor(this.#maxAgeMs / 2000));
    const after = this.#cursor === null ? '' : `?after=${encodeURIComponent(this.#cursor)}&wait=${waitSeconds}`;
    const response = await fetch(this.#url + after, {
      headers: secret === undefined ? { authorization: `Bearer ${apiKey}` } : { 'router-authorization': secret },
      redirect: 'error',
      signal: AbortSignal.any([this.#closed.signal, AbortSignal.timeout(waitSeconds * 1000 + answerMs)]),
    });
    if (!response.ok) throw new Error(`the feed was answered with ${response.status}`);
    const answer: unknown = await response.json();
    if (!isAnswer(answer)) throw new Error('the answer is no feed');
    return answer;
  }

  #take({ cursor, full, entries }: Answer): void {
    const now = this.#seconds();
    const known = full ? new Map<string, Entry>() : this.#entries;
    for (const [key, { until }] of known) if (until <= now) known.delete(key);
    for (const entry of entries.filter(isEntry)) {
      const key = keyOf(entry.kind, entry.id);
      const { issuedBefore = 0, until } = known.get(key) ?? { until: 0 };
      known.set(key, {
        ...entry,
        issuedBefore: Math.max(entry.issuedBefore ?? Number.POSITIVE_INFINITY, issuedBefore),
        until: Math.max(entry.until, until),
      });
    }
    this.#entries = known;
    this.#cursor = cursor;
    this.#answeredAt = performance.now();
  }
}

function keyOf(kind: string, id: string): string {
  return `${kind} ${id}`;
}

function isAnswer(value: unknown): value is Answer {
  if (typeof value !== 'object' || value === null) return false;
  const { cursor, full, entries }: { cursor?: unknown; full?: unknown; entries?: unknown } = value;
  return typeof cursor === 'string' && cursor !== '' && typeof full === 'boolean' && Array.isArray(entries);
}

/** A later version may add kinds and members. */
function isEntry(value: unknown): value is Omit<Entry, 'issuedBefore'> & { issuedBefore?: number } {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, id, until, issuedBefore }: { [Name in keyof Entry]?: unknown } = value;
  const isTimed = typeof until === 'number' && (issuedBefore === undefined || typeof issuedBefore === 'number');
  return typeof kind === 'string' && typeof id === 'string' && isTimed;
}
