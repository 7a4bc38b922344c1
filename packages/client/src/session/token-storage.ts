/**
 * Keeps a session between pages or runs: the refresh token in bearer mode, the CSRF token in cookie mode (where scripts never
 * see the refresh token), and the device token. The access token is never stored.
 */

/** `localStorage` implements it, and so can a few lines around a file or a keychain. */
export interface TokenStorage {
  getItem(key: string): string | null | Promise<string | null>;
  setItem(key: string, value: string): unknown;
  removeItem(key: string): unknown;
}

export function memoryStorage(): TokenStorage {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
    removeItem: (key) => items.delete(key),
  };
}

/** `localStorage`, or memory where it is missing or blocked (sandboxed frames, blocked site data). */
export function browserStorage(): TokenStorage {
  try {
    const { localStorage } = globalThis;
    const probe = 'postern:probe';
    localStorage.setItem(probe, '');
    localStorage.removeItem(probe);
    return localStorage;
  } catch {
    return memoryStorage();
  }
}

/** One value of a storage. When the storage fails, this page keeps the value in memory. */
export class StoredToken {
  readonly #storage: TokenStorage;
  readonly #key: string;
  /** The last value that this page wrote; undefined before the first write. */
  #written: string | null | undefined;
  /** Whether the storage has refused the last value. */
  #isRefused = false;

  constructor(storage: TokenStorage, key: string) {
    this.#storage = storage;
    this.#key = key;
  }

  async read(): Promise<string | null> {
    if (this.#isRefused) return this.#written ?? null;
    try {
      const value = await this.#storage.getItem(this.#key);
      return typeof value === 'string' ? value : null;
    } catch {
      return this.#written ?? null;
    }
  }

  async write(value: string | null): Promise<void> {
    this.#written = value;
    try {
      if (value === null) await this.#storage.removeItem(this.#key);
      else await this.#storage.setItem(this.#key, value);
      this.#isRefused = false;
    } catch {
      this.#isRefused = true;
      await this.#removeStale();
    }
  }

  /**
   * A refused value leaves its predecessor in the storage: a used refresh token, which the gateway would treat as
   * stolen.
   */
  async #removeStale(): Promise<void> {
    try {
      await this.#storage.removeItem(this.#key);
    } catch {
      // The storage fails for everything: the next page starts signed out or is refused.
    }
  }
}
