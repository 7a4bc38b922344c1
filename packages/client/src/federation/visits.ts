/** Visits to providers: the verifier that stays on this device, and what the browser brings back. */
import { PosternError } from '../errors/postern-error.ts';
import type { FederatedPurpose } from '../generated/operations.ts';
import type { TokenStorage } from '../session/token-storage.ts';

/** Kept until the browser returns. */
export interface Visit {
  codeVerifier: string;
  purpose: FederatedPurpose;
  rememberMe: boolean;
  deviceName: string | null;
}

export interface Return {
  flow: string;
  /** Null: the sign-in failed. */
  code: string | null;
  reason: string | null;
}

export async function newVerifier(): Promise<{ codeVerifier: string; codeChallenge: string }> {
  const codeVerifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  return { codeVerifier, codeChallenge: await challengeOf(codeVerifier) };
}

/** The method `S256` of RFC 7636. */
export async function challengeOf(codeVerifier: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(codeVerifier));
  return base64url(new Uint8Array(digest));
}

function base64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @returns null when the address is not the one of a return */
export function readReturn(url: string): Return | null {
  if (!URL.canParse(url)) return null;
  const { hash, search } = new URL(url);
  const parameters = new URLSearchParams(hash.includes('flow=') ? hash.slice(1) : search);
  const flow = parameters.get('flow');
  const [code, error] = [parameters.get('code'), parameters.get('error')];
  if (!flow || (code === null && error === null)) return null;
  return { flow, code, reason: parameters.get('reason') };
}

export class Visits {
  readonly #storage: TokenStorage;
  readonly #prefix: string;

  /** @param name distinguishes the gateway from others of the same storage */
  constructor(storage: TokenStorage, name: string) {
    this.#storage = storage;
    this.#prefix = `${name}:visit:`;
  }

  async keep(flow: string, visit: Visit): Promise<void> {
    await this.#storage.setItem(this.#prefix + flow, JSON.stringify(visit));
  }

  /** Removes it: a second call finds none. @throws PosternError INVALID_TOKEN when it began on another device */
  async take(flow: string): Promise<Visit> {
    const key = this.#prefix + flow;
    const text = await this.#storage.getItem(key);
    await this.#storage.removeItem(key);
    if (text === null)
      throw new PosternError('INVALID_TOKEN', 'This sign-in did not begin in this browser. Start again.');
    return JSON.parse(text);
  }
}
