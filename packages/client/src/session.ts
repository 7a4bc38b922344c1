/**
 * The session of a client: holds the access token in memory, exchanges the refresh token for the next pair before that ends,
 * once for all who ask and for all tabs, and ends only when the gateway has said that it has ended.
 */
import {
  LogoutDocument,
  type LogoutMutation,
  RefreshDocument,
  type SessionDelivery,
  type TokensFragment,
} from './generated/operations.ts';
import { patiently } from './patience.ts';
import { isPassing, isPosternError, mayBeLost, type PosternError, wantsFreshToken } from './postern-error.ts';
import type { News, SessionEndReason, Tabs } from './tabs.ts';
import type { StoredToken } from './token-storage.ts';
import type { Transport } from './transport.ts';

export interface SessionEvents {
  onSessionStart?: ((session: { id: string }) => void) | undefined;
  onSessionEnd?: ((end: { id: string; reason: SessionEndReason }) => void) | undefined;
}

/** What others need to send requests in the name of the session: links, and services of your own. */
export interface PosternSession {
  /** Of the session whose access token is at hand. */
  readonly id: string | null;
  /** The access token at hand: for those who cannot wait. */
  readonly heldToken: string | null;
  /** The same, or null when it is about to end. */
  readonly freshToken: string | null;
  /**
   * A token that is good for a while yet, or null when nobody is signed in.
   * @throws PosternError when there is a session, but no token to be had for it
   */
  accessToken(): Promise<string | null>;
  /**
   * A newer token than this one, to ask again with. All who ask at the same time share one exchange.
   * @returns null when the session of this one is no more, even if there is another: that may be somebody else's
   * @throws PosternError INVALID_REFRESH_TOKEN or CSRF_FAILED when it has just ended; others when it lives on
   */
  renew(stale: string | null): Promise<string | null>;
  /** Lets the session end when that is what an answer to this token says. */
  note(error: unknown, token: string): Promise<void>;
}

export interface SessionOptions extends SessionEvents {
  transport: Transport;
  delivery: SessionDelivery;
  /** The refresh token, or in cookie mode the CSRF token, with the id of its session. */
  kept: StoredToken;
  device: StoredToken;
  /** Milliseconds on a clock that never goes back. */
  now: () => number;
  openTabs: (hear: (news: News) => void) => Tabs;
}

/** An access token. Its times are this client's own, counted from when it came: the clock of a client may be wrong. */
interface Held {
  sessionId: string;
  accessToken: string;
  renewAt: number;
  endsAt: number;
}

/** What outlives a page. */
interface Kept {
  sessionId: string;
  token: string;
}

/** How long before its end a token is renewed; of short-lived ones, in the last quarter. */
const marginMs = 30_000;
/** How long to wait for what the tab before us has to tell. Only waited out when that has come to nothing. */
const newsMs = 1000;

export class Session implements PosternSession {
  readonly #options: SessionOptions;
  readonly #tabs: Tabs;
  #held: Held | null = null;
  /** The last access tokens of this session, which answers may still come for. */
  #recent: string[] = [];
  /** What was told before the end of a session may arrive after it. */
  #endedId: string | null = null;
  #renewing: Promise<string | null> | null = null;
  /** Until then the gateway does not want to be asked. */
  #limited: { until: number; error: PosternError } | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#tabs = options.openTabs((news) => this.#hear(news));
  }

  get id(): string | null {
    return this.#held?.sessionId ?? null;
  }

  get heldToken(): string | null {
    return this.#held?.accessToken ?? null;
  }

  get freshToken(): string | null {
    return this.#held && this.#options.now() < this.#held.renewAt ? this.#held.accessToken : null;
  }

  async accessToken(): Promise<string | null> {
    const fresh = this.freshToken;
    if (fresh !== null) return fresh;
    if (!this.#held && (await this.#readKept()) === null) return null;
    try {
      return (await this.renew(this.heldToken)) ?? this.heldToken;
    } catch (error) {
      // It could not be renewed yet, and is good for some seconds more.
      if (this.#held && this.#options.now() < this.#held.endsAt && isPassing(error)) return this.heldToken;
      throw error;
    }
  }

  async renew(stale: string | null): Promise<string | null> {
    const { id } = this;
    if (stale !== null && !this.#recent.includes(stale)) return null;
    const token = this.heldToken !== null && this.heldToken !== stale ? this.heldToken : await this.#renewOnce(stale);
    return stale === null || this.id === id ? token : null;
  }

  /** Asks with a good token, and once more with a newer one when the gateway did not take it. */
  async authorized<Answer>(ask: (token: string | null) => Promise<Answer>): Promise<Answer> {
    const token = await this.accessToken();
    try {
      return await this.#watch(ask, token);
    } catch (error) {
      const fresh = token !== null && wantsFreshToken(error) ? await this.renew(token) : null;
      if (fresh === null) throw error;
      return this.#watch(ask, fresh);
    }
  }

  async #watch<Answer>(ask: (token: string | null) => Promise<Answer>, token: string | null): Promise<Answer> {
    try {
      return await ask(token);
    } catch (error) {
      if (token !== null) await this.note(error, token);
      throw error;
    }
  }

  async note(error: unknown, token: string): Promise<void> {
    if (!isPosternError(error, 'UNAUTHENTICATED') || error.reason !== 'SESSION_REVOKED') return;
    await this.#tabs.alone(async () => {
      if (this.heldToken === token) await this.#end('REVOKED');
    });
  }

  /** Begins a session, if there are tokens in what is answered. Not while an older one is being renewed. */
  async start<Answer>(
    ask: (headers: Record<string, string>) => Promise<Answer>,
    tokensIn: (answer: Answer) => TokensFragment | null,
  ): Promise<Answer> {
    return this.#tabs.alone(async () => {
      const device = this.#options.delivery === 'BEARER' ? await this.#options.device.read() : null;
      const answer = await ask(device === null ? {} : { 'x-device-token': device });
      const tokens = tokensIn(answer);
      if (tokens) await this.#take(tokens);
      return answer;
    });
  }

  /** Takes new tokens for the same session, for a new proof of who it is. */
  async strengthen<Answer extends TokensFragment>(ask: () => Promise<Answer>): Promise<Answer> {
    return this.#tabs.alone(async () => {
      try {
        const answer = await ask();
        await this.#take(answer);
        return answer;
      } catch (error) {
        // If it was only the answer that was lost, our refresh token is spent, and its successor is to be had now or never.
        if (mayBeLost(error)) await this.#refreshKept().catch(() => undefined);
        throw error;
      }
    });
  }

  /**
   * Ends the session here at once and in any case, and at the gateway.
   * @throws PosternError when the gateway could not be told
   */
  async signOut(): Promise<LogoutMutation['logout']> {
    const { transport, delivery } = this.#options;
    return this.#tabs.alone(async () => {
      const token = this.heldToken;
      const kept = await this.#readKept();
      if (delivery === 'BEARER' && !kept) return { revoked: false };
      const input = delivery === 'BEARER' && kept ? { refreshToken: kept.token } : {};
      await this.#end('SIGNED_OUT');
      try {
        const ask = (deadlineMs: number) => transport.send(LogoutDocument, { input }, { token, deadlineMs });
        return (await patiently(ask)).logout;
      } catch (error) {
        if (isPosternError(error, 'UNAUTHENTICATED')) return { revoked: false };
        throw error;
      }
    });
  }

  /** For what has ended this session at the gateway already. */
  async forget(): Promise<void> {
    await this.#tabs.alone(() => this.#end('SIGNED_OUT'));
  }

  /** Lets go of the other tabs. */
  close(): void {
    this.#tabs.close();
  }

  #renewOnce(stale: string | null): Promise<string | null> {
    this.#renewing ??= this.#tabs
      .alone((waited) => this.#renewAlone(stale, waited))
      .finally(() => {
        this.#renewing = null;
      });
    return this.#renewing;
  }

  async #renewAlone(stale: string | null, waited: boolean): Promise<string | null> {
    // Whoever had the lock before us has probably done what we are here for.
    if (waited && this.heldToken === stale) await this.#tabs.nextNews(newsMs);
    if (this.heldToken !== stale) return this.heldToken;
    return this.#refreshKept();
  }

  /** Under the lock. */
  async #refreshKept(): Promise<string | null> {
    const kept = await this.#readKept();
    if (!kept) {
      if (this.#held) await this.#end('SIGNED_OUT');
      return null;
    }
    if (this.#limited && this.#options.now() < this.#limited.until) throw this.#limited.error;
    try {
      const { refresh } = await patiently((deadlineMs) => this.#refresh(kept, deadlineMs));
      await this.#take(refresh);
      return refresh.accessToken;
    } catch (error) {
      if (isPosternError(error, 'RATE_LIMITED'))
        this.#limited = { until: this.#options.now() + error.retryAfter * 1000, error };
      if (isPosternError(error, 'INVALID_REFRESH_TOKEN', 'CSRF_FAILED')) await this.#end('REFUSED', kept);
      throw error;
    }
  }

  #refresh({ token }: Kept, deadlineMs: number) {
    const { transport, delivery } = this.#options;
    return delivery === 'COOKIE'
      ? transport.send(RefreshDocument, { input: {} }, { headers: { 'x-csrf-token': token }, deadlineMs })
      : transport.send(RefreshDocument, { input: { refreshToken: token } }, { deadlineMs });
  }

  async #take({
    accessToken,
    expiresIn,
    refreshToken,
    csrfToken,
    deviceToken,
    session,
  }: TokensFragment): Promise<void> {
    const { delivery, kept, device } = this.#options;
    const token = delivery === 'COOKIE' ? csrfToken : refreshToken;
    const lifetimeMs = expiresIn * 1000;
    const tokens = { sessionId: session.id, accessToken, lifetimeMs, remainingMs: lifetimeMs };
    this.#limited = null;
    this.#hold(tokens);
    if (token !== null) await kept.write(JSON.stringify({ sessionId: session.id, token }));
    if (deviceToken !== null) await device.write(deviceToken);
    this.#tabs.tell({ kind: 'tokens', ...tokens });
  }

  #hold({ sessionId, accessToken, lifetimeMs, remainingMs }: Omit<Extract<News, { kind: 'tokens' }>, 'kind'>): void {
    const before = this.#held?.sessionId ?? null;
    const endsAt = this.#options.now() + remainingMs;
    this.#recent = [...(before === sessionId ? this.#recent.slice(-2) : []), accessToken];
    this.#held = { sessionId, accessToken, endsAt, renewAt: endsAt - Math.min(marginMs, lifetimeMs / 4) };
    if (before === sessionId) return;
    if (before !== null) this.#tellEnd(before, 'REPLACED');
    queueMicrotask(() => this.#options.onSessionStart?.({ id: sessionId }));
  }

  /** Under the lock. @param ended which, when it may not be the one whose access token is at hand */
  async #end(reason: SessionEndReason, ended: Kept | null = null): Promise<void> {
    const kept = await this.#readKept();
    const sessionId = ended?.sessionId ?? this.#held?.sessionId ?? kept?.sessionId ?? null;
    if (sessionId === null) return;
    if (this.#held?.sessionId === sessionId) this.#letGo();
    this.#endedId = sessionId;
    // Another tab may have signed in anew meanwhile: what it keeps there is not ours to take away.
    if (kept?.sessionId === sessionId) await this.#options.kept.write(null);
    this.#tabs.tell({ kind: 'end', sessionId, reason });
    this.#tellEnd(sessionId, reason);
  }

  #hear(news: News): void {
    if (news.sessionId === this.#endedId) return;
    if (news.kind === 'tokens') this.#hold(news);
    else if (this.#held?.sessionId === news.sessionId) {
      this.#letGo();
      this.#endedId = news.sessionId;
      this.#tellEnd(news.sessionId, news.reason);
    }
  }

  #letGo(): void {
    this.#held = null;
    this.#recent = [];
  }

  #tellEnd(id: string, reason: SessionEndReason): void {
    queueMicrotask(() => this.#options.onSessionEnd?.({ id, reason }));
  }

  /** Null when there is nothing, or nothing that we have written. */
  async #readKept(): Promise<Kept | null> {
    const text = await this.#options.kept.read();
    try {
      const { sessionId, token }: { sessionId?: unknown; token?: unknown } = JSON.parse(text ?? '{}');
      return typeof sessionId === 'string' && typeof token === 'string' ? { sessionId, token } : null;
    } catch {
      return null;
    }
  }
}
