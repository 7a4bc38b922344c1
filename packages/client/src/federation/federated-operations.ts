/** Signing in with external providers, and the identities of the user. */

import type { PosternClientOptions } from '../client-options.ts';
import { resolveOptions } from '../client-options.ts';
import { pageLocation } from '../environment.ts';
import { PosternError, reasonIn } from '../errors/postern-error.ts';

import {
  AcceptLinkDocument,
  type AcceptLinkInput,
  BeginFederatedLoginDocument,
  CompleteFederatedLoginDocument,
  type CompleteFederatedLoginInput,
  type CompleteFederatedLoginMutation,
  FederatedProvidersDocument,
  FinishFederatedSignUpDocument,
  type FinishFederatedSignUpInput,
  type FinishFederatedSignUpMutation,
  IdentitiesDocument,
  LinkIdentityDocument,
  type LinkIdentityInput,
  LoginWithIdTokenDocument,
  type LoginWithIdTokenInput,
  type OwnIdentityFragment,
  ReauthenticateDocument,
  type ReauthenticateInput,
  UnlinkIdentityDocument,
  type UnlinkIdentityInput,
} from '../generated/operations.ts';
import { KeyOperations } from '../key-operations.ts';
import { type CaptchaOptions, captchaHeaders } from '../requests.ts';
import { type MfaChallenge, type SignedIn, signedIn } from '../signed-in.ts';
import { newVerifier, readReturn, type Visit, Visits } from './visits.ts';

type Completed = CompleteFederatedLoginMutation['completeFederatedLogin'];
type Finished = FinishFederatedSignUpMutation['finishFederatedSignUp'];

/** An account has the address of the identity: `acceptLink` with a proof of the account links both. */
export type LinkProposal = Extract<Completed, { __typename: 'LinkProposal' }>;
/** No account belongs to the identity: `finishFederatedSignUp` creates one. */
export type SignUpProposal = Extract<Completed, { __typename: 'SignUpProposal' }>;
/** A mail was sent: the address is confirmed with `verifyEmail`. */
export type PendingSignUp = Extract<Finished, { __typename: 'RegisterPayload' }>;
export type FederatedResult = SignedIn | MfaChallenge | LinkProposal | SignUpProposal;

export interface VisitOptions {
  /** One of the addresses of RETURN_URLS. Default: the address of the page, without query and fragment. */
  returnTo?: string;
  rememberMe?: boolean;
  deviceName?: string;
  loginHint?: string;
  prompt?: 'login' | 'consent' | 'select_account';
  /** Opens the provider. Default: leaves the page for it. */
  open?: (authorizationUrl: string) => unknown;
}

/** Without a page, `returnTo` and `open` have to be given. */
function withoutQuery(href: string): string {
  return href.split(/[?#]/, 1)[0] ?? href;
}

export abstract class FederatedOperations extends KeyOperations {
  readonly #visits: Visits;

  constructor(options: PosternClientOptions) {
    super(options);
    const { storage, endpoint } = resolveOptions(options);
    this.#visits = new Visits(storage, `postern:${endpoint}`);
  }

  async federatedProviders() {
    return (await this.send(FederatedProvidersDocument, {})).federatedProviders;
  }

  /** Leaves the page for the provider. The page of `returnTo` then calls `completeSignIn`. @param providerId its `id` */
  signInWith(providerId: string, options: VisitOptions = {}): Promise<void> {
    return this.#visit(providerId, 'SIGN_IN', options);
  }

  /** The same, to link an account at the provider to the signed-in user. Requires recent authentication. */
  linkWith(providerId: string, options: VisitOptions = {}): Promise<void> {
    return this.#visit(providerId, 'LINK', options);
  }

  /** The same, after `REAUTHENTICATION_REQUIRED`. */
  reauthenticateWith(providerId: string, options: VisitOptions = {}): Promise<void> {
    return this.#visit(providerId, 'REAUTHENTICATE', options);
  }

  /**
   * Finishes what `signInWith`, `linkWith` or `reauthenticateWith` began, on the page that the browser returned to.
   * @param url of the page, with its fragment. Remove the fragment from the address afterwards
   * @returns the result of the sign-in; the session for `reauthenticateWith`; the identities for `linkWith`; null when the
   *   page was not returned to
   * @throws PosternError FEDERATED_LOGIN_FAILED with a reason, INVALID_TOKEN, IDENTITY_TAKEN
   */
  async completeSignIn(
    url: string = pageLocation()?.href ?? '',
  ): Promise<FederatedResult | OwnIdentityFragment[] | null> {
    const returned = readReturn(url);
    if (!returned) return null;
    const { codeVerifier, purpose, rememberMe, deviceName } = await this.#visits.take(returned.flow);
    const { code } = returned;
    if (code === null) {
      const reason = reasonIn(returned.reason);
      throw new PosternError('FEDERATED_LOGIN_FAILED', 'The sign-in with the provider failed.', { reason });
    }
    if (purpose === 'LINK') return this.linkIdentity({ code, codeVerifier });
    if (purpose === 'REAUTHENTICATE') return this.reauthenticate({ federated: { code, codeVerifier } });
    return this.completeFederatedLogin({ code, codeVerifier, rememberMe, deviceName });
  }

  async completeFederatedLogin(input: Omit<CompleteFederatedLoginInput, 'delivery'>): Promise<FederatedResult> {
    const delivery = this.delivery;
    const { completeFederatedLogin: result } = await this.ownSession.start(
      (headers) => this.send(CompleteFederatedLoginDocument, { input: { ...input, delivery } }, { headers }),
      ({ completeFederatedLogin: one }) => (one.__typename === 'AuthSession' ? one : null),
    );
    return result.__typename === 'AuthSession' ? signedIn(result) : result;
  }

  /** With the ID token that the SDK of Google or Apple gave a native app. */
  async loginWithIdToken(input: Omit<LoginWithIdTokenInput, 'delivery'>): Promise<FederatedResult> {
    const delivery = this.delivery;
    const { loginWithIdToken: result } = await this.ownSession.start(
      (headers) => this.send(LoginWithIdTokenDocument, { input: { ...input, delivery } }, { headers }),
      ({ loginWithIdToken: one }) => (one.__typename === 'AuthSession' ? one : null),
    );
    return result.__typename === 'AuthSession' ? signedIn(result) : result;
  }

  async acceptLink(
    input: Omit<AcceptLinkInput, 'delivery'>,
    options: CaptchaOptions = {},
  ): Promise<SignedIn | MfaChallenge> {
    const variables = { input: { ...input, delivery: this.delivery } };
    const { acceptLink: result } = await this.ownSession.start(
      (headers) => this.send(AcceptLinkDocument, variables, { headers: { ...headers, ...captchaHeaders(options) } }),
      ({ acceptLink: one }) => (one.__typename === 'AuthSession' ? one : null),
    );
    return result.__typename === 'AuthSession' ? signedIn(result) : result;
  }

  async finishFederatedSignUp(
    input: Omit<FinishFederatedSignUpInput, 'delivery'>,
  ): Promise<SignedIn | MfaChallenge | PendingSignUp> {
    const delivery = this.delivery;
    const { finishFederatedSignUp: result } = await this.ownSession.start(
      (headers) => this.send(FinishFederatedSignUpDocument, { input: { ...input, delivery } }, { headers }),
      ({ finishFederatedSignUp: one }) => (one.__typename === 'AuthSession' ? one : null),
    );
    return result.__typename === 'AuthSession' ? signedIn(result) : result;
  }

  /** After `REAUTHENTICATION_REQUIRED`. Repeat the rejected request afterwards. */
  async reauthenticate(input: ReauthenticateInput): Promise<SignedIn> {
    return this.ownSession.authorized(async (token) => {
      const ask = () => this.send(ReauthenticateDocument, { input }, { token });
      return signedIn(await this.ownSession.strengthen(async () => (await ask()).reauthenticate));
    });
  }

  /** The identities of the signed-in user, or null when no user is signed in. */
  async identities(): Promise<OwnIdentityFragment[] | null> {
    return (await this.ask(IdentitiesDocument, {})).viewer?.identities ?? null;
  }

  /** @returns all identities of the user */
  async linkIdentity(input: LinkIdentityInput): Promise<OwnIdentityFragment[]> {
    return (await this.ask(LinkIdentityDocument, { input })).linkIdentity.viewer.identities;
  }

  /** @returns the remaining identities of the user */
  async unlinkIdentity(input: UnlinkIdentityInput): Promise<OwnIdentityFragment[]> {
    return (await this.ask(UnlinkIdentityDocument, { input })).unlinkIdentity.viewer.identities;
  }

  async #visit(providerId: string, purpose: Visit['purpose'], options: VisitOptions): Promise<void> {
    const page = pageLocation();
    const { returnTo = page ? withoutQuery(page.href) : '', rememberMe = false, deviceName = null, ...rest } = options;
    const { open = (url: string) => page?.assign(url), ...hints } = rest;
    const { codeVerifier, codeChallenge } = await newVerifier();
    const input = { providerId, returnTo, codeChallenge, purpose, delivery: this.delivery, ...hints };
    const { beginFederatedLogin: begun } = await (purpose === 'SIGN_IN'
      ? this.send(BeginFederatedLoginDocument, { input })
      : this.ask(BeginFederatedLoginDocument, { input }));
    await this.#visits.keep(begun.flow, { codeVerifier, purpose, rememberMe, deviceName });
    await open(begun.authorizationUrl);
  }
}
