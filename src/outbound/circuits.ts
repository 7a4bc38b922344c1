/** Stops calls to a host that fails: after some failures in a row of seconds, calls fail at once for a while. */
import { LRUCache } from 'lru-cache';

const maxFailures = 5;
const windowMs = 30_000;
const openMs = 30_000;
/** More hosts than any configuration names; the least recently called is forgotten. */
const maxHosts = 1000;

interface HostState {
  /** The times of the failures of the last `windowMs`. */
  failures: number[];
  openUntil: number;
}

export class Circuits {
  readonly #hosts = new LRUCache<string, HostState>({ max: maxHosts });
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  isOpen(host: string): boolean {
    return (this.#hosts.get(host)?.openUntil ?? 0) > this.#nowMs();
  }

  succeeded(host: string): void {
    this.#hosts.delete(host);
  }

  failed(host: string): void {
    const now = this.#nowMs();
    const failures = [...(this.#hosts.get(host)?.failures ?? []).filter((time) => time > now - windowMs), now];
    const opens = failures.length >= maxFailures;
    this.#hosts.set(host, { failures: opens ? [] : failures, openUntil: opens ? now + openMs : 0 });
  }
}
