/**
 * `@postern/client`: every operation of an account as a method, typed, over one session that stays signed in by itself. For
 * browsers and Node. Administration, and documents of your own, go through `request`.
 */
import {
  BeginPasskeyLoginDocument,
  type BeginPasskeyLoginInput,
  BeginPasskeyRegistrationDocument,
  type BeginPasskeyRegistrationInput,
  BeginTotpEnrollmentDocument,
  type BeginTotpEnrollmentInput,
  ChangePasswordDocument,
  type ChangePasswordInput,
  ConfirmEmailChangeDocument,
  type ConfirmEmailChangeInput,
  ConfirmPasskeyRegistrationDocument,
  type ConfirmPasskeyRegistrationInput,
  ConfirmTotpEnrollmentDocument,
  type ConfirmTotpEnrollmentInput,
  DeleteAccountDocument,
  type DeleteAccountInput,
  type DeviceSessionFragment,
  DisableTotpDocument,
  type DisableTotpInput,
  DisownSessionDocument,
  type DisownSessionInput,
  ExportMyDataDocument,
  type ExportMyDataInput,
  LoginDocument,
  type LoginInput,
  type LoginMutation,
  LoginWithPasskeyDocument,
  type LoginWithPasskeyInput,
  type MyselfFragment,
  type OwnPasskeyFragment,
  PasskeysDocument,
  PasswordPolicyDocument,
  ReauthenticateDocument,
  type ReauthenticateInput,
  RegenerateBackupCodesDocument,
  type RegenerateBackupCodesInput,
  RegisterDocument,
  type RegisterInput,
  RemovePasskeyDocument,
  type RemovePasskeyInput,
  RequestEmailChangeDocument,
  type RequestEmailChangeInput,
  RequestPasswordResetDocument,
  type RequestPasswordResetInput,
  ResendVerificationEmailDocument,
  type ResendVerificationEmailInput,
  ResetPasswordDocument,
  type ResetPasswordInput,
  RevokeOtherSessionsDocument,
  type RevokeOtherSessionsInput,
  RevokeSessionDocument,
  type RevokeSessionInput,
  SecurityEventsDocument,
  type SecurityEventsQuery,
  type SessionDelivery,
  SessionsDocument,
  type SessionsQuery,
  type StartedFragment,
  UpdateProfileDocument,
  type UpdateProfileInput,
  VerifyEmailDocument,
  type VerifyEmailInput,
  VerifyMfaDocument,
  type VerifyMfaInput,
  ViewerDocument,
} from './generated/operations.ts';
import { askForPasskey, makePasskey } from './passkey-prompt.ts';
import { isPosternError } from './postern-error.ts';
import { type PosternSession, Session, type SessionEvents } from './session.ts';
import { noTabs, openTabs } from './tabs.ts';
import { browserStorage, memoryStorage, StoredToken, type TokenStorage } from './token-storage.ts';
import { type PosternDocument, Transport } from './transport.ts';

export type { ErrorCode } from './generated/enums.ts';
export type * from './generated/operations.ts';
export {
  type FieldProblem,
  isPosternError,
  PosternError,
  type PosternErrorCode,
  type PosternErrorOf,
  posternErrorIn,
  type UnauthenticatedReason,
} from './postern-error.ts';
export type { PosternSession } from './session.ts';
export type { SessionEndReason } from './tabs.ts';
export type { TokenStorage } from './token-storage.ts';
export type { PosternDocument } from './transport.ts';

export interface PosternClientOptions extends SessionEvents {
  /** PUBLIC_URL of Postern, or the whole address of its `/graphql`. */
  url: string;
  /**
   * How the refresh token travels. Default: as a cookie that scripts cannot read where there is a page (`COOKIE`), else in
   * the answers (`BEARER`).
   */
  delivery?: SessionDelivery;
  /**
   * Where the session outlives a page or a run. Default: with cookies `localStorage`, which then holds nothing that opens
   * anything without the cookie; else memory. With bearer it holds the refresh token: keep that from others.
   */
  storage?: TokenStorage;
  /**
   * Whether other tabs share the storage, and with it the session. Default: in a browser they do, unless the storage is
   * memory. Never say yes on a server: all clients for one address would be one.
   */
  tabs?: boolean;
  /** Instead of the global one. */
  fetch?: typeof fetch;
  /** Sent with every request. */
  headers?: Record<string, string>;
  /** Milliseconds on a clock that never goes back. For tests that travel in time. */
  now?: () => number;
}

/** You are signed in. The tokens are the client's to keep. */
export interface SignedIn {
  __typename: 'AuthSession';
  session: DeviceSessionFragment;
  viewer: MyselfFragment;
}

/** The password was right, and a second step is asked for: `verifyMfa` or `signInWithPasskey` with the ticket. */
export type MfaChallenge = Extract<LoginMutation['login'], { __typename: 'MfaChallenge' }>;

export interface PasskeyWishes {
  /** Of an `MfaChallenge`: the passkey is then the second step. */
  ticket?: string;
  rememberMe?: boolean;
  deviceName?: string;
  /** Shows passkeys in the suggestions of a field with `autocomplete="username webauthn"` instead of asking at once. */
  conditional?: boolean;
  /** Stops asking. */
  signal?: AbortSignal;
}

export interface PageWishes {
  /** 1 to 100. Default 20. */
  first?: number;
  /** `pageInfo.endCursor` of the page before. */
  after?: string | null;
}

export interface RequestOptions {
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

/** The variables of a document that has none. */
type None = Record<string, never>;
type ViewerPart<Query extends { viewer: object | null }, Name extends keyof NonNullable<Query['viewer']>> =
  | NonNullable<Query['viewer']>[Name]
  | null;

export function createPosternClient(options: PosternClientOptions): PosternClient {
  return new PosternClient(options);
}

/** Its methods are named like the operations, take their input, and throw `PosternError` with the codes of the schema. */
export class PosternClient {
  /** For links of other clients, and for services of your own that take the access token. */
  readonly session: PosternSession;
  readonly #session: Session;
  readonly #transport: Transport;
  readonly #delivery: SessionDelivery;

  constructor(options: PosternClientOptions) {
    const isPage = 'document' in globalThis;
    const { url, fetch, headers, delivery = isPage ? 'COOKIE' : 'BEARER', now = () => performance.now() } = options;
    const { onSessionStart, onSessionEnd } = options;
    const storage = options.storage ?? (delivery === 'COOKIE' && isPage ? browserStorage() : memoryStorage());
    const isShared = options.tabs ?? (isPage && (options.storage !== undefined || delivery === 'COOKIE'));
    this.#delivery = delivery;
    this.#transport = new Transport({
      url,
      ...(fetch && { fetch }),
      ...(headers && { headers }),
      credentials: delivery === 'COOKIE' ? 'include' : 'omit',
    });
    const name = `postern:${this.#transport.url}`;
    this.#session = new Session({
      transport: this.#transport,
      delivery,
      kept: new StoredToken(storage, `${name}:session`),
      device: new StoredToken(storage, `${name}:device`),
      now,
      openTabs: (hear) => (isShared ? openTabs(name, hear) : noTabs()),
      onSessionStart,
      onSessionEnd,
    });
    this.session = this.#session;
  }

  /** Asks a document of your own, as your codegen has made it, in the name of whoever is signed in. */
  request<Result>(document: PosternDocument<Result, None>, variables?: None, options?: RequestOptions): Promise<Result>;
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
    return this.#ask(document, variables, options);
  }

  /**
   * Takes up the session of the page or run before, if there is one: what the other methods do by themselves, for apps that
   * want to know first.
   * @throws PosternError when the gateway cannot be asked right now
   */
  async resume(): Promise<boolean> {
    try {
      return (await this.#session.accessToken()) !== null;
    } catch (error) {
      if (isPosternError(error, 'INVALID_REFRESH_TOKEN', 'CSRF_FAILED')) return false;
      throw error;
    }
  }

  // Signing in

  async login(input: Omit<LoginInput, 'delivery'>): Promise<SignedIn | MfaChallenge> {
    const delivery = this.#delivery;
    const { login } = await this.#session.start(
      (headers) => this.#transport.send(LoginDocument, { input: { ...input, delivery } }, { headers }),
      (answer) => (answer.login.__typename === 'AuthSession' ? answer.login : null),
    );
    return login.__typename === 'AuthSession' ? signedIn(login) : login;
  }

  async verifyMfa(input: VerifyMfaInput): Promise<SignedIn> {
    const { verifyMfa } = await this.#session.start(
      (headers) => this.#transport.send(VerifyMfaDocument, { input }, { headers }),
      (answer) => answer.verifyMfa,
    );
    return signedIn(verifyMfa);
  }

  async beginPasskeyLogin(input: BeginPasskeyLoginInput = {}) {
    return (await this.#transport.send(BeginPasskeyLoginDocument, { input })).beginPasskeyLogin;
  }

  async loginWithPasskey(input: Omit<LoginWithPasskeyInput, 'delivery'>): Promise<SignedIn> {
    const delivery = this.#delivery;
    const { loginWithPasskey } = await this.#session.start(
      (headers) => this.#transport.send(LoginWithPasskeyDocument, { input: { ...input, delivery } }, { headers }),
      (answer) => answer.loginWithPasskey,
    );
    return signedIn(loginWithPasskey);
  }

  /**
   * Both steps with the browser's prompt between them.
   * @throws DOMException of the browser: `NotAllowedError` when the person has declined
   */
  async signInWithPasskey({ ticket, conditional, signal, ...wishes }: PasskeyWishes = {}): Promise<SignedIn> {
    const second = ticket === undefined ? {} : { ticket };
    const { options } = await this.beginPasskeyLogin(second);
    const prompt = { ...(conditional && { mediation: 'conditional' as const }), ...(signal && { signal }) };
    return this.loginWithPasskey({ response: await askForPasskey(options, prompt), ...second, ...wishes });
  }

  /** For what has answered `REAUTHENTICATION_REQUIRED`: then ask for it again. */
  async reauthenticate(input: ReauthenticateInput): Promise<SignedIn> {
    return this.#session.authorized(async (token) => {
      const ask = () => this.#transport.send(ReauthenticateDocument, { input }, { token });
      return signedIn(await this.#session.strengthen(async () => (await ask()).reauthenticate));
    });
  }

  /** Not needed to stay signed in. For what a token says (role, permissions) to be as new as can be. */
  async refresh(): Promise<boolean> {
    const stale = this.#session.freshToken ?? (await this.#session.accessToken());
    return (await this.#session.renew(stale)) !== null;
  }

  // Signing out

  /**
   * Ends the session on this device at once and in any case, and at the gateway.
   * @throws PosternError when the gateway could not be told: with cookies, call it once more later
   */
  logout() {
    return this.#session.signOut();
  }

  /** Ends the other sessions, then this one. */
  async logoutEverywhere(): Promise<{ revokedCount: number }> {
    const { revokedCount } = await this.revokeOtherSessions();
    const { revoked } = await this.logout();
    return { revokedCount: revokedCount + (revoked ? 1 : 0) };
  }

  async revokeSession(input: RevokeSessionInput) {
    const { revokeSession } = await this.#ask(RevokeSessionDocument, { input });
    if (input.id === this.#session.id) await this.#session.forget();
    return revokeSession;
  }

  async revokeOtherSessions(input: RevokeOtherSessionsInput = {}) {
    return (await this.#ask(RevokeOtherSessionsDocument, { input })).revokeOtherSessions;
  }

  /** With the token of a mail: nobody needs to be signed in. */
  async disownSession(input: DisownSessionInput) {
    return (await this.#transport.send(DisownSessionDocument, { input })).disownSession;
  }

  // The account

  async passwordPolicy() {
    return (await this.#transport.send(PasswordPolicyDocument, {})).passwordPolicy;
  }

  async register(input: RegisterInput) {
    return (await this.#transport.send(RegisterDocument, { input })).register;
  }

  async verifyEmail(input: VerifyEmailInput) {
    return (await this.#transport.send(VerifyEmailDocument, { input })).verifyEmail;
  }

  async resendVerificationEmail(input: ResendVerificationEmailInput) {
    return (await this.#transport.send(ResendVerificationEmailDocument, { input })).resendVerificationEmail;
  }

  async requestPasswordReset(input: RequestPasswordResetInput) {
    return (await this.#transport.send(RequestPasswordResetDocument, { input })).requestPasswordReset;
  }

  async resetPassword(input: ResetPasswordInput) {
    return (await this.#transport.send(ResetPasswordDocument, { input })).resetPassword;
  }

  /** Null: nobody is signed in. So it is with the lists of the viewer. */
  async viewer(): Promise<MyselfFragment | null> {
    return (await this.#ask(ViewerDocument, {})).viewer;
  }

  async sessions(page: PageWishes = {}): Promise<ViewerPart<SessionsQuery, 'sessions'>> {
    return (await this.#ask(SessionsDocument, page)).viewer?.sessions ?? null;
  }

  async securityEvents(page: PageWishes = {}): Promise<ViewerPart<SecurityEventsQuery, 'securityEvents'>> {
    return (await this.#ask(SecurityEventsDocument, page)).viewer?.securityEvents ?? null;
  }

  async updateProfile(input: UpdateProfileInput) {
    return (await this.#ask(UpdateProfileDocument, { input })).updateProfile;
  }

  async changePassword(input: ChangePasswordInput) {
    return (await this.#ask(ChangePasswordDocument, { input })).changePassword;
  }

  async requestEmailChange(input: RequestEmailChangeInput) {
    return (await this.#ask(RequestEmailChangeDocument, { input })).requestEmailChange;
  }

  async confirmEmailChange(input: ConfirmEmailChangeInput) {
    return (await this.#ask(ConfirmEmailChangeDocument, { input })).confirmEmailChange;
  }

  async deleteAccount(input: DeleteAccountInput) {
    const { deleteAccount } = await this.#ask(DeleteAccountDocument, { input });
    await this.#session.forget();
    return deleteAccount;
  }

  async exportMyData(input: ExportMyDataInput = {}) {
    return (await this.#ask(ExportMyDataDocument, { input })).exportMyData;
  }

  // Second factors

  async beginTotpEnrollment(input: BeginTotpEnrollmentInput = {}) {
    return (await this.#ask(BeginTotpEnrollmentDocument, { input })).beginTotpEnrollment;
  }

  async confirmTotpEnrollment(input: ConfirmTotpEnrollmentInput) {
    return (await this.#ask(ConfirmTotpEnrollmentDocument, { input })).confirmTotpEnrollment;
  }

  async disableTotp(input: DisableTotpInput) {
    return (await this.#ask(DisableTotpDocument, { input })).disableTotp;
  }

  async regenerateBackupCodes(input: RegenerateBackupCodesInput) {
    return (await this.#ask(RegenerateBackupCodesDocument, { input })).regenerateBackupCodes;
  }

  async passkeys(): Promise<OwnPasskeyFragment[] | null> {
    return (await this.#ask(PasskeysDocument, {})).viewer?.passkeys ?? null;
  }

  async beginPasskeyRegistration(input: BeginPasskeyRegistrationInput = {}) {
    return (await this.#ask(BeginPasskeyRegistrationDocument, { input })).beginPasskeyRegistration;
  }

  async confirmPasskeyRegistration(input: ConfirmPasskeyRegistrationInput) {
    return (await this.#ask(ConfirmPasskeyRegistrationDocument, { input })).confirmPasskeyRegistration;
  }

  /** Both steps with the browser's prompt between them. @throws DOMException of the browser */
  async addPasskey({ name, ...shown }: { name: string } & BeginPasskeyRegistrationInput) {
    const { options } = await this.beginPasskeyRegistration(shown);
    return this.confirmPasskeyRegistration({ name, response: await makePasskey(options) });
  }

  async removePasskey(input: RemovePasskeyInput) {
    return (await this.#ask(RemovePasskeyDocument, { input })).removePasskey;
  }

  /** Lets go of the other tabs: the client is of no use after it. The session lives on. */
  close(): void {
    this.#session.close();
  }

  #ask<Result, Variables extends object>(
    document: PosternDocument<Result, Variables>,
    variables: Variables,
    options: RequestOptions = {},
  ): Promise<Result> {
    return this.#session.authorized((token) => this.#transport.send(document, variables, { token, ...options }));
  }
}

function signedIn({ session, viewer }: StartedFragment): SignedIn {
  return { __typename: 'AuthSession', session, viewer };
}
