/**
 * Where a session is kept between pages or runs: in bearer mode the refresh token, in cookie mode (where scripts never see that)
 * the CSRF token; and the device token. The access token is never written anywhere.
 */

/** `localStorage` fits, and so do a few lines around a file or a keychain. */
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

/** The browser's, or memory where it has none or forbids it (private windows, sandboxed frames). */
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

/** One value of a storage. */
export class StoredToken {
  readonly #storage: TokenStorage;
  readonly #key: string;

  constructor(storage: TokenStorage, key: string) {
    this.#storage = storage;
    this.#key = key;
  }

  async read(): Promise<string | null> {
    return (await this.#storage.getItem(this.#key)) ?? null;
  }

  async write(value: string | null): Promise<void> {
    if (value === null) await this.#storage.removeItem(this.#key);
    else await this.#storage.setItem(this.#key, value);
  }
}
