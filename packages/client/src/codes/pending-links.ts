/** The verifier of the links that this browser asked for. It never leaves the device before a link is followed. */
import type { TokenStorage } from '../session/token-storage.ts';

/** What a link signs in with. */
export interface PendingLink {
  codeVerifier: string;
  rememberMe: boolean;
  deviceName: string | null;
}

/** The lifetime of a code, and a minute. By the wall clock: another page continues. */
const lifeMs = 11 * 60_000;

export class PendingLinks {
  readonly #storage: TokenStorage;
  readonly #key: string;

  /** @param name distinguishes the gateway from others of the same storage */
  constructor(storage: TokenStorage, name: string) {
    this.#storage = storage;
    this.#key = `${name}:link`;
  }

  /** One verifier serves all links of the browser, so those of its other tabs stay valid. */
  async keep(link: PendingLink): Promise<void> {
    await this.#storage.setItem(this.#key, JSON.stringify({ ...link, until: Date.now() + lifeMs }));
  }

  /** @returns null when this browser has asked for no link in the last minutes */
  async find(): Promise<PendingLink | null> {
    const text = await this.#storage.getItem(this.#key);
    if (text === null) return null;
    const { until, ...link }: PendingLink & { until: number } = JSON.parse(text);
    if (until > Date.now()) return link;
    await this.forget();
    return null;
  }

  async forget(): Promise<void> {
    await this.#storage.removeItem(this.#key);
  }
}
