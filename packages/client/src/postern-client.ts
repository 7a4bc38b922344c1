/** The client: signing in, staying signed in, signing out. The base classes have the operations on the account. */
import type { PosternClientOptions } from './client-options.ts';
import { CodeOperations } from './codes/code-operations.ts';
import { isPosternError } from './errors/postern-error.ts';
import {
  type AcceptLinkInput,
  BeginPasskeyLoginDocument,
  type BeginPasskeyLoginInput,
  LoginDocument,
  type LoginInput,
  LoginWithPasskeyDocument,
  type LoginWithPasskeyInput,
  VerifyMfaDocument,
  type VerifyMfaInput,
} from './generated/operations.ts';
import { askForPasskey } from './passkeys/passkey-prompt.ts';
import { type CaptchaOptions, captchaHeaders } from './requests.ts';
import { type MfaChallenge, type SignedIn, signedIn } from './signed-in.ts';

export interface PasskeyOptions {
  /** The ticket of an `MfaChallenge`: the passkey is then the second factor. */
  ticket?: string;
  rememberMe?: boolean;
  deviceName?: string;
  /** Shows passkeys in the suggestions of a field with `autocomplete="username webauthn"` instead of a prompt. */
  conditional?: boolean;
  /** Ends the prompt. */
  signal?: AbortSignal;
}

/** @throws PosternError INVALID_OPTIONS */
export function createPosternClient(options: PosternClientOptions): PosternClient {
  return new PosternClient(options);
}

/** Its methods have the names of the operations, take their input, and throw `PosternError`. */
export class PosternClient extends CodeOperations {
  /**
   * Continues the session of the previous page or run. Other methods do so by themselves; call this to know at the start.
   * @returns whether a user is signed in
   * @throws PosternError when the gateway cannot be reached
   */
  async resume(): Promise<boolean> {
    try {
      return (await this.ownSession.accessToken()) !== null;
    } catch (error) {
      if (isPosternError(error, 'INVALID_REFRESH_TOKEN', 'CSRF_FAILED')) return false;
      throw error;
    }
  }

  async login(input: Omit<LoginInput, 'delivery'>, options: CaptchaOptions = {}): Promise<SignedIn | MfaChallenge> {
    const variables = { input: { ...input, delivery: this.delivery } };
    const { login } = await this.ownSession.start(
      (headers) => this.send(LoginDocument, variables, { headers: { ...headers, ...captchaHeaders(options) } }),
      (answer) => (answer.login.__typename === 'AuthSession' ? answer.login : null),
    );
    return login.__typename === 'AuthSession' ? signedIn(login) : login;
  }

  async verifyMfa(input: VerifyMfaInput): Promise<SignedIn> {
    const { verifyMfa } = await this.ownSession.start(
      (headers) => this.send(VerifyMfaDocument, { input }, { headers }),
      (answer) => answer.verifyMfa,
    );
    return signedIn(verifyMfa);
  }

  async beginPasskeyLogin(input: BeginPasskeyLoginInput = {}) {
    return (await this.send(BeginPasskeyLoginDocument, { input })).beginPasskeyLogin;
  }

  async loginWithPasskey(input: Omit<LoginWithPasskeyInput, 'delivery'>): Promise<SignedIn> {
    const delivery = this.delivery;
    const { loginWithPasskey } = await this.ownSession.start(
      (headers) => this.send(LoginWithPasskeyDocument, { input: { ...input, delivery } }, { headers }),
      (answer) => answer.loginWithPasskey,
    );
    return signedIn(loginWithPasskey);
  }

  /**
   * Begins the sign-in, shows the prompt of the browser and finishes.
   * @throws PosternError PASSKEY_CANCELLED, PASSKEY_UNSUPPORTED or PASSKEY_FAILED
   */
  async signInWithPasskey({ ticket, conditional, signal, ...rest }: PasskeyOptions = {}): Promise<SignedIn> {
    const second = ticket === undefined ? {} : { ticket };
    const { options } = await this.beginPasskeyLogin(second);
    const prompt = { ...(conditional && { mediation: 'conditional' as const }), ...(signal && { signal }) };
    return this.loginWithPasskey({ response: await askForPasskey(options, prompt), ...second, ...rest });
  }

  /**
   * `acceptLink` with a passkey of the account: shows the prompt of the browser.
   * @throws PosternError PASSKEY_CANCELLED, PASSKEY_UNSUPPORTED or PASSKEY_FAILED
   */
  async acceptLinkWithPasskey(
    input: Omit<AcceptLinkInput, 'delivery' | 'password' | 'passkey'>,
  ): Promise<SignedIn | MfaChallenge> {
    const { options } = await this.beginPasskeyLogin();
    return this.acceptLink({ ...input, passkey: await askForPasskey(options, {}) });
  }

  /**
   * `reauthenticate` with a passkey of the user: shows the prompt of the browser.
   * @throws PosternError PASSKEY_CANCELLED, PASSKEY_UNSUPPORTED or PASSKEY_FAILED
   */
  async reauthenticateWithPasskey(signal?: AbortSignal): Promise<SignedIn> {
    const input = { reauthenticate: true };
    const { options } = (await this.ask(BeginPasskeyLoginDocument, { input })).beginPasskeyLogin;
    return this.reauthenticate({ passkey: await askForPasskey(options, signal ? { signal } : {}) });
  }

  /** Renews the access token now, for example after a change of roles. The client renews it by itself before it expires. */
  async refresh(): Promise<boolean> {
    const stale = this.ownSession.freshToken ?? (await this.ownSession.accessToken());
    return (await this.ownSession.renew(stale)) !== null;
  }

  /**
   * Ends the session at the gateway, and on this device even if the gateway cannot be reached.
   * @throws PosternError when the gateway could not be reached. With cookies, call it again later
   */
  logout() {
    return this.ownSession.signOut();
  }

  /** Ends the other sessions, then this one. */
  async logoutEverywhere(): Promise<{ revokedCount: number }> {
    const { revokedCount } = await this.revokeOtherSessions();
    const { revoked } = await this.logout();
    return { revokedCount: revokedCount + (revoked ? 1 : 0) };
  }
}
