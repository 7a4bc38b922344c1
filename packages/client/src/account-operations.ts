/** Operations on the user's own account: registration, profile, passwords, sessions. */
import {
  type CaptchaAction,
  CaptchaDocument,
  type CaptchaQuery,
  ChangePasswordDocument,
  type ChangePasswordInput,
  ConfirmEmailChangeDocument,
  type ConfirmEmailChangeInput,
  DeleteAccountDocument,
  type DeleteAccountInput,
  DisownSessionDocument,
  type DisownSessionInput,
  ExportMyDataDocument,
  type ExportMyDataInput,
  type MyselfFragment,
  PasswordLinkDocument,
  PasswordPolicyDocument,
  RegisterDocument,
  type RegisterInput,
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
  SessionsDocument,
  type SessionsQuery,
  SetPasswordDocument,
  type SetPasswordInput,
  SignInMethodsDocument,
  type SignInMethodsQuery,
  UpdateProfileDocument,
  type UpdateProfileInput,
  VerifyEmailDocument,
  type VerifyEmailInput,
  ViewerDocument,
} from './generated/operations.ts';
import { type CaptchaOptions, captchaHeaders, Requests } from './requests.ts';

export interface PageOptions {
  /** 1 to 100. Default 20. */
  first?: number;
  /** `pageInfo.endCursor` of the previous page. */
  after?: string | null;
}

type ViewerPart<Query extends { viewer: object | null }, Name extends keyof NonNullable<Query['viewer']>> =
  | NonNullable<Query['viewer']>[Name]
  | null;

/** What a form needs to obtain a captcha token. */
export type OfferedCaptcha = NonNullable<CaptchaQuery['captcha']>;

export abstract class AccountOperations extends Requests {
  async passwordPolicy() {
    return (await this.send(PasswordPolicyDocument, {})).passwordPolicy;
  }

  /** The account of a link that sets a password. Null: the token is unknown, used or expired. The token stays valid. */
  async passwordLink(token: string) {
    return (await this.send(PasswordLinkDocument, { token })).passwordLink;
  }

  /** What a form needs to obtain a token for the option `captchaToken`. Null: the service uses no captcha. */
  async captcha(action: CaptchaAction): Promise<OfferedCaptcha | null> {
    return (await this.send(CaptchaDocument, { action })).captcha;
  }

  async register(input: RegisterInput, options: CaptchaOptions = {}) {
    return (await this.send(RegisterDocument, { input }, { headers: captchaHeaders(options) })).register;
  }

  async verifyEmail(input: VerifyEmailInput) {
    return (await this.send(VerifyEmailDocument, { input })).verifyEmail;
  }

  async resendVerificationEmail(input: ResendVerificationEmailInput) {
    return (await this.send(ResendVerificationEmailDocument, { input })).resendVerificationEmail;
  }

  async requestPasswordReset(input: RequestPasswordResetInput, options: CaptchaOptions = {}) {
    const headers = captchaHeaders(options);
    return (await this.send(RequestPasswordResetDocument, { input }, { headers })).requestPasswordReset;
  }

  async resetPassword(input: ResetPasswordInput) {
    return (await this.send(ResetPasswordDocument, { input })).resetPassword;
  }

  /** The signed-in user, or null when no user is signed in. The lists of the viewer are null then, too. */
  async viewer(): Promise<MyselfFragment | null> {
    return (await this.ask(ViewerDocument, {})).viewer;
  }

  async sessions(page: PageOptions = {}): Promise<ViewerPart<SessionsQuery, 'sessions'>> {
    return (await this.ask(SessionsDocument, page)).viewer?.sessions ?? null;
  }

  /** @param page `refreshes: false` leaves out that sessions were continued */
  async securityEvents(
    page: PageOptions & { refreshes?: boolean } = {},
  ): Promise<ViewerPart<SecurityEventsQuery, 'securityEvents'>> {
    return (await this.ask(SecurityEventsDocument, page)).viewer?.securityEvents ?? null;
  }

  async updateProfile(input: UpdateProfileInput) {
    return (await this.ask(UpdateProfileDocument, { input })).updateProfile;
  }

  /** The gateway forgets the known devices. The client keeps the new device token of this one. */
  async changePassword(input: ChangePasswordInput) {
    const { deviceToken, ...changed } = (await this.ask(ChangePasswordDocument, { input })).changePassword;
    await this.ownSession.keepDevice(deviceToken);
    return changed;
  }

  /** For an account without a password (`signInMethods`). As with `changePassword`, other sessions end. */
  async setPassword(input: SetPasswordInput) {
    const { deviceToken, ...set } = (await this.ask(SetPasswordDocument, { input })).setPassword;
    await this.ownSession.keepDevice(deviceToken);
    return set;
  }

  /** Whether the user has a password, and the methods that sign in by themselves. Null when no user is signed in. */
  async signInMethods(): Promise<SignInMethodsQuery['viewer']> {
    return (await this.ask(SignInMethodsDocument, {})).viewer;
  }

  async requestEmailChange(input: RequestEmailChangeInput) {
    return (await this.ask(RequestEmailChangeDocument, { input })).requestEmailChange;
  }

  async confirmEmailChange(input: ConfirmEmailChangeInput) {
    return (await this.ask(ConfirmEmailChangeDocument, { input })).confirmEmailChange;
  }

  async deleteAccount(input: DeleteAccountInput = {}) {
    const { deleteAccount } = await this.ask(DeleteAccountDocument, { input });
    await this.ownSession.forget();
    return deleteAccount;
  }

  async exportMyData(input: ExportMyDataInput = {}) {
    return (await this.ask(ExportMyDataDocument, { input })).exportMyData;
  }

  /** With the token of a mail. The user need not be signed in. */
  async disownSession(input: DisownSessionInput) {
    return (await this.send(DisownSessionDocument, { input })).disownSession;
  }

  async revokeSession(input: RevokeSessionInput) {
    const { revokeSession } = await this.ask(RevokeSessionDocument, { input });
    if (input.id === this.ownSession.id) await this.ownSession.forget();
    return revokeSession;
  }

  async revokeOtherSessions(input: RevokeOtherSessionsInput = {}) {
    return (await this.ask(RevokeOtherSessionsDocument, { input })).revokeOtherSessions;
  }
}
