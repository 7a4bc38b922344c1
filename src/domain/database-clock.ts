/**
 * The time of the database, which all instances share: verdicts that compare stored times then agree, however far the
 * machines' clocks are apart. Between two measurements time advances by a clock that no administrator sets.
 */
import type { Clock } from './clock.ts';

/** A slower answer says little about the moment at which it was given: it only corrects a clock that it contradicts. */
const slowestAnswerMs = 1000;

export interface TimeSources {
  /** What this machine believes, in milliseconds since 1970. */
  machineMs(): number;
  /** Milliseconds of a clock that only advances. */
  elapsedMs(): number;
  databaseTime(): Promise<Date>;
}

export class DatabaseClock implements Clock {
  readonly #sources: TimeSources;
  /** The database's time minus `elapsedMs`; until it is measured, the machine's. */
  #baseMs: number;

  constructor(sources: TimeSources) {
    this.#sources = sources;
    this.#baseMs = sources.machineMs() - sources.elapsedMs();
  }

  now(): Date {
    return new Date(this.#baseMs + this.#sources.elapsedMs());
  }

  /** How far the machine's clock is ahead of the database's (negative: behind). */
  skewSeconds(): number {
    return (this.#sources.machineMs() - this.now().getTime()) / 1000;
  }

  /** @throws what the database throws; the clock then advances from the last measurement */
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
