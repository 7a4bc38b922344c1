/** Sends documents for a client: with its session or without. */
import { type PosternClientOptions, resolveOptions } from './client-options.ts';
import type { SessionDelivery } from './generated/operations.ts';
import type { LiveOptions } from './live/live-events.ts';
import { type PosternSession, Session } from './session/session.ts';
import { noTabs, openTabs } from './session/tabs.ts';
import { StoredToken } from './session/token-storage.ts';
import { type PosternDocument, type SendOptions, Transport } from './transport.ts';

export interface RequestOptions {
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

export interface CaptchaOptions {
  /** The solution of the captcha that `captcha` describes. It is accepted once. */
  captchaToken?: string | undefined;
}

/** The header of a request with a solved captcha. */
export function captchaHeaders({ captchaToken }: CaptchaOptions): Record<string, string> {
  return captchaToken === undefined ? {} : { 'x-captcha-token': captchaToken };
}

/** The variables of a document without variables. */
type NoVariables = Record<string, never>;

export abstract class Requests {
  /** For the links of other clients, and for your own services that accept the access token. */
  readonly session: PosternSession;
  protected readonly ownSession: Session;
  protected readonly delivery: SessionDelivery;
  readonly #transport: Transport;
  readonly #closed = new AbortController();

  constructor(options: PosternClientOptions) {
    const { endpoint, delivery, storage, tabs, live, fetch, headers, ...rest } = resolveOptions(options);
    const name = `postern:${endpoint}`;
    this.delivery = delivery;
    this.#transport = new Transport({
      endpoint,
      fetch,
      headers,
      credentials: delivery === 'COOKIE' ? 'include' : 'omit',
    });
    this.ownSession = new Session({
      ...rest,
      transport: this.#transport,
      delivery,
      stored: new StoredToken(storage, `${name}:session`),
      device: new StoredToken(storage, `${name}:device`),
      openTabs: (onMessage) => (tabs ? openTabs(name, onMessage) : noTabs()),
    });
    this.session = this.ownSession;
    if (live) this.#follow({ endpoint, fetch, headers, lockName: tabs ? `${name}:live` : null });
  }

  /** Sends your own document, as your codegen has generated it, with the session of the user. */
  request<Result>(
    document: PosternDocument<Result, NoVariables>,
    variables?: NoVariables,
    options?: RequestOptions,
  ): Promise<Result>;
  request<Result, Variables extends object>(
    document: PosternDocument<Result, Variables>,
    variables: Variables,
    options?: RequestOptions,
  ): Promise<Result>;
  request<Result>(
    document: PosternDocument<Result, object>,
    variables: object = {},
    options: RequestOptions = {},
  ): Promise<Result> {
    return this.ask(document, variables, options);
  }

  /** Stops communication with other tabs. The client is unusable afterwards; the session continues. */
  close(): void {
    this.#closed.abort();
    this.ownSession.close();
  }

  /** Apps without `live` do not load it. */
  #follow(options: Omit<LiveOptions, 'session' | 'signal'>): void {
    const { signal } = this.#closed;
    void import('./live/live-events.ts').then(({ followSessionEvents }) =>
      followSessionEvents({ ...options, session: this.ownSession, signal }),
    );
  }

  /** Sends with the access token of the session, if there is one. */
  protected ask<Result, Variables extends object>(
    document: PosternDocument<Result, Variables>,
    variables: Variables,
    options: RequestOptions = {},
  ): Promise<Result> {
    return this.ownSession.authorized((token) => this.send(document, variables, { token, ...options }));
  }

  /** Sends without the session. */
  protected send<Result, Variables extends object>(
    document: PosternDocument<Result, Variables>,
    variables: Variables,
    options: SendOptions = {},
  ): Promise<Result> {
    return this.#transport.send(document, variables, options);
  }
}
