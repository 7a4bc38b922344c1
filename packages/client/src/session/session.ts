/**
 * The session of a client. It exchanges the refresh token for the next pair before the access token ends, once for all
 * callers and all tabs, and ends only when the gateway has ended it.
 */

import { isPassing, isPosternError, mayBeLost, type PosternError, wantsFreshToken } from '../errors/postern-error.ts';
import { LogoutDocument, type LogoutMutation, RefreshDocument, type TokensFragment } from '../generated/operations.ts';
import { retry } from '../retry.ts';
import type { Transport } from '../transport.ts';
import { type SessionEvents, SessionState, type StateOptions, type StoredSession } from './session-state.ts';

/** Sends requests on behalf of the session: for links of other clients and for your own services. */
export interface PosternSession {
  /** The id of the session whose access token is held. */
  readonly id: string | null;
  /** The access token in memory, for callers that cannot wait. It may have expired. */
  readonly heldToken: string | null;
  /** The same, or null when it is about to expire. */
  readonly freshToken: string | null;
  /**
   * An access token that stays valid for some seconds, or null when no user is signed in.
   * @throws PosternError when there is a session, but the gateway gave no token for it
   */
  accessToken(): Promise<string | null>;
  /**
   * A newer token than `stale`, for one repetition of a request. Simultaneous callers share one exchange.
   * @returns null when the session of `stale` has ended, even if there is a new one: that may belong to another user
   * @throws PosternError INVALID_REFRESH_TOKEN or CSRF_FAILED when the session has just ended; other codes when it continues
   */
  renew(stale: string | null): Promise<string | null>;
  /** Ends the session when the response to this token says that it has ended. */
  note(error: unknown, token: string): Promise<void>;
  /** Reports starts and ends of sessions, here and in other tabs, besides the options of the client. @returns stops it */
  listen(events: SessionEvents): () => void;
}

export interface SessionOptions extends StateOptions {
  transport: Transport;
}

/** How long to wait for the result of the tab that held the lock before. Waited out only when that tab has failed. */
const messageMs = 1000;

export class Session implements PosternSession {
  readonly #options: SessionOptions;
  readonly #state: SessionState;
  #renewing: Promise<string | null> | null = null;
  /** No refresh is sent before this time, which the gateway has set. */
  #limited: { until: number; error: PosternError } | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#state = new SessionState(options);
  }

  get id(): string | null {
    return this.#state.id;
  }

  get heldToken(): string | null {
    return this.#state.heldToken;
  }

  get freshToken(): string | null {
    return this.#state.freshToken;
  }

  async accessToken(): Promise<string | null> {
    const fresh = this.freshToken;
    if (fresh !== null) return fresh;
    if (this.heldToken === null && (await this.#state.read()) === null) return null;
    try {
      return (await this.renew(this.heldToken)) ?? this.heldToken;
    } catch (error) {
      // The token could not be renewed yet, but is still valid for some seconds.
      if (this.#state.isHeldTokenValid && isPassing(error)) return this.heldToken;
      throw error;
    }
  }

  async renew(stale: string | null): Promise<string | null> {
    const { id } = this;
    if (stale !== null && !this.#state.isRecent(stale)) return null;
    const token = this.heldToken !== null && this.heldToken !== stale ? this.heldToken : await this.#renewOnce(stale);
    return stale === null || this.id === id ? token : null;
  }

  listen(events: SessionEvents): () => void {
    return this.#state.listen(events);
  }

  /** Sends a request with a valid token, and once more with a newer one when the gateway rejects that token. */
  async authorized<Answer>(send: (token: string | null) => Promise<Answer>): Promise<Answer> {
    const token = await this.accessToken();
    try {
      return await this.#noting(send, token);
    } catch (error) {
      const fresh = token !== null && wantsFreshToken(error) ? await this.renew(token) : null;
      if (fresh === null) throw error;
      return this.#noting(send, fresh);
    }
  }

  async note(error: unknown, token: string): Promise<void> {
    if (!isPosternError(error, 'UNAUTHENTICATED') || error.reason !== 'SESSION_REVOKED') return;
    await this.#state.tabs.exclusively(async () => {
      if (this.heldToken === token) await this.#state.end('REVOKED');
    });
  }

  /** Starts a session when the answer contains tokens. Waits while an older session is being renewed. */
  async start<Answer>(
    send: (headers: Record<string, string>) => Promise<Answer>,
    tokensIn: (answer: Answer) => TokensFragment | null,
  ): Promise<Answer> {
    return this.#state.tabs.exclusively(async () => {
      const device = this.#options.delivery === 'BEARER' ? await this.#options.device.read() : null;
      const answer = await send(device === null ? {} : { 'x-device-token': device });
      const tokens = tokensIn(answer);
      if (tokens) await this.#take(tokens);
      return answer;
    });
  }

  /** Takes new tokens for the same session after a reauthentication. */
  async strengthen<Answer extends TokensFragment>(send: () => Promise<Answer>): Promise<Answer> {
    return this.#state.tabs.exclusively(async () => {
      try {
        const answer = await send();
        await this.#take(answer);
        return answer;
      } catch (error) {
        // If only the answer was lost, the refresh token is used and its successor is available for the grace period only.
        if (mayBeLost(error)) await this.#refresh().catch(() => undefined);
        throw error;
      }
    });
  }

  /**
   * Ends the session here at once in every case, and at the gateway.
   * @throws PosternError when the gateway could not be reached
   */
  async signOut(): Promise<LogoutMutation['logout']> {
    const { transport, delivery } = this.#options;
    return this.#state.tabs.exclusively(async () => {
      const token = this.heldToken;
      const stored = await this.#state.read();
      if (delivery === 'BEARER' && !stored) return { revoked: false };
      const input = delivery === 'BEARER' && stored ? { refreshToken: stored.token } : {};
      await this.#state.end('SIGNED_OUT');
      try {
        return (await retry((deadlineMs) => transport.send(LogoutDocument, { input }, { token, deadlineMs }))).logout;
      } catch (error) {
        if (isPosternError(error, 'UNAUTHENTICATED')) return { revoked: false };
        throw error;
      }
    });
  }

  keepDevice(deviceToken: string | null): Promise<void> {
    return this.#state.keepDevice(deviceToken);
  }

  /** Ends the session here, after a request that has ended it at the gateway. */
  async forget(): Promise<void> {
    await this.#state.tabs.exclusively(() => this.#state.end('SIGNED_OUT'));
  }

  /** Ends the session in all tabs: the gateway has reported its end. */
  async endedElsewhere(sessionId: string): Promise<void> {
    await this.#state.tabs.exclusively(async () => {
      if (this.id === sessionId) await this.#state.end('REVOKED');
    });
  }

  /** Renews the token, which names the former role and permissions. */
  async changePermissions(token: string, permissions: readonly string[]): Promise<void> {
    const { id } = this;
    await this.renew(token).catch(() => undefined);
    if (id !== null && this.id === id) this.#state.changePermissions(id, permissions);
  }

  /** Stops communication with other tabs. */
  close(): void {
    this.#state.tabs.close();
  }

  async #noting<Answer>(send: (token: string | null) => Promise<Answer>, token: string | null): Promise<Answer> {
    try {
      return await send(token);
    } catch (error) {
      if (token !== null) await this.note(error, token);
      throw error;
    }
  }

  async #take(tokens: TokensFragment): Promise<void> {
    this.#limited = null;
    await this.#state.take(tokens);
  }

  #renewOnce(stale: string | null): Promise<string | null> {
    this.#renewing ??= this.#state.tabs
      .exclusively((waited) => this.#renewExclusively(stale, waited))
      .finally(() => {
        this.#renewing = null;
      });
    return this.#renewing;
  }

  async #renewExclusively(stale: string | null, waited: boolean): Promise<string | null> {
    // The tab that held the lock before has probably renewed this token.
    if (waited && this.heldToken === stale) await this.#state.tabs.nextMessage(messageMs);
    return this.heldToken === stale ? this.#refresh() : this.heldToken;
  }

  /** Must run exclusively. */
  async #refresh(): Promise<string | null> {
    const stored = await this.#state.read();
    if (!stored) {
      if (this.heldToken !== null) await this.#state.end('SIGNED_OUT');
      return null;
    }
    if (this.#limited && this.#options.now() < this.#limited.until) throw this.#limited.error;
    try {
      const { refresh } = await retry((deadlineMs) => this.#exchange(stored, deadlineMs));
      await this.#take(refresh);
      return refresh.accessToken;
    } catch (error) {
      if (isPosternError(error, 'RATE_LIMITED'))
        this.#limited = { until: this.#options.now() + error.retryAfter * 1000, error };
      if (isPosternError(error, 'INVALID_REFRESH_TOKEN', 'CSRF_FAILED')) await this.#state.end('REFUSED', stored);
      throw error;
    }
  }

  #exchange({ token }: StoredSession, deadlineMs: number) {
    const { transport, delivery } = this.#options;
    return delivery === 'COOKIE'
      ? transport.send(RefreshDocument, { input: {} }, { headers: { 'x-csrf-token': token }, deadlineMs })
      : transport.send(RefreshDocument, { input: { refreshToken: token } }, { deadlineMs });
  }
}
