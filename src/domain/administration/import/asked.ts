/** Remembers what the hook `importUser` was asked, in the memory of this process: it is not asked the same again. */
import type { Clock } from '../../clock.ts';

const rememberedMs = 10 * 60_000;
/** Attackers choose the addresses. Beyond this number the oldest is forgotten. */
const maxRemembered = 10_000;

interface Remembered {
  isImported: boolean;
  untilMs: number;
}

/** Questions are named by keyed hashes: no address and no password is kept. */
export class AskedUsers {
  readonly #clock: Clock;
  readonly #answers = new Map<string, Remembered>();
  readonly #pending = new Map<string, Promise<boolean>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns whether the user was imported; null: the question was not asked within ten minutes */
  answerTo(question: string): boolean | null {
    const answer = this.#answers.get(question);
    return answer && answer.untilMs > this.#clock.now().getTime() ? answer.isImported : null;
  }

  remember(question: string, isImported: boolean): void {
    this.#answers.delete(question);
    this.#answers.set(question, { isImported, untilMs: this.#clock.now().getTime() + rememberedMs });
    const [oldest] = this.#answers.keys();
    if (oldest !== undefined && this.#answers.size > maxRemembered) this.#answers.delete(oldest);
  }

  /** Parallel callers with the same question share one run of the work, and its result. */
  once(question: string, work: () => Promise<boolean>): Promise<boolean> {
    const pending = this.#pending.get(question);
    if (pending) return pending;
    const started = work().finally(() => this.#pending.delete(question));
    this.#pending.set(question, started);
    return started;
  }
}
