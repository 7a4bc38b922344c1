/**
 * The time of the database, which all instances share: comparisons with stored times then agree even when the clocks of
 * the machines differ. Between two measurements time advances by a monotonic clock.
 */
import type { Clock } from './clock.ts';

/** A slower answer is imprecise: it corrects the clock only where it contradicts it. */
const slowestAnswerMs = 1000;

export interface TimeSources {
  /** The time of this machine, in milliseconds since 1970. */
  machineMs(): number;
  /** Milliseconds of a clock that only advances. */
  elapsedMs(): number;
  databaseTime(): Promise<Date>;
}

export class DatabaseClock implements Clock {
  readonly #sources: TimeSources;
  /** The time of the database minus `elapsedMs`; before the first measurement, the time of the machine. */
  #baseMs: number;

  constructor(sources: TimeSources) {
    this.#sources = sources;
    this.#baseMs = sources.machineMs() - sources.elapsedMs();
  }

  now(): Date {
    return new Date(this.#baseMs + this.#sources.elapsedMs());
  }

  /** How far the clock of the machine is ahead of the database (negative: behind). */
  skewSeconds(): number {
    return (this.#sources.machineMs() - this.now().getTime()) / 1000;
  }

  /** @throws the error of the database; the clock then advances from the last measurement */
  async measure(): Promise<void> {
    const { elapsedMs, databaseTime } = this.#sources;
    const askedAt = elapsedMs();
    const time = await databaseTime();
    const answeredAt = elapsedMs();
    const [earliest, latest] = [time.getTime() - answeredAt, time.getTime() - askedAt];
    const isSlow = latest - earliest > slowestAnswerMs;
    this.#baseMs = isSlow ? Math.min(Math.max(this.#baseMs, earliest), latest) : (earliest + latest) / 2;
  }
}
