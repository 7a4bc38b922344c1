/**
 * Obtains captchas for actions that need one. Proof of work needs no user; for a hosted service, `CaptchaHost` shows its widget.
 * What solves a captcha is loaded with the first one.
 */
import {
  type CaptchaAction,
  type CaptchaOptions,
  isPosternError,
  type OfferedCaptcha,
  type PosternClient,
} from '@postern/client';

/** What the host shows: that a captcha is being solved, or the widget of a service. */
export type ShownCaptcha =
  | { step: 'working' }
  | { step: 'widget'; action: CaptchaAction; captcha: OfferedCaptcha; settle: (token: string | null) => void };

/** A token; `ask`: one is due, and only the user can obtain it; null: none is due. */
type Prepared = { token: string } | 'ask' | null;

export class CaptchaQueue {
  readonly #client: PosternClient;
  readonly #listeners = new Set<() => void>();
  readonly #prepared = new Map<CaptchaAction, Promise<Prepared>>();
  #shown: ShownCaptcha | null = null;

  constructor(client: PosternClient) {
    this.#client = client;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly shown = (): ShownCaptcha | null => this.#shown;

  /** Begins to obtain a token while the user fills in a form, where its action needs one in any case. */
  readonly prepare = (action: CaptchaAction): void => {
    if (this.#prepared.has(action)) return;
    // The action itself reports why there is no token.
    this.#prepared.set(
      action,
      this.#obtainAlone(action).catch(() => null),
    );
  };

  /**
   * Runs the action. After `CAPTCHA_REQUIRED` it obtains a token and runs it once more.
   * @throws the error of the action: also `CAPTCHA_REQUIRED`, when the user cancels
   */
  readonly run = async <Result>(
    action: CaptchaAction,
    send: (options: CaptchaOptions) => Promise<Result>,
  ): Promise<Result> => {
    const prepared = await this.#takePrepared(action);
    try {
      if (prepared !== 'ask') return await send({ captchaToken: prepared?.token });
    } catch (error) {
      // A prepared token may have expired.
      if (!isPosternError(error, 'CAPTCHA_REQUIRED')) throw error;
    }
    return send({ captchaToken: (await this.#obtain(action)) ?? undefined });
  };

  async #takePrepared(action: CaptchaAction): Promise<Prepared> {
    const prepared = this.#prepared.get(action);
    if (!prepared) return null;
    this.#prepared.delete(action);
    return this.#showing({ step: 'working' }, () => prepared);
  }

  async #obtainAlone(action: CaptchaAction): Promise<Prepared> {
    const captcha = await this.#client.captcha(action);
    if (!captcha?.due) return null;
    return captcha.provider === 'ALTCHA' ? { token: await solve(captcha) } : 'ask';
  }

  /** @returns null when the user cancels, or the gateway uses no captcha */
  async #obtain(action: CaptchaAction): Promise<string | null> {
    const captcha = await this.#client.captcha(action);
    if (!captcha) return null;
    if (captcha.provider === 'ALTCHA') return this.#showing({ step: 'working' }, () => solve(captcha));
    const { promise, resolve } = Promise.withResolvers<string | null>();
    return this.#showing({ step: 'widget', action, captcha, settle: resolve }, () => promise);
  }

  async #showing<Result>(shown: ShownCaptcha, work: () => Promise<Result>): Promise<Result> {
    this.#show(shown);
    try {
      return await work();
    } finally {
      if (this.#shown === shown) this.#show(null);
    }
  }

  #show(shown: ShownCaptcha | null): void {
    this.#shown = shown;
    for (const listener of this.#listeners) listener();
  }
}

async function solve({ challenge }: OfferedCaptcha): Promise<string> {
  const { solveChallenge } = await import('./proof-of-work.ts');
  return solveChallenge(challenge);
}
