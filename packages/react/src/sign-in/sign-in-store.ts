/**
 * The steps of a sign-in. They are kept beside the components, because an application may show each step on a page of its own.
 * Tickets and passwords stay in memory.
 */
import {
  type FederatedResult,
  type FinishFederatedSignUpInput,
  isPosternError,
  type LinkProposal,
  type LoginInput,
  type MfaChallenge,
  type PasskeyOptions,
  type PendingSignUp,
  type PosternClient,
  type SentCodeFragment,
  type SignedIn,
  type SignUpProposal,
  type VerifyMfaInput,
  type VisitOptions,
} from '@postern/client';
import type { CaptchaQueue } from '../captcha/captcha-queue.ts';

export type SignInStage =
  /** `email`: what was entered before. */
  | { step: 'credentials'; email: string | null }
  /** `flow` null: no code was sent yet. `email` null: the link of a mail was opened in another browser. */
  | { step: 'mailCode'; email: string | null; flow: string | null; sent: SentCodeFragment | null; rememberMe: boolean }
  | { step: 'secondStep'; challenge: MfaChallenge; email: string | null }
  /** An account has the address of the identity at the provider. */
  | { step: 'link'; proposal: LinkProposal }
  /** No account belongs to the identity. */
  | { step: 'signUp'; proposal: SignUpProposal }
  /** The account has to be confirmed with the link in a mail. */
  | { step: 'confirmMail'; email: string | null }
  | { step: 'done'; signedIn: SignedIn };

export interface SignInSnapshot {
  stage: SignInStage;
  pending: boolean;
  /** Why the last action failed. */
  error: unknown;
}

export const firstStage: SignInSnapshot = {
  stage: { step: 'credentials', email: null },
  pending: false,
  error: null,
};

type Outcome = FederatedResult | PendingSignUp;

/** What a visit to a provider led to: a sign-in, or the identities of the user after linking. Null: nothing. */
export type VisitResult = Awaited<ReturnType<PosternClient['completeSignIn']>>;

export class SignInStore {
  readonly #client: PosternClient;
  readonly #captcha: CaptchaQueue;
  readonly #onSignedIn: (signedIn: SignedIn) => void;
  readonly #listeners = new Set<() => void>();
  #snapshot = firstStage;
  /** The visits to a provider that this page has completed. React runs effects twice in strict mode. */
  readonly #returns = new Map<string, Promise<VisitResult>>();

  constructor(client: PosternClient, captcha: CaptchaQueue, onSignedIn: (signedIn: SignedIn) => void) {
    this.#client = client;
    this.#captcha = captcha;
    this.#onSignedIn = onSignedIn;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): SignInSnapshot => this.#snapshot;

  readonly withPassword = (input: Omit<LoginInput, 'delivery'>): Promise<void> =>
    this.#run(() => this.#captcha.run('LOGIN', (options) => this.#client.login(input, options)), input.email);

  /** With a ticket, the passkey is the second step. */
  readonly withPasskey = (options: PasskeyOptions = {}): Promise<void> =>
    this.#run(() => this.#client.signInWithPasskey(options), this.#email);

  /**
   * Offers passkeys in the suggestions of a field until the signal ends it. Not pending, as the user may choose another way.
   * @throws nothing: an error of the gateway is in `error`, a cancelled prompt is no error
   */
  readonly suggestPasskey = async (options: PasskeyOptions & { signal: AbortSignal }): Promise<void> => {
    try {
      const signedIn = await this.#client.signInWithPasskey({ ...options, conditional: true });
      this.#advance(signedIn, null);
    } catch (error) {
      const isSilent = isPosternError(
        error,
        'PASSKEY_CANCELLED',
        'PASSKEY_UNSUPPORTED',
        'PASSKEY_FAILED',
        'RATE_LIMITED',
      );
      if (!options.signal.aborted && !isSilent && !isPosternError(error, 'NO_ANSWER')) this.#set({ error });
    }
  };

  /** Leaves the page. The page of `returnTo` calls `completeVisit`. */
  readonly withProvider = (providerId: string, options: VisitOptions = {}): Promise<void> =>
    this.#run(async () => {
      await this.#client.signInWith(providerId, options);
      return null;
    });

  /** @param url of the page that the browser returned to, with its fragment. @returns the result; null when it is no return */
  readonly completeVisit = (url: string): Promise<VisitResult> => {
    const known = this.#returns.get(url);
    if (known) return known;
    const completed = this.#complete(url);
    this.#returns.set(url, completed);
    return completed;
  };

  /** Mails a code; without an address, asks for it first. */
  readonly sendMailCode = (email: string, rememberMe: boolean): Promise<void> => {
    const stage = { step: 'mailCode', email, flow: null, sent: null, rememberMe } as const;
    if (email !== '')
      return this.#run(async () => {
        const sent = await this.#captcha.run('CODE_LOGIN', (options) =>
          this.#client.beginCodeLogin({ email, rememberMe }, options),
        );
        this.#set({ stage: { ...stage, flow: sent.flow, sent } });
        return null;
      });
    this.#set({ stage, error: null });
    return Promise.resolve();
  };

  readonly withMailCode = (flow: string, code: string, rememberMe: boolean): Promise<void> =>
    this.#run(() => this.#client.completeCodeLogin({ flow, code, rememberMe }), this.#email);

  /** On the page that the link of a mail opens. Another browser than the one that asked for it has to enter the code. */
  readonly followLink = (token: string): Promise<void> =>
    this.#run(async () => {
      const outcome = await this.#client.signInWithLink(token);
      const asking = { step: 'mailCode', email: null, flow: token, sent: null, rememberMe: false } as const;
      if (outcome === null) this.#set({ stage: asking });
      return outcome;
    });

  readonly withCode = (ticket: string, input: Omit<VerifyMfaInput, 'ticket'>): Promise<void> =>
    this.#run(() => this.#client.verifyMfa({ ...input, ticket }), this.#email);

  /** @param password null: with a passkey */
  acceptLink(ticket: string, password: string | null): Promise<void> {
    return this.#run(
      () =>
        password === null
          ? this.#client.acceptLinkWithPasskey({ ticket })
          : this.#captcha.run('LOGIN', (options) => this.#client.acceptLink({ ticket, password }, options)),
      this.#email,
    );
  }

  readonly finishSignUp = (input: Omit<FinishFederatedSignUpInput, 'delivery'>): Promise<void> =>
    this.#run(() => this.#client.finishFederatedSignUp(input), input.email ?? this.#email);

  /** Back to the first step. The address stays. */
  readonly startAgain = (): void => this.#set({ stage: { step: 'credentials', email: this.#email }, error: null });

  /** After a session has ended. */
  reset(): void {
    if (this.#snapshot.stage.step === 'done') this.#set(firstStage);
  }

  get #email(): string | null {
    const { stage } = this.#snapshot;
    if (stage.step === 'link') return stage.proposal.email;
    if (stage.step === 'signUp') return stage.proposal.emailAtProvider;
    return stage.step === 'done' ? null : stage.email;
  }

  async #complete(url: string): Promise<VisitResult> {
    let result: VisitResult = null;
    await this.#run(async () => {
      result = await this.#client.completeSignIn(url);
      return Array.isArray(result) ? null : result;
    });
    return result;
  }

  async #run(action: () => Promise<Outcome | null>, email: string | null = null): Promise<void> {
    if (this.#snapshot.pending) return;
    this.#set({ pending: true, error: null });
    try {
      const outcome = await action();
      if (outcome) this.#advance(outcome, email);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#set({ pending: false });
    }
  }

  #failed(error: unknown): void {
    const { stage } = this.#snapshot;
    // The ticket has expired or is used: no further code can succeed.
    const isOver = isPosternError(error, 'INVALID_MFA_TICKET', 'INVALID_TOKEN') && stage.step !== 'credentials';
    this.#set({ error, ...(isOver && { stage: { step: 'credentials', email: this.#email } }) });
  }

  #advance(outcome: Outcome, email: string | null): void {
    if (!('__typename' in outcome)) return;
    this.#set({ stage: stageOf(outcome, email), error: null });
    if (outcome.__typename === 'AuthSession') this.#onSignedIn(outcome);
  }

  #set(change: Partial<SignInSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function stageOf(outcome: Outcome, email: string | null): SignInStage {
  switch (outcome.__typename) {
    case 'AuthSession':
      return { step: 'done', signedIn: outcome };
    case 'MfaChallenge':
      return { step: 'secondStep', challenge: outcome, email };
    case 'LinkProposal':
      return { step: 'link', proposal: outcome };
    case 'SignUpProposal':
      return { step: 'signUp', proposal: outcome };
    case 'RegisterPayload':
      return { step: 'confirmMail', email };
  }
}
