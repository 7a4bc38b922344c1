/** The session of a request, for server components, server actions and route handlers. */
import type { Caller, Verifier } from '@postern/verify';
import { cookies, headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import { logoutDocument } from './documents.ts';
import { type Gateway, headersFor, PosternUnavailable } from './gateway.ts';
import type { KeptSession, KeptSessions } from './kept-session.ts';
import type { Settings } from './options.ts';
import { attributes, type ReadCookie } from './sealed-cookie.ts';

export interface SessionOptions {
  /** Asks the gateway, which also knows a session that was revoked since its access token was issued. */
  live?: boolean;
}

interface Dependencies {
  settings: () => Settings;
  gateway: () => Gateway;
  sessions: () => KeptSessions;
  verify: () => Verifier;
}

export class ServerSession {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @throws PosternUnavailable */
  async get({ live = false }: SessionOptions = {}): Promise<Caller | null> {
    const session = await this.#read(await readRequest());
    if (!session?.accessToken) return null;
    const { caller, problem } = await this.#deps.verify()(`Bearer ${session.accessToken}`);
    if (problem === 'KEYS_UNAVAILABLE') throw new PosternUnavailable();
    if (caller === null || !live) return caller;
    const isAlive = await this.#deps.gateway().isAlive(session.accessToken, headersFor(await headers()));
    return isAlive ? caller : null;
  }

  async accessToken(): Promise<string | null> {
    return (await this.#read(await readRequest()))?.accessToken ?? null;
  }

  async require(permission: string): Promise<Caller> {
    const caller = await this.get();
    if (caller === null) return redirect(this.#deps.settings().signInPath);
    return caller.permissions.includes(permission) ? caller : notFound();
  }

  async signOut(): Promise<void> {
    const read = await readRequest();
    const session = await this.#read(read);
    const store = await cookies();
    for (const { name } of this.#deps.sessions().remove(read)) store.set({ name, value: '', maxAge: 0, ...attributes });
    if (session) await this.#logout(session);
  }

  async #logout({ refreshToken }: KeptSession): Promise<void> {
    const body = JSON.stringify({ query: logoutDocument, variables: { input: { refreshToken } } });
    await this.#deps.gateway().post(body, headersFor(await headers()));
  }

  #read(read: ReadCookie): Promise<KeptSession | null> {
    return this.#deps.sessions().read(read);
  }
}

/** Next.js refuses it inside of cached functions: the result would be shared by all users. */
async function readRequest(): Promise<ReadCookie> {
  const store = await cookies();
  return (name) => store.get(name)?.value;
}
