/** Whether Redis counts, decided by the outcome of the last counts: a server that answers PING may refuse every write. */

/** After a failed count the state stays degraded for this long, although other counts may succeed (a moved cluster slot). */
const settleMs = 1000;

const noAnswer = 'no answer in time';
const noConnection = 'no connection';

export class RedisHealth {
  /** Why the last failed count failed; null while Redis counts. */
  #problem: string | null = 'no count has succeeded yet';
  #failedAt = Number.NEGATIVE_INFINITY;
  /** When Redis last answered a count with an error. */
  #refusedAt = Number.NEGATIVE_INFINITY;
  #isSilent = false;
  readonly #onChange: (problem: string | null) => void;

  /** @param onChange is called when Redis begins to count (null) and when it stops (the problem) */
  constructor(onChange: (problem: string | null) => void) {
    this.#onChange = onChange;
  }

  get problem(): string | null {
    return this.#problem;
  }

  /** Whether the last count missed its deadline. Until Redis responds again, no call should wait for it. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  succeeded(): void {
    this.#isSilent = false;
    if (this.#problem === null || performance.now() - this.#failedAt < settleMs) return;
    this.#problem = null;
    this.#onChange(null);
  }

  failed(error: unknown): void {
    const wasCounting = this.#problem === null;
    this.#failedAt = performance.now();
    const problem = problemOf(error);
    this.#isSilent = problem === noAnswer;
    // The response of a replica closes the connection: the failures of the counts in between have the replica as cause.
    if (problem === noConnection && this.#failedAt - this.#refusedAt < settleMs) return;
    if (problem !== noAnswer && problem !== noConnection) this.#refusedAt = this.#failedAt;
    this.#problem = problem;
    if (wasCounting) this.#onChange(problem);
  }
}

/** The words at the start of Redis' errors. The text after them may quote keys. */
const redisWords =
  /\b(READONLY|OOM|MOVED|ASK|CLUSTERDOWN|CROSSSLOT|TRYAGAIN|NOREPLICAS|LOADING|MISCONF|MASTERDOWN|NOAUTH|WRONGPASS|NOPERM|WRONGTYPE|BUSY)\b/;

export function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const [word] = redisWords.exec(error.message) ?? [];
  if (word) return word;
  if (/timed out/i.test(error.message)) return noAnswer;
  return error.name === 'ReplyError' ? 'the script failed' : noConnection;
}
