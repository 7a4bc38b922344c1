/**
 * Which limits counted a request, and the headers that say so:
 * `RateLimit-Policy: "login";q=10;w=900` and `RateLimit: "login";r=9;t=899` (draft-ietf-httpapi-ratelimit-headers-11).
 * Unlike the older RateLimit-Limit, -Remaining and -Reset they can describe several limits at once.
 */
import type { Limit, LimitName } from '../../ratelimit/limits.ts';
import type { Standing } from '../../ratelimit/rate-limiter.ts';

interface Noted {
  windowSeconds: number;
  standing: Standing;
}

/** The limits that counted one request, and the calls that it can return. */
export class RequestLimits {
  readonly #noted = new Map<LimitName, Noted>();
  readonly #places = new Map<LimitName, () => Promise<void>>();

  /**
   * The latest call of a limit counts: further calls of one request reduce the remainder, a returned call increases it.
   */
  note(name: LimitName, { windowSeconds }: Limit, standing: Standing): void {
    this.#noted.set(name, { windowSeconds, standing });
  }

  /** Removes a limit that does not apply to this caller. */
  forget(name: LimitName): void {
    this.#noted.delete(name);
  }

  keepPlace(name: LimitName, giveBack: () => Promise<void>): void {
    this.#places.set(name, giveBack);
  }

  /** Returns the calls of a request that is not to be counted. Does nothing when none was counted. */
  async giveBack(name: LimitName): Promise<void> {
    await this.#places.get(name)?.();
    this.#places.delete(name);
  }

  headers(): Record<string, string> {
    const noted = [...this.#noted];
    if (noted.length === 0) return {};
    const policies = noted.map(
      ([name, { windowSeconds, standing }]) => `"${name}";q=${standing.max};w=${windowSeconds}`,
    );
    const states = noted.map(([name, { standing }]) => `"${name}";r=${standing.remaining};t=${standing.resetSeconds}`);
    return { 'ratelimit-policy': policies.join(', '), ratelimit: states.join(', ') };
  }
}
