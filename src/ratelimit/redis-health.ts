/** Whether Redis counts, judged by the outcome of the last counts: one that answers PING may refuse every write. */

/** After a failed count the state stays degraded for this long, although other counts may succeed (a moved cluster slot). */
const settleMs = 1000;

export class RedisHealth {
  /** Why the last failed count failed; null while Redis counts. */
  #problem: string | null = 'no count has succeeded yet';
  #failedAt = Number.NEGATIVE_INFINITY;
  readonly #onChange: (problem: string | null) => void;

  /** @param onChange is called when Redis begins to count (null) and when it stops (the problem) */
  constructor(onChange: (problem: string | null) => void) {
    this.#onChange = onChange;
  }

  get problem(): string | null {
    return this.#problem;
  }

  succeeded(): void {
    if (this.#problem === null || performance.now() - this.#failedAt < settleMs) return;
    this.#problem = null;
    this.#onChange(null);
  }

  failed(error: unknown): void {
    const wasCounting = this.#problem === null;
    this.#failedAt = performance.now();
    this.#problem = problemOf(error);
    if (wasCounting) this.#onChange(this.#problem);
  }
}

/** Words that Redis begins its errors with. What follows them may quote keys. */
const redisWords =
  /\b(READONLY|OOM|MOVED|ASK|CLUSTERDOWN|CROSSSLOT|TRYAGAIN|NOREPLICAS|LOADING|MISCONF|MASTERDOWN|NOAUTH|NOPERM|WRONGTYPE|BUSY)\b/;

export function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const [word] = redisWords.exec(error.message) ?? [];
  if (word) return word;
  if (/timed out/i.test(error.message)) return 'no answer in time';
  return error.name === 'ReplyError' ? 'the script failed' : 'no connection';
}
