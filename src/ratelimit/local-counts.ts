/**
 * Counts of this process alone. Bounded: an identity is a digest and five numbers, and their number is limited. Above
 * that bound, new keys share windows. Dropping old keys instead would bypass every limit: an attacker with enough
 * addresses would push out their own count.
 */
import { hash, randomBytes } from 'node:crypto';
import { type Count, type Counts, longestWaitSeconds, violationMemorySeconds } from './counts.ts';
import type { Limit, LimitName } from './limits.ts';

/** Milliseconds of a monotonic clock. */
interface Window {
  taken: number;
  endsAt: number;
  violated: boolean;
  violations: number;
  violatedAt: number;
}

const maxIdentities = 200_000;
/** The number of shared windows of each limit. */
const crowds = 1024;
const sweepEveryMs = 60_000;

export class LocalCounts implements Counts {
  readonly #windows = new Map<string, Window>();
  readonly #maxIdentities: number;
  readonly #share: number;
  readonly #sweeping: NodeJS.Timeout;
  /** Random, so that an attacker cannot choose the keys that share a window. */
  readonly #salt = randomBytes(16).toString('binary');

  /** @param options.share the part of each limit that this process admits */
  constructor(options: { share?: number; maxIdentities?: number } = {}) {
    this.#share = options.share ?? 1;
    this.#maxIdentities = options.maxIdentities ?? maxIdentities;
    this.#sweeping = setInterval(() => this.sweep(), sweepEveryMs).unref();
  }

  async consume(name: LimitName, limit: Limit, key: string): Promise<Count> {
    const now = wholeMs();
    const max = Math.max(1, Math.floor(limit.max * this.#share));
    const { window, isShared } = this.#windowOf(name, key);
    if (window.endsAt <= now) begin(window, limit, now);
    const passed = window.taken < max;
    if (passed) window.taken += 1;
    else if (!window.violated) violate(window, limit, now, isShared);
    return { passed, max, remaining: max - window.taken, endsInMs: window.endsAt - now };
  }

  async giveBack(name: LimitName, _limit: Limit, key: string): Promise<void> {
    const { window } = this.#windowOf(name, key);
    if (window.endsAt > wholeMs()) window.taken = Math.max(0, window.taken - 1);
  }

  /** The number of stored windows. */
  get size(): number {
    return this.#windows.size;
  }

  /** Drops expired windows. Past violations are kept as long as capacity allows. */
  sweep(): void {
    const now = wholeMs();
    const roomy = this.#windows.size < this.#maxIdentities / 2;
    for (const [digest, { endsAt, violations, violatedAt }] of this.#windows) {
      const isRemembered = roomy && violations > 0 && isRecent(violatedAt, now);
      if (endsAt <= now && !isRemembered) this.#windows.delete(digest);
    }
  }

  close(): void {
    clearInterval(this.#sweeping);
    this.#windows.clear();
  }

  #windowOf(name: LimitName, key: string): { window: Window; isShared: boolean } {
    const digest = hash('sha256', `${this.#salt}${name} ${key}`, 'binary');
    const own = this.#windows.get(digest);
    if (own) return { window: own, isShared: false };
    if (this.#windows.size < this.#maxIdentities) return { window: this.#add(digest), isShared: false };
    const crowd = `${name} ${((digest.charCodeAt(0) << 8) | digest.charCodeAt(1)) % crowds}`;
    return { window: this.#windows.get(crowd) ?? this.#add(crowd), isShared: true };
  }

  #add(digest: string): Window {
    const window: Window = { taken: 0, endsAt: 0, violated: false, violations: 0, violatedAt: 0 };
    this.#windows.set(digest, window);
    return window;
  }
}

/** Rounded, so that floating-point sums do not turn a wait of two seconds into three. */
function wholeMs(): number {
  return Math.floor(performance.now());
}

function begin(window: Window, { windowSeconds }: Limit, now: number): void {
  window.taken = 0;
  window.violated = false;
  window.endsAt = now + windowSeconds * 1000;
}

/** Keys that share a window do not inherit each other's violations. */
function violate(window: Window, { windowSeconds }: Limit, now: number, isShared: boolean): void {
  window.violated = true;
  if (isShared) return;
  window.violations = isRecent(window.violatedAt, now) ? window.violations + 1 : 1;
  window.violatedAt = now;
  if (window.violations === 1) return;
  const waitSeconds = Math.min(windowSeconds * 2 ** (window.violations - 1), longestWaitSeconds);
  window.endsAt = Math.max(window.endsAt, now + waitSeconds * 1000);
}

function isRecent(violatedAt: number, now: number): boolean {
  return now - violatedAt < violationMemorySeconds * 1000;
}
