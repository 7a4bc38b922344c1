/** Codes and links in mails, and the second steps that a code is sent for. */
import { type PosternClientOptions, resolveOptions } from '../client-options.ts';
import { FederatedOperations } from '../federation/federated-operations.ts';
import { challengeOf, newVerifier } from '../federation/visits.ts';
import {
  BeginCodeLoginDocument,
  type BeginCodeLoginInput,
  BeginMfaCodeDocument,
  type BeginMfaCodeInput,
  BeginReauthenticationCodeDocument,
  CompleteCodeLoginDocument,
  type CompleteCodeLoginInput,
  EnabledMethodsDocument,
  type SentCodeFragment,
} from '../generated/operations.ts';
import { type CaptchaOptions, captchaHeaders } from '../requests.ts';
import { type MfaChallenge, type SignedIn, signedIn } from '../signed-in.ts';
import { PendingLinks } from './pending-links.ts';

export interface CodeLoginOptions extends Omit<BeginCodeLoginInput, 'codeChallenge'> {
  /** For the link of the mail, which signs in without further questions. */
  rememberMe?: boolean;
  deviceName?: string;
}

export abstract class CodeOperations extends FederatedOperations {
  readonly #links: PendingLinks;

  constructor(options: PosternClientOptions) {
    super(options);
    const { storage, endpoint } = resolveOptions(options);
    this.#links = new PendingLinks(storage, `postern:${endpoint}`);
  }

  /** The methods that users can sign in with, in the order of the operator. */
  async enabledMethods() {
    return (await this.send(EnabledMethodsDocument, {})).signInMethods;
  }

  /** Mails a code, and a link for this browser. `completeCodeLogin` takes the code, `signInWithLink` the link. */
  async beginCodeLogin(
    { email, ...options }: CodeLoginOptions,
    captcha: CaptchaOptions = {},
  ): Promise<SentCodeFragment> {
    const codeVerifier = (await this.#links.find())?.codeVerifier ?? (await newVerifier()).codeVerifier;
    const input = { email, codeChallenge: await challengeOf(codeVerifier) };
    const { beginCodeLogin: sent } = await this.send(
      BeginCodeLoginDocument,
      { input },
      { headers: captchaHeaders(captcha) },
    );
    const { rememberMe = false, deviceName = null } = options;
    await this.#links.keep({ codeVerifier, rememberMe, deviceName });
    return sent;
  }

  /** With `flow` and `code`. A browser that did not begin the sign-in sends the token of the link as `flow`. */
  async completeCodeLogin(input: Omit<CompleteCodeLoginInput, 'delivery'>): Promise<SignedIn | MfaChallenge> {
    const delivery = this.delivery;
    const { completeCodeLogin: result } = await this.ownSession.start(
      (headers) => this.send(CompleteCodeLoginDocument, { input: { ...input, delivery } }, { headers }),
      ({ completeCodeLogin: one }) => (one.__typename === 'AuthSession' ? one : null),
    );
    await this.#links.forget();
    return result.__typename === 'AuthSession' ? signedIn(result) : result;
  }

  /**
   * Signs in with the link of a mail, on the page that it opens.
   * @param token the text after `#token=`. Remove it from the address
   * @returns null in a browser that did not begin the sign-in: ask for the code of the mail, and call
   *   `completeCodeLogin({ flow: token, code })`
   * @throws PosternError INVALID_TOKEN when the link was used or has expired
   */
  async signInWithLink(token: string): Promise<SignedIn | MfaChallenge | null> {
    const pending = await this.#links.find();
    return pending && this.completeCodeLogin({ token, ...pending });
  }

  /** Sends a code for the second step. `verifyMfa` takes it. */
  async beginMfaCode(input: BeginMfaCodeInput): Promise<SentCodeFragment> {
    return (await this.send(BeginMfaCodeDocument, { input })).beginMfaCode;
  }

  /** Mails the signed-in user a code. `reauthenticate({ emailCode: { flow, code } })` takes it. */
  async beginReauthenticationCode(): Promise<SentCodeFragment> {
    return (await this.ask(BeginReauthenticationCodeDocument, {})).beginReauthenticationCode;
  }
}
