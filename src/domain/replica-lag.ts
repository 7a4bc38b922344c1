/**
 * How far a standby is behind its primary, in time, without comparing clocks: the age of the oldest position of the
 * primary that the standby has not reached.
 */

/** Positions to remember: a minute and more, at one a second. */
const maxSamples = 128;

export class ReplicaLag {
  /** Positions that the standby has not reached, the oldest first. */
  #ahead: { position: number; at: number }[] = [];
  #written = 0;

  /** Whether the standby had reached the position of the last sample: the first sample of a lag has no age yet. */
  get isCaughtUp(): boolean {
    return this.#ahead.length === 0;
  }

  /** @param at milliseconds of a clock that only advances @returns seconds */
  add(written: number, replayed: number, at: number): number {
    // Another primary after a failover.
    if (written < this.#written) this.#ahead = [];
    this.#written = written;
    if (this.#ahead.length < maxSamples) this.#ahead.push({ position: written, at });
    this.#ahead = this.#ahead.filter(({ position }) => position > replayed);
    const [oldest] = this.#ahead;
    return oldest ? (at - oldest.at) / 1000 : 0;
  }
}
