/** What a client knows of its session: the access token in memory, the stored token, and the events for the app. */
import { runLater } from '../environment.ts';
import type { SessionDelivery, TokensFragment } from '../generated/operations.ts';
import type { SessionEndReason, TabMessage, TokensMessage } from './tab-message.ts';
import type { Tabs } from './tabs.ts';
import type { StoredToken } from './token-storage.ts';

export interface SessionEvents {
  onSessionStart?: ((session: { id: string }) => void) | undefined;
  onSessionEnd?: ((end: { id: string; reason: SessionEndReason }) => void) | undefined;
  /** With `live`: the role of the user or its permissions have changed. The client has renewed its access token. */
  onPermissionsChange?: ((change: { permissions: readonly string[] }) => void) | undefined;
}

export interface StateOptions extends SessionEvents {
  delivery: SessionDelivery;
  /** The refresh token, or in cookie mode the CSRF token, with the id of its session. */
  stored: StoredToken;
  device: StoredToken;
  /** Milliseconds on a clock that never goes back. */
  now: () => number;
  openTabs: (onMessage: (message: TabMessage) => void) => Tabs;
}

/** An access token. Its times are on this client's clock, counted from its arrival, because that clock may be wrong. */
interface HeldToken {
  sessionId: string;
  accessToken: string;
  renewAt: number;
  endsAt: number;
}

export interface StoredSession {
  sessionId: string;
  token: string;
}

/** How long before its end a token is renewed; short-lived tokens are renewed in their last quarter. */
const marginMs = 30_000;

export class SessionState {
  readonly tabs: Tabs;
  readonly #options: StateOptions;
  #held: HeldToken | null = null;
  /** The last access tokens of this session, for which answers may still arrive. */
  #recent: string[] = [];
  readonly #listeners = new Set<SessionEvents>();
  /** A message sent before the end of a session may arrive after it. */
  #endedId: string | null = null;

  constructor(options: StateOptions) {
    this.#options = options;
    this.#listeners.add(options);
    this.tabs = options.openTabs((message) => this.#onMessage(message));
  }

  listen(events: SessionEvents): () => void {
    this.#listeners.add(events);
    return () => this.#listeners.delete(events);
  }

  get id(): string | null {
    return this.#held?.sessionId ?? null;
  }

  get heldToken(): string | null {
    return this.#held?.accessToken ?? null;
  }

  /** The held token, unless it is about to end. */
  get freshToken(): string | null {
    return this.#held && this.#options.now() < this.#held.renewAt ? this.#held.accessToken : null;
  }

  get isHeldTokenValid(): boolean {
    return this.#held !== null && this.#options.now() < this.#held.endsAt;
  }

  isRecent(token: string): boolean {
    return this.#recent.includes(token);
  }

  /** Takes the tokens of an answer. */
  async take({ accessToken, expiresIn, refreshToken, csrfToken, deviceToken, session }: TokensFragment): Promise<void> {
    const { delivery, stored } = this.#options;
    const token = delivery === 'COOKIE' ? csrfToken : refreshToken;
    const lifetimeMs = expiresIn * 1000;
    const message = {
      kind: 'tokens',
      sessionId: session.id,
      accessToken,
      lifetimeMs,
      remainingMs: lifetimeMs,
    } as const;
    this.#hold(message);
    if (token !== null) await stored.write(JSON.stringify({ sessionId: session.id, token }));
    await this.keepDevice(deviceToken);
    this.tabs.broadcast(message);
  }

  /** @param deviceToken null: the gateway delivers it as a cookie, or the answer has none */
  async keepDevice(deviceToken: string | null): Promise<void> {
    if (deviceToken !== null) await this.#options.device.write(deviceToken);
  }

  /** Must run exclusively. @param ended the session to end, when it may differ from that of the held token */
  async end(reason: SessionEndReason, ended: StoredSession | null = null): Promise<void> {
    const stored = await this.read();
    const sessionId = ended?.sessionId ?? this.id ?? stored?.sessionId ?? null;
    if (sessionId === null) return;
    this.#drop(sessionId);
    // Another tab may have signed in meanwhile: its stored session stays.
    if (stored?.sessionId === sessionId) await this.#options.stored.write(null);
    this.tabs.broadcast({ kind: 'end', sessionId, reason });
    this.#reportEnd(sessionId, reason);
  }

  /** Tells this tab and the others. */
  changePermissions(sessionId: string, permissions: readonly string[]): void {
    this.tabs.broadcast({ kind: 'permissions', sessionId, permissions });
    this.#report((events) => events.onPermissionsChange?.({ permissions }));
  }

  /** Null when nothing is stored, or nothing that this client has written. */
  async read(): Promise<StoredSession | null> {
    const text = await this.#options.stored.read();
    try {
      const { sessionId, token }: { sessionId?: unknown; token?: unknown } = JSON.parse(text ?? '{}');
      return typeof sessionId === 'string' && typeof token === 'string' ? { sessionId, token } : null;
    } catch {
      return null;
    }
  }

  #hold({ sessionId, accessToken, lifetimeMs, remainingMs }: TokensMessage): void {
    const before = this.id;
    const endsAt = this.#options.now() + remainingMs;
    this.#recent = [...(before === sessionId ? this.#recent.slice(-2) : []), accessToken];
    this.#held = { sessionId, accessToken, endsAt, renewAt: endsAt - Math.min(marginMs, lifetimeMs / 4) };
    if (before === sessionId) return;
    if (before !== null) this.#reportEnd(before, 'REPLACED');
    this.#report((events) => events.onSessionStart?.({ id: sessionId }));
  }

  #onMessage(message: TabMessage): void {
    if (message.sessionId === this.#endedId) return;
    if (message.kind === 'tokens') this.#hold(message);
    else if (message.kind === 'permissions') {
      const { permissions } = message;
      this.#report((events) => events.onPermissionsChange?.({ permissions }));
    } else if (this.id === message.sessionId) {
      this.#drop(message.sessionId);
      this.#reportEnd(message.sessionId, message.reason);
    }
  }

  #drop(sessionId: string): void {
    this.#endedId = sessionId;
    if (this.id !== sessionId) return;
    this.#held = null;
    this.#recent = [];
  }

  #reportEnd(id: string, reason: SessionEndReason): void {
    this.#report((events) => events.onSessionEnd?.({ id, reason }));
  }

  #report(call: (events: SessionEvents) => void): void {
    for (const events of this.#listeners) runLater(() => call(events));
  }
}
