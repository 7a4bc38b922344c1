/** Signing in as a state machine: each step has its own actions. */
import type {
  FinishFederatedSignUpInput,
  LinkProposal,
  LoginInput,
  MfaChallenge,
  PasskeyOptions,
  SentCodeFragment,
  SignedIn,
  SignUpProposal,
  VerifyMfaInput,
  VisitOptions,
} from '@postern/client';
import { useMemo, useSyncExternalStore } from 'react';
import { usePostern } from '../provider/postern-context.ts';
import { firstStage, type SignInSnapshot, type SignInStore, type VisitResult } from './sign-in-store.ts';

interface Common {
  /** An action is running. */
  pending: boolean;
  /** Why the last action failed. Actions do not reject. */
  error: unknown;
  /** Back to the first step. */
  startAgain: () => void;
  /**
   * On the page that a provider returns to. Each address is completed once.
   * @returns the result; null: the page was not returned to, or `error` says why it failed
   */
  completeVisit: (url: string) => Promise<VisitResult>;
}

export interface CredentialsStep extends Common {
  step: 'credentials';
  /** The address that was entered before. */
  email: string | null;
  withPassword: (input: Omit<LoginInput, 'delivery'>) => Promise<void>;
  withPasskey: (options?: Omit<PasskeyOptions, 'ticket'>) => Promise<void>;
  /** Offers passkeys in the suggestions of a field with `autocomplete="username webauthn"`, until the signal aborts. */
  suggestPasskey: (options: Omit<PasskeyOptions, 'ticket'> & { signal: AbortSignal }) => Promise<void>;
  /** Mails a code: the next step takes it. An empty address is asked for first. */
  sendMailCode: (email: string, rememberMe: boolean) => Promise<void>;
  /** With the token of the link in such a mail, on the page that it opens. */
  followLink: (token: string) => Promise<void>;
  /** Leaves the page for the provider. */
  withProvider: (providerId: string, options?: VisitOptions) => Promise<void>;
}

export interface MailCodeStep extends Common {
  step: 'mailCode';
  /** Null: the link of a mail was opened in another browser than the one that asked for it. */
  email: string | null;
  /** Null: no code was sent yet. */
  flow: string | null;
  sent: SentCodeFragment | null;
  /** Mails a code, or another one. */
  send: (email: string) => Promise<void>;
  withCode: (code: string) => Promise<void>;
}

export interface SecondStepStep extends Common {
  step: 'secondStep';
  challenge: MfaChallenge;
  email: string | null;
  withCode: (input: Omit<VerifyMfaInput, 'ticket'>) => Promise<void>;
  withPasskey: () => Promise<void>;
}

export interface LinkStep extends Common {
  step: 'link';
  proposal: LinkProposal;
  /** Proves that the account is the user's. `proposal.proofs` says which proofs it has. */
  withPassword: (password: string) => Promise<void>;
  withPasskey: () => Promise<void>;
}

export interface SignUpStep extends Common {
  step: 'signUp';
  proposal: SignUpProposal;
  finish: (input: Omit<FinishFederatedSignUpInput, 'ticket' | 'delivery'>) => Promise<void>;
}

export interface ConfirmMailStep extends Common {
  step: 'confirmMail';
  email: string | null;
}

export interface DoneStep extends Common {
  step: 'done';
  signedIn: SignedIn;
}

/** More steps may be added: give a `switch` over `step` a default branch. */
export type UseSignIn =
  | CredentialsStep
  | MailCodeStep
  | SecondStepStep
  | LinkStep
  | SignUpStep
  | ConfirmMailStep
  | DoneStep;

/** All components share one sign-in: a page for the second step continues what the page for the password began. */
export function useSignIn(): UseSignIn {
  const { signIn } = usePostern();
  const snapshot = useSyncExternalStore(signIn.subscribe, signIn.snapshot, () => firstStage);
  return useMemo(() => stepOf(signIn, snapshot), [signIn, snapshot]);
}

function stepOf(store: SignInStore, { stage, pending, error }: SignInSnapshot): UseSignIn {
  const { startAgain, completeVisit } = store;
  const common = { pending, error, startAgain, completeVisit };
  switch (stage.step) {
    case 'credentials': {
      const { withPassword, withPasskey, suggestPasskey, withProvider, sendMailCode, followLink } = store;
      const actions = { withPassword, withPasskey, suggestPasskey, withProvider, sendMailCode, followLink };
      return { ...common, ...stage, ...actions };
    }
    case 'mailCode': {
      const { flow, rememberMe, ...rest } = stage;
      return {
        ...common,
        ...rest,
        flow,
        send: (email) => store.sendMailCode(email, rememberMe),
        withCode: (code: string) => store.withMailCode(flow ?? '', code, rememberMe),
      };
    }
    case 'secondStep': {
      const { ticket } = stage.challenge;
      return {
        ...common,
        ...stage,
        withCode: (input: Omit<VerifyMfaInput, 'ticket'>) => store.withCode(ticket, input),
        withPasskey: () => store.withPasskey({ ticket }),
      };
    }
    case 'link': {
      const { ticket } = stage.proposal;
      return {
        ...common,
        ...stage,
        withPassword: (password: string) => store.acceptLink(ticket, password),
        withPasskey: () => store.acceptLink(ticket, null),
      };
    }
    case 'signUp': {
      const { ticket } = stage.proposal;
      return { ...common, ...stage, finish: (input) => store.finishSignUp({ ...input, ticket }) };
    }
    case 'confirmMail':
    case 'done':
      return { ...common, ...stage };
  }
}
