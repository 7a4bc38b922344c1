/**
 * A sealed value in a cookie that scripts cannot read. Browsers drop cookies above 4 kB without a word, so a long value is
 * split over several.
 */
import type { Sealer } from './sealer.ts';

/** Reads a cookie of the request. */
export type ReadCookie = (name: string) => string | undefined;

export interface CookieChange {
  name: string;
  /** Empty: the cookie is removed. */
  value: string;
  /** 0: the cookie is removed. */
  maxAgeSeconds: number;
}

const partLength = 3500;
/** Together below the 16 kB that Node.js accepts for all headers of a request. */
const maxParts = 3;

export class SealedCookie {
  readonly #sealer: Sealer;
  readonly #name: string;

  constructor(sealer: Sealer, name: string) {
    this.#sealer = sealer;
    this.#name = name;
  }

  /** @returns null without the cookie, and for one that another secret sealed */
  async read(read: ReadCookie): Promise<string | null> {
    const parts = this.#names()
      .map(read)
      .filter((part) => part !== undefined);
    return parts.length === 0 ? null : this.#sealer.open(this.#name, parts.join(''));
  }

  /** @param read finds the parts of the previous value, which would be read together with a shorter one */
  async write(text: string, maxAgeSeconds: number, read: ReadCookie): Promise<CookieChange[]> {
    const sealed = await this.#sealer.seal(this.#name, text);
    const parts = sealed.match(new RegExp(`.{1,${partLength}}`, 'g')) ?? [];
    if (parts.length > maxParts)
      throw new Error(`the cookie ${this.#name} is longer than ${maxParts * partLength} characters`);
    const written = this.#names().slice(0, parts.length);
    const stale = this.#names()
      .slice(parts.length)
      .filter((name) => read(name) !== undefined);
    return [
      ...written.map((name, place) => ({ name, value: parts[place] ?? '', maxAgeSeconds })),
      ...stale.map(removed),
    ];
  }

  remove(read: ReadCookie): CookieChange[] {
    return this.#names()
      .filter((name) => read(name) !== undefined)
      .map(removed);
  }

  #names(): string[] {
    return Array.from({ length: maxParts }, (_, place) => (place === 0 ? this.#name : `${this.#name}.${place}`));
  }
}

/** `__Host-` in the names demands `Secure` and `Path=/`. Browsers accept such cookies from http://localhost, except Safari. */
export const attributes = { path: '/', httpOnly: true, secure: true, sameSite: 'lax' } as const;

export function setCookieLine({ name, value, maxAgeSeconds }: CookieChange): string {
  return `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; Secure; SameSite=Lax`;
}

/** The `Cookie` header of a request after the changes; null: there is none left. */
export function cookieHeaderAfter(header: string | null, changes: readonly CookieChange[]): string | null {
  const changed = new Set(changes.map(({ name }) => name));
  const kept = (header ?? '').split(/; */).filter((pair) => pair !== '' && !changed.has(pair.split('=', 1)[0] ?? ''));
  const written = changes.filter(({ maxAgeSeconds }) => maxAgeSeconds > 0).map(({ name, value }) => `${name}=${value}`);
  return [...kept, ...written].join('; ') || null;
}

export function readCookies(header: string | null): ReadCookie {
  const pairs = (header ?? '')
    .split(/; */)
    .map((pair) => [pair.split('=', 1)[0] ?? '', pair.slice(pair.indexOf('=') + 1)] as const);
  // Of two cookies with one name, browsers send the one with the longer path first: ours has the shortest.
  const values = new Map(pairs);
  return (name) => values.get(name);
}

function removed(name: string): CookieChange {
  return { name, value: '', maxAgeSeconds: 0 };
}
