/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** The ticket of a `LinkProposal`, one proof of the account, and the options of the session. */
export type AcceptLinkInput = {
  /** The way in which the refresh token is returned. */
  delivery?: SessionDelivery;
  /** The name of this device in the list of sessions. At most 100 characters. */
  deviceName?: string | null | undefined;
  /** `AuthenticationResponseJSON`: the response of the browser to the options of `beginPasskeyLogin`. At most 32768 UTF-16 units. */
  passkey?: Record<string, unknown> | null | undefined;
  /** The password of the account. At most 1024 UTF-16 units. */
  password?: string | null | undefined;
  /** Keeps the session for 30 days without use (90 days in total) instead of 7 (30 in total). */
  rememberMe?: boolean;
  /** The ticket. */
  ticket: string;
};

/** The authenticator assurance level (NIST SP 800-63B). */
export type AssuranceLevel =
  /** One factor was proven. */
  | 'AAL1'
  /** Two factors were proven. */
  | 'AAL2';

/** The outcome of an audited action. */
export type AuditOutcome =
  /** The action was denied, for example because of a lockout, a rate limit, a missing permission or a replayed token. */
  | 'DENIED'
  /** The action failed, for example because of a wrong password or an invalid token. */
  | 'FAILURE'
  /** The action was carried out. */
  | 'SUCCESS';

/** The authentication methods. */
export type AuthMethod =
  /** A backup code. */
  | 'BACKUP_CODE'
  /** A code or a link in a mail. */
  | 'EMAIL_CODE'
  /** An account at an external provider, such as Google. */
  | 'FEDERATED'
  /** A passkey (WebAuthn). */
  | 'PASSKEY'
  /** The password of the account. */
  | 'PASSWORD'
  /** A code in an SMS. */
  | 'SMS_CODE'
  /** A code of an authenticator app. */
  | 'TOTP';

/** The address to mail a code to. */
export type BeginCodeLoginInput = {
  /** The base64url SHA-256 of a random verifier of 43 to 128 characters that the browser keeps (RFC 7636, `S256`). The mail then has a link, which signs in this browser only. Without it the mail has the code alone. */
  codeChallenge?: string | null | undefined;
  /** The e-mail address of the account. */
  email: string;
};

/** The provider, and where the application continues. */
export type BeginFederatedLoginInput = {
  /** The base64url SHA-256 of a random verifier of 43 to 128 characters that the application keeps (RFC 7636, `S256`). Without the verifier the exchange code is of no use. */
  codeChallenge: string;
  /** `COOKIE`: only the browser that begins can continue, which a cookie proves. Send the request with credentials, as for `login`. */
  delivery?: SessionDelivery;
  /** An address or name for the form of the provider. */
  loginHint?: string | null | undefined;
  /** What the provider asks the user: `login`, `consent` or `select_account`. */
  prompt?: string | null | undefined;
  /** The `id` of the provider. */
  providerId: string | number;
  /** What the visit is for. */
  purpose: FederatedPurpose;
  /** Where the browser returns to: one of the addresses that the operator has listed, letter by letter. At most 2000 UTF-16 units. */
  returnTo: string;
};

/** The second step to send a code for. */
export type BeginMfaCodeInput = {
  /** `EMAIL_CODE` or `SMS_CODE`: one of the `methods` of the challenge. */
  method: MfaMethod;
  /** The ticket of the `MfaChallenge`. */
  ticket: string;
};

/** The purpose of the sign-in. Empty: the passkey replaces the password. */
export type BeginPasskeyLoginInput = {
  /** True: for `reauthenticate` in the session of this request. Only passkeys of the signed-in user are accepted, with user verification. */
  reauthenticate?: boolean | null | undefined;
  /** The ticket of the `MfaChallenge`, when the passkey is the second step after the password. */
  ticket?: string | null | undefined;
};

/** The label of the account in authenticators. May be empty. */
export type BeginPasskeyRegistrationInput = {
  /** The name of the account when the user chooses among several. At most 100 characters. Default: the e-mail address. */
  accountName?: string | null | undefined;
};

/** The number to send a code to. */
export type BeginPhoneVerificationInput = {
  /** With the country code, for example `+4915123456789`. Spaces, dashes and parentheses are ignored. */
  number: string;
};

/** The label of the account in the authenticator app. May be empty. */
export type BeginTotpEnrollmentInput = {
  /** The name of the account in the app. At most 100 characters. Default: the e-mail address. */
  accountName?: string | null | undefined;
};

/** What a captcha is solved for. Its token is accepted for nothing else. */
export type CaptchaAction =
  /** `beginCodeLogin`. */
  | 'CODE_LOGIN'
  /** `login`, and `acceptLink` with a password. */
  | 'LOGIN'
  /** `requestPasswordReset`. */
  | 'PASSWORD_RESET'
  /** `register`. */
  | 'REGISTER';

/** The kinds of captchas. New ones may be added. */
export type CaptchaProvider =
  /** Proof of work in the format of ALTCHA 3, algorithm `SCRYPT`. The browser computes for about a second, without a click. The token is the JSON `{ challenge, solution: { counter, derivedKey } }` in base64. */
  | 'ALTCHA'
  /** hCaptcha. Its widget gives the token. */
  | 'HCAPTCHA'
  /** Google reCAPTCHA. Its widget gives the token. */
  | 'RECAPTCHA'
  /** Cloudflare Turnstile. Its widget gives the token; pass it the action. */
  | 'TURNSTILE';

/** The current and the new password. */
export type ChangePasswordInput = {
  /** The current password. At most 1024 UTF-16 units. */
  currentPassword: string;
  /** The new password. It has to meet `passwordPolicy`. At most 1024 UTF-16 units. */
  newPassword: string;
};

/** The classes of characters. */
export type CharacterClass =
  /** A decimal digit. */
  | 'DIGIT'
  /** A lower-case letter of any alphabet. */
  | 'LOWERCASE'
  /** Punctuation, a symbol or a space. */
  | 'SPECIAL'
  /** An upper-case letter of any alphabet. */
  | 'UPPERCASE';

/** The way in which a code is sent. */
export type CodeChannel =
  /** By mail. */
  | 'EMAIL'
  /** By SMS. */
  | 'SMS';

/** The code of a mail, or its link: either `flow` and `code`, or `token` and `codeVerifier`; and how the session is started. */
export type CompleteCodeLoginInput = {
  /** The eight digits of the mail. Spaces and dashes are ignored. */
  code?: string | null | undefined;
  /** The verifier whose hash was the `codeChallenge`. */
  codeVerifier?: string | null | undefined;
  /** The way in which the refresh token is returned. */
  delivery?: SessionDelivery;
  /** The name of this device in the list of sessions. At most 100 characters. */
  deviceName?: string | null | undefined;
  /** The `flow` of `beginCodeLogin`. A browser that did not begin the sign-in sends the token of the link instead. */
  flow?: string | null | undefined;
  /** Keeps the session for 30 days without use (90 days in total) instead of 7 (30 in total). */
  rememberMe?: boolean;
  /** The text after `#token=` in the link of the mail. */
  token?: string | null | undefined;
};

/** The exchange code, its verifier, and the options of the session. */
export type CompleteFederatedLoginInput = {
  /** The `code` of the address that the browser returned to. Single use, for a minute. */
  code: string;
  /** The verifier whose hash was the `codeChallenge`. */
  codeVerifier: string;
  /** The way in which the refresh token is returned. */
  delivery?: SessionDelivery;
  /** The name of this device in the list of sessions. At most 100 characters. */
  deviceName?: string | null | undefined;
  /** Keeps the session for 30 days without use (90 days in total) instead of 7 (30 in total). */
  rememberMe?: boolean;
};

/** The proof that the user receives mail at the new address. */
export type ConfirmEmailChangeInput = {
  /** The text after `#token=` in the link `/confirm-email`. Single use, valid for one hour. */
  token: string;
};

/** The confirmation of a new passkey. */
export type ConfirmPasskeyInput = {
  /** The token from the link `/confirm-passkey#token=…` of the mail. */
  token: string;
};

/** The response of the browser, and a name for the passkey. */
export type ConfirmPasskeyRegistrationInput = {
  /** The name of the passkey, for example `MacBook`. At most 100 characters. */
  name: string;
  /** `RegistrationResponseJSON`: the result of `toJSON()` of the new credential. At most 32768 UTF-16 units. */
  response: Record<string, unknown>;
};

/** The code of a text message. */
export type ConfirmPhoneInput = {
  /** The eight digits of the message. Spaces and dashes are ignored. */
  code: string;
  /** Whether the phone becomes a second factor, beside an authenticator app or a passkey. */
  factor?: boolean;
  /** The `flow` of `beginPhoneVerification`. */
  flow: string;
};

/** The proof that the app has the secret. */
export type ConfirmTotpEnrollmentInput = {
  /** The current six-digit code of the app. */
  code: string;
};

/** A new API key. */
export type CreateApiKeyInput = {
  /** The lifetime in seconds, from 60. The service limits it, by default to 365 days. */
  expiresIn: number;
  /** The networks and addresses that the key is accepted from, for example `192.0.2.0/24`. At most 20. Absent: all networks. */
  ipAllowlist?: Array<string> | null | undefined;
  /** Requests a minute. It lowers the limit of the service; a higher number has no effect. */
  limitPerMinute?: number | null | undefined;
  /** A name to tell keys apart. At most 100 characters. */
  name: string;
  /** The permissions that the key may use, for example `users:read`. The owner must hold each of them. */
  scopes: Array<string>;
  /** The service account that gets the key. Absent: the signed-in user. Requires `service-accounts:write`. */
  serviceAccountId?: string | number | null | undefined;
};

/** The proof that the owner deletes the account. */
export type DeleteAccountInput = {
  /** The current password. Required unless the account has none (`Viewer.hasPassword`). At most 1024 UTF-16 units. */
  password?: string | null | undefined;
};

/** The proof that the owner removes the authenticator app. */
export type DisableTotpInput = {
  /** The current six-digit code of the app, or a backup code. */
  code: string;
};

/** The token of a security mail. */
export type DisownSessionInput = {
  /** The text after `#token=` in the link `/not-me` of the mail. Single use. */
  token: string;
};

/** A code of a mail, and what it belongs to. */
export type EmailCodeInput = {
  /** The eight digits of the mail. Spaces and dashes are ignored. */
  code: string;
  /** The `flow` of `beginReauthenticationCode`. */
  flow: string;
};

/** The data to export. Empty: all data. */
export type ExportMyDataInput = {
  /** Limits sessions, mails and events to this time and later. */
  since?: string | null | undefined;
};

/** The exchange code of a sign-in with an external provider. */
export type FederatedCodeInput = {
  /** The `code` of the address that the browser returned to. Single use, for a minute. */
  code: string;
  /** The verifier whose hash was the `codeChallenge` (RFC 7636). */
  codeVerifier: string;
};

/** The kinds of providers. New ones may be added. */
export type FederatedProviderKind =
  /** Apple. */
  | 'APPLE'
  /** GitHub. */
  | 'GITHUB'
  /** Google. */
  | 'GOOGLE'
  /** Microsoft Entra ID. */
  | 'MICROSOFT'
  /** Any provider of OAuth 2.0 with an address that describes the user. */
  | 'OAUTH2'
  /** Any provider of OpenID Connect. */
  | 'OIDC';

/** What a visit to a provider is for. */
export type FederatedPurpose =
  /** Link an identity to the signed-in user: `linkIdentity`. */
  | 'LINK'
  /** Authenticate the session again: `reauthenticate`. */
  | 'REAUTHENTICATE'
  /** Sign in or sign up: `completeFederatedLogin`. */
  | 'SIGN_IN';

/** The ticket of a `SignUpProposal`, and the new account. */
export type FinishFederatedSignUpInput = {
  /** The way in which the refresh token is returned. */
  delivery?: SessionDelivery;
  /** The name of this device in the list of sessions. At most 100 characters. */
  deviceName?: string | null | undefined;
  /** The display name. Absent: the one of the provider. At most 100 characters. */
  displayName?: string | null | undefined;
  /** The address of the account. Absent: the one that the provider has verified. */
  email?: string | null | undefined;
  /** Keeps the session for 30 days without use (90 days in total) instead of 7 (30 in total). */
  rememberMe?: boolean;
  /** The ticket. */
  ticket: string;
};

/** The exchange code of a flow with the purpose `LINK` that this session began. */
export type LinkIdentityInput = {
  /** The `code` of the address that the browser returned to. Single use, for a minute. */
  code: string;
  /** The verifier whose hash was the `codeChallenge`. */
  codeVerifier: string;
};

/** The credentials and options of a sign-in. */
export type LoginInput = {
  /** The way in which the refresh token is returned. */
  delivery?: SessionDelivery;
  /** The name of this device in the list of sessions. At most 100 characters. */
  deviceName?: string | null | undefined;
  /** The e-mail address of the account. */
  email: string;
  /** The password of the account. At most 1024 UTF-16 units. */
  password: string;
  /** Keeps the session for 30 days without use (90 days in total) instead of 7 (30 in total). */
  rememberMe?: boolean;
};

/** The ID token of a native app, and the options of the session. */
export type LoginWithIdTokenInput = {
  /** The way in which the refresh token is returned. */
  delivery?: SessionDelivery;
  /** The name of this device in the list of sessions. At most 100 characters. */
  deviceName?: string | null | undefined;
  /** The ID token of the SDK of the provider. At most 10 minutes old; it signs in once. At most 8192 UTF-16 units. */
  idToken: string;
  /** The random nonce that the app passed to the SDK. */
  nonce: string;
  /** The `id` of the provider. */
  providerId: string | number;
  /** Keeps the session for 30 days without use (90 days in total) instead of 7 (30 in total). */
  rememberMe?: boolean;
};

/** The response of the browser. */
export type LoginWithPasskeyInput = {
  /** The way in which the refresh token is returned. */
  delivery?: SessionDelivery;
  /** The name of this device in the list of sessions. At most 100 characters. */
  deviceName?: string | null | undefined;
  /** Keeps the session for 30 days without use (90 days in total) instead of 7 (30 in total). */
  rememberMe?: boolean;
  /** `AuthenticationResponseJSON`: the result of `toJSON()` of the credential. At most 32768 UTF-16 units. */
  response: Record<string, unknown>;
  /** The ticket that was passed to `beginPasskeyLogin`. With a ticket, the options of the `login` call apply and the other fields of this input are ignored. */
  ticket?: string | null | undefined;
};

/** The session to end. Empty: the session of the access token. */
export type LogoutInput = {
  /** A refresh token of the session to end, for clients with an expired access token. */
  refreshToken?: string | null | undefined;
};

/** The methods for the second step of sign-in. */
export type MfaMethod =
  /** A backup code, for users without access to their other factors. Single use. */
  | 'BACKUP_CODE'
  /** A code in a mail, which `beginMfaCode` sends. Only for accounts without another factor. */
  | 'EMAIL_CODE'
  /** A passkey (WebAuthn). It has no code: call `beginPasskeyLogin`, then `loginWithPasskey`, both with the ticket. */
  | 'PASSKEY'
  /** A code in an SMS, which `beginMfaCode` sends. */
  | 'SMS_CODE'
  /** The current six-digit code of an authenticator app. */
  | 'TOTP';

/** The sets of rules that an operator can choose. */
export type PasswordPreset =
  /** 8 characters or more, of all four classes. */
  | 'CLASSIC'
  /** 15 characters or more, of any kind (NIST SP 800-63B). */
  | 'NIST'
  /** 12 characters or more; passwords under 20 characters need all four classes. */
  | 'PASSPHRASE';

/** The proof of recent authentication: the password, a passkey, a provider or the code of a mail, each also with a code, or a code alone. */
export type ReauthenticateInput = {
  /** The current six-digit code of the authenticator app, or an unused backup code. Either raises the session to `AAL2`. */
  code?: string | null | undefined;
  /** The code that `beginReauthenticationCode` mailed for this session. */
  emailCode?: EmailCodeInput | null | undefined;
  /** The code of a sign-in that this session began with the purpose `REAUTHENTICATE`. The provider has to state that the user authenticated within the last minute. */
  federated?: FederatedCodeInput | null | undefined;
  /** `AuthenticationResponseJSON`: the response of the browser to the options of `beginPasskeyLogin` with `reauthenticate: true` in this session. It raises the session to `AAL2`. At most 32768 UTF-16 units. */
  passkey?: Record<string, unknown> | null | undefined;
  /** The password of the account. At most 1024 UTF-16 units. */
  password?: string | null | undefined;
};

/** The session to refresh. Empty: the session of the cookie. */
export type RefreshInput = {
  /** The newest refresh token of the session. Absent in cookie mode. */
  refreshToken?: string | null | undefined;
};

/** The proof that the owner requests new codes. */
export type RegenerateBackupCodesInput = {
  /** The current six-digit code of the app, or a backup code. */
  code: string;
};

/** A new account. */
export type RegisterInput = {
  /** The display name. At most 100 characters. */
  displayName?: string | null | undefined;
  /** The e-mail address to sign in with. */
  email: string;
  /** The language of mails to the user, for example `en` or `de-AT`. Unsupported languages fall back to the language of the service. */
  locale?: string | null | undefined;
  /** The password. It has to meet `passwordPolicy`. Optional when `signInMethods` contains `EMAIL_CODE`: without it, the account has no password. At most 1024 UTF-16 units. */
  password?: string | null | undefined;
};

/** The next step after `register`. */
export type RegistrationStatus =
  /** The account is active: sign in. Only when the operator has disabled verification. */
  | 'ACTIVE'
  /** A mail was sent. The answer is the same when the address already has an account; the mail then says so. */
  | 'VERIFICATION_SENT';

/** The passkey to remove. */
export type RemovePasskeyInput = {
  /** The `id`. */
  id: string | number;
};

/** The phone to remove. */
export type RemovePhoneInput = {
  /** The `id` of the phone. */
  id: string | number;
};

/** A passkey and its new name. */
export type RenamePasskeyInput = {
  /** The `id` of the passkey. */
  id: string | number;
  /** The new name, for example `MacBook`. At most 100 characters. */
  name: string;
};

/** The new e-mail address. */
export type RequestEmailChangeInput = {
  /** The new address. A mail with a confirmation link is sent to it. */
  newEmail: string;
};

/** The account whose password to reset. */
export type RequestPasswordResetInput = {
  /** The e-mail address of the account. */
  email: string;
};

/** The address to send the mail to again. */
export type ResendVerificationEmailInput = {
  /** The e-mail address of the registration. */
  email: string;
  /** The password of the registration. It renews the registration. At most 1024 UTF-16 units. */
  password?: string | null | undefined;
};

/** A new password, and the token that authorises it. */
export type ResetPasswordInput = {
  /** The new password. It has to meet `passwordPolicy`. A rejected password leaves the token valid. At most 1024 UTF-16 units. */
  newPassword: string;
  /** The text after `#token=` in the link. Single use. */
  token: string;
};

/** The key to revoke. */
export type RevokeApiKeyInput = {
  /** The id of the key. */
  id: string | number;
};

/** The sessions to revoke. Empty: all sessions except the session of this request. */
export type RevokeOtherSessionsInput = {
  /** Revokes only sessions that signed in before this time. */
  signedInBefore?: string | null | undefined;
};

/** The session to revoke. */
export type RevokeSessionInput = {
  /** The `id`. */
  id: string | number;
};

/** The key to rotate. */
export type RotateApiKeyInput = {
  /** The id of the key. */
  id: string | number;
  /** The seconds for which the former secret works too, at most 7 days. 0: it stops working at once. Default: a day. */
  overlap?: number | null | undefined;
};

/** The ways in which the refresh token is returned. */
export type SessionDelivery =
  /** In the response, for apps and servers that can store a secret. */
  | 'BEARER'
  /** In an HttpOnly cookie, for browsers. `refresh` then requires the header `X-CSRF-Token` with the `csrfToken` of the session. */
  | 'COOKIE';

/** The first password of an account without one. */
export type SetPasswordInput = {
  /** The password. It has to meet `passwordPolicy`. At most 1024 UTF-16 units. */
  newPassword: string;
};

/** The identity to unlink. */
export type UnlinkIdentityInput = {
  /** The `id` of the identity. */
  identityId: string | number;
};

/** The changes. Absent and null fields keep their value. */
export type UpdateApiKeyInput = {
  /** The id of the key. */
  id: string | number;
  /** The networks. An empty list admits all networks. */
  ipAllowlist?: Array<string> | null | undefined;
  /** Requests a minute. */
  limitPerMinute?: number | null | undefined;
  /** The name. At most 100 characters. */
  name?: string | null | undefined;
  /** The scopes that remain: some of the present ones. */
  scopes?: Array<string> | null | undefined;
};

/** The changes of the profile. Absent fields stay unchanged. */
export type UpdateProfileInput = {
  /** The display name. At most 100 characters. Null or empty removes it. */
  displayName?: string | null | undefined;
  /** The language of mails to the user, for example `en` or `de-AT`. Null resets it to the language of the service. */
  locale?: string | null | undefined;
};

/** The proof that the user receives mail at an address. */
export type VerifyEmailInput = {
  /** The text after `#token=` in the link of the mail. Single use, valid for 24 hours. */
  token: string;
};

/** The second step of sign-in. */
export type VerifyMfaInput = {
  /** The code. Spaces, dashes and letter case are ignored. At most 64 characters. */
  code: string;
  /** The kind of the code: every method but `PASSKEY`. */
  method: MfaMethod;
  /** The ticket of the `MfaChallenge` that `login` returned. */
  ticket: string;
};

export type MyselfFragment = { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } };

export type PasswordPolicyQueryVariables = Exact<{ [key: string]: never; }>;


export type PasswordPolicyQuery = { passwordPolicy: { preset: PasswordPreset, minLength: number, minLengthWithSecondFactor: number, maxLength: number, requiredClasses: Array<CharacterClass>, classesRequiredBelow: number | null, historySize: number, breachCheck: boolean } };

export type PasswordLinkQueryVariables = Exact<{
  token: string;
}>;


export type PasswordLinkQuery = { passwordLink: { email: string } | null };

export type CaptchaQueryVariables = Exact<{
  action: CaptchaAction;
}>;


export type CaptchaQuery = { captcha: { provider: CaptchaProvider, siteKey: string | null, challenge: Record<string, unknown> | null, due: boolean, expiresAt: string | null } | null };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } } | null };

export type SignInMethodsQueryVariables = Exact<{ [key: string]: never; }>;


export type SignInMethodsQuery = { viewer: { hasPassword: boolean, signInMethods: Array<AuthMethod> } | null };

export type SecurityEventFragment = { id: string, action: string, outcome: AuditOutcome, occurredAt: string, ipAddress: string | null, userAgent: string | null, reason: string | null, sessionId: string | null, details: Record<string, unknown>, actor: { id: string, displayName: string | null } | null, target: { type: string, id: string, user: { id: string, displayName: string | null } | null } | null };

export type SecurityEventsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  refreshes?: boolean;
}>;


export type SecurityEventsQuery = { viewer: { securityEvents: { nodes: Array<{ id: string, action: string, outcome: AuditOutcome, occurredAt: string, ipAddress: string | null, userAgent: string | null, reason: string | null, sessionId: string | null, details: Record<string, unknown>, actor: { id: string, displayName: string | null } | null, target: { type: string, id: string, user: { id: string, displayName: string | null } | null } | null }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } } | null };

export type RegisterMutationVariables = Exact<{
  input: RegisterInput;
}>;


export type RegisterMutation = { register: { status: RegistrationStatus } };

export type VerifyEmailMutationVariables = Exact<{
  input: VerifyEmailInput;
}>;


export type VerifyEmailMutation = { verifyEmail: { verified: boolean } };

export type ResendVerificationEmailMutationVariables = Exact<{
  input: ResendVerificationEmailInput;
}>;


export type ResendVerificationEmailMutation = { resendVerificationEmail: { accepted: boolean } };

export type RequestPasswordResetMutationVariables = Exact<{
  input: RequestPasswordResetInput;
}>;


export type RequestPasswordResetMutation = { requestPasswordReset: { accepted: boolean } };

export type ResetPasswordMutationVariables = Exact<{
  input: ResetPasswordInput;
}>;


export type ResetPasswordMutation = { resetPassword: { reset: boolean } };

export type ChangePasswordMutationVariables = Exact<{
  input: ChangePasswordInput;
}>;


export type ChangePasswordMutation = { changePassword: { revokedCount: number, deviceToken: string | null } };

export type SetPasswordMutationVariables = Exact<{
  input: SetPasswordInput;
}>;


export type SetPasswordMutation = { setPassword: { revokedCount: number, deviceToken: string | null } };

export type UpdateProfileMutationVariables = Exact<{
  input: UpdateProfileInput;
}>;


export type UpdateProfileMutation = { updateProfile: { viewer: { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } } } };

export type RequestEmailChangeMutationVariables = Exact<{
  input: RequestEmailChangeInput;
}>;


export type RequestEmailChangeMutation = { requestEmailChange: { accepted: boolean } };

export type ConfirmEmailChangeMutationVariables = Exact<{
  input: ConfirmEmailChangeInput;
}>;


export type ConfirmEmailChangeMutation = { confirmEmailChange: { viewer: { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } } | null } };

export type DeleteAccountMutationVariables = Exact<{
  input: DeleteAccountInput;
}>;


export type DeleteAccountMutation = { deleteAccount: { deletedAt: string, purgeAt: string } };

export type ExportMyDataMutationVariables = Exact<{
  input: ExportMyDataInput;
}>;


export type ExportMyDataMutation = { exportMyData: { data: Record<string, unknown> } };

export type ApiKeyDetailFragment = { id: string, name: string, hint: string, scopes: Array<string>, createdAt: string, expiresAt: string, lastUsedAt: string | null, lastUsedFrom: string | null, ipAllowlist: Array<string>, limitPerMinute: number | null, rotating: string | null };

export type ApiKeysQueryVariables = Exact<{ [key: string]: never; }>;


export type ApiKeysQuery = { viewer: { apiKeys: { nodes: Array<{ id: string, name: string, hint: string, scopes: Array<string>, createdAt: string, expiresAt: string, lastUsedAt: string | null, lastUsedFrom: string | null, ipAllowlist: Array<string>, limitPerMinute: number | null, rotating: string | null }> } } | null };

export type CreateApiKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type CreateApiKeyMutation = { createApiKey: { secret: string, apiKey: { id: string, name: string, hint: string, scopes: Array<string>, createdAt: string, expiresAt: string, lastUsedAt: string | null, lastUsedFrom: string | null, ipAllowlist: Array<string>, limitPerMinute: number | null, rotating: string | null } } };

export type RotateApiKeyMutationVariables = Exact<{
  input: RotateApiKeyInput;
}>;


export type RotateApiKeyMutation = { rotateApiKey: { secret: string, apiKey: { id: string, rotating: string | null } } };

export type UpdateApiKeyMutationVariables = Exact<{
  input: UpdateApiKeyInput;
}>;


export type UpdateApiKeyMutation = { updateApiKey: { apiKey: { id: string, name: string, hint: string, scopes: Array<string>, createdAt: string, expiresAt: string, lastUsedAt: string | null, lastUsedFrom: string | null, ipAllowlist: Array<string>, limitPerMinute: number | null, rotating: string | null } } };

export type RevokeApiKeyMutationVariables = Exact<{
  input: RevokeApiKeyInput;
}>;


export type RevokeApiKeyMutation = { revokeApiKey: { revoked: boolean } };

export type SentCodeFragment = { flow: string, channel: CodeChannel, maskedTarget: string, expiresAt: string, resendAfter: number };

export type EnabledMethodsQueryVariables = Exact<{ [key: string]: never; }>;


export type EnabledMethodsQuery = { signInMethods: Array<AuthMethod> };

export type BeginCodeLoginMutationVariables = Exact<{
  input: BeginCodeLoginInput;
}>;


export type BeginCodeLoginMutation = { beginCodeLogin: { flow: string, channel: CodeChannel, maskedTarget: string, expiresAt: string, resendAfter: number } };

export type CompleteCodeLoginMutationVariables = Exact<{
  input: CompleteCodeLoginInput;
}>;


export type CompleteCodeLoginMutation = { completeCodeLogin:
    | { __typename: 'AuthSession', accessToken: string, expiresIn: number, refreshToken: string | null, csrfToken: string | null, deviceToken: string | null, session: { id: string, current: boolean, createdAt: string, lastUsedAt: string, expiresAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null }, viewer: { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } } }
    | { __typename: 'MfaChallenge', ticket: string, methods: Array<MfaMethod>, expiresAt: string }
   };

export type BeginMfaCodeMutationVariables = Exact<{
  input: BeginMfaCodeInput;
}>;


export type BeginMfaCodeMutation = { beginMfaCode: { flow: string, channel: CodeChannel, maskedTarget: string, expiresAt: string, resendAfter: number } };

export type BeginReauthenticationCodeMutationVariables = Exact<{ [key: string]: never; }>;


export type BeginReauthenticationCodeMutation = { beginReauthenticationCode: { flow: string, channel: CodeChannel, maskedTarget: string, expiresAt: string, resendAfter: number } };

export type OwnIdentityFragment = { id: string, email: string | null, subjectHint: string, linkedAt: string, lastUsedAt: string | null, provider: { id: string, slug: string, displayName: string } };

export type FederatedProvidersQueryVariables = Exact<{ [key: string]: never; }>;


export type FederatedProvidersQuery = { federatedProviders: Array<{ id: string, slug: string, displayName: string, kind: FederatedProviderKind, iconUrl: string | null }> };

export type IdentitiesQueryVariables = Exact<{ [key: string]: never; }>;


export type IdentitiesQuery = { viewer: { identities: Array<{ id: string, email: string | null, subjectHint: string, linkedAt: string, lastUsedAt: string | null, provider: { id: string, slug: string, displayName: string } }> } | null };

export type BeginFederatedLoginMutationVariables = Exact<{
  input: BeginFederatedLoginInput;
}>;


export type BeginFederatedLoginMutation = { beginFederatedLogin: { authorizationUrl: string, flow: string, expiresAt: string } };

type FederatedOutcome_AuthSession_Fragment = { __typename: 'AuthSession', accessToken: string, expiresIn: number, refreshToken: string | null, csrfToken: string | null, deviceToken: string | null, session: { id: string, current: boolean, createdAt: string, lastUsedAt: string, expiresAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null }, viewer: { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } } };

type FederatedOutcome_LinkProposal_Fragment = { __typename: 'LinkProposal', ticket: string, email: string, proofs: Array<AuthMethod>, expiresAt: string };

type FederatedOutcome_MfaChallenge_Fragment = { __typename: 'MfaChallenge', ticket: string, methods: Array<MfaMethod>, expiresAt: string };

type FederatedOutcome_SignUpProposal_Fragment = { __typename: 'SignUpProposal', ticket: string, displayName: string | null, missing: Array<string>, expiresAt: string, emailAtProvider: string | null };

export type FederatedOutcomeFragment =
  | FederatedOutcome_AuthSession_Fragment
  | FederatedOutcome_LinkProposal_Fragment
  | FederatedOutcome_MfaChallenge_Fragment
  | FederatedOutcome_SignUpProposal_Fragment
;

export type CompleteFederatedLoginMutationVariables = Exact<{
  input: CompleteFederatedLoginInput;
}>;


export type CompleteFederatedLoginMutation = { completeFederatedLogin:
    | { __typename: 'AuthSession', accessToken: string, expiresIn: number, refreshToken: string | null, csrfToken: string | null, deviceToken: string | null, session: { id: string, current: boolean, createdAt: string, lastUsedAt: string, expiresAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null }, viewer: { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } } }
    | { __typename: 'LinkProposal', ticket: string, email: string, proofs: Array<AuthMethod>, expiresAt: string }
    | { __typename: 'MfaChallenge', ticket: string, methods: Array<MfaMethod>, expiresAt: string }
    | { __typename: 'SignUpProposal', ticket: string, displayName: string | null, missing: Array<string>, expiresAt: string, emailAtProvider: string | null }
   };

export type LoginWithIdTokenMutationVariables = Exact<{
  input: LoginWithIdTokenInput;
}>;


export type LoginWithIdTokenMutation = { loginWithIdToken:
    | { __typename: 'AuthSession', accessToken: string, expiresIn: number, refreshToken: string | null, csrfToken: string | null, deviceToken: string | null, session: { id: string, current: boolean, createdAt: string, lastUsedAt: string, expiresAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null }, viewer: { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } } }
    | { __typename: 'LinkProposal', ticket: string, email: string, proofs: Array<AuthMethod>, expiresAt: string }
    | { __typename: 'MfaChallenge', ticket: string, methods: Array<MfaMethod>, expiresAt: string }
    | { __typename: 'SignUpProposal', ticket: string, displayName: string | null, missing: Array<string>, expiresAt: string, emailAtProvider: string | null }
   };

export type AcceptLinkMutationVariables = Exact<{
  input: AcceptLinkInput;
}>;


export type AcceptLinkMutation = { acceptLink:
    | { __typename: 'AuthSession', accessToken: string, expiresIn: number, refreshToken: string | null, csrfToken: string | null, deviceToken: string | null, session: { id: string, current: boolean, createdAt: string, lastUsedAt: string, expiresAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null }, viewer: { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } } }
    | { __typename: 'MfaChallenge', ticket: string, methods: Array<MfaMethod>, expiresAt: string }
   };

export type FinishFederatedSignUpMutationVariables = Exact<{
  input: FinishFederatedSignUpInput;
}>;


export type FinishFederatedSignUpMutation = { finishFederatedSignUp:
    | { __typename: 'AuthSession', accessToken: string, expiresIn: number, refreshToken: string | null, csrfToken: string | null, deviceToken: string | null, session: { id: string, current: boolean, createdAt: string, lastUsedAt: string, expiresAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null }, viewer: { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } } }
    | { __typename: 'MfaChallenge', ticket: string, methods: Array<MfaMethod>, expiresAt: string }
    | { __typename: 'RegisterPayload', status: RegistrationStatus }
   };

export type LinkIdentityMutationVariables = Exact<{
  input: LinkIdentityInput;
}>;


export type LinkIdentityMutation = { linkIdentity: { viewer: { identities: Array<{ id: string, email: string | null, subjectHint: string, linkedAt: string, lastUsedAt: string | null, provider: { id: string, slug: string, displayName: string } }> } } };

export type UnlinkIdentityMutationVariables = Exact<{
  input: UnlinkIdentityInput;
}>;


export type UnlinkIdentityMutation = { unlinkIdentity: { viewer: { identities: Array<{ id: string, email: string | null, subjectHint: string, linkedAt: string, lastUsedAt: string | null, provider: { id: string, slug: string, displayName: string } }> } } };

export type SessionEventsSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type SessionEventsSubscription = { sessionEvents:
    | { __typename: 'PermissionsChanged', permissions: Array<string> }
    | { __typename: 'SessionEnding' }
    | { __typename: 'SignedInElsewhere' }
    | { __typename: 'TokenExpiring' }
   };

export type OwnPhoneFragment = { id: string, maskedNumber: string, country: string, verifiedAt: string, factor: boolean };

export type PhonesQueryVariables = Exact<{ [key: string]: never; }>;


export type PhonesQuery = { viewer: { phones: Array<{ id: string, maskedNumber: string, country: string, verifiedAt: string, factor: boolean }>, phoneRules: { countries: Array<string>, maximum: number, factor: boolean } | null } | null };

export type BeginPhoneVerificationMutationVariables = Exact<{
  input: BeginPhoneVerificationInput;
}>;


export type BeginPhoneVerificationMutation = { beginPhoneVerification: { flow: string, channel: CodeChannel, maskedTarget: string, expiresAt: string, resendAfter: number } };

export type ConfirmPhoneMutationVariables = Exact<{
  input: ConfirmPhoneInput;
}>;


export type ConfirmPhoneMutation = { confirmPhone: { phone: { id: string, maskedNumber: string, country: string, verifiedAt: string, factor: boolean } } };

export type RemovePhoneMutationVariables = Exact<{
  input: RemovePhoneInput;
}>;


export type RemovePhoneMutation = { removePhone: { viewer: { id: string } } };

export type OwnPasskeyFragment = { id: string, name: string, backedUp: boolean, createdAt: string, lastUsedAt: string | null, aloneFrom: string | null };

export type PasskeysQueryVariables = Exact<{ [key: string]: never; }>;


export type PasskeysQuery = { viewer: { passkeys: Array<{ id: string, name: string, backedUp: boolean, createdAt: string, lastUsedAt: string | null, aloneFrom: string | null }> } | null };

export type BeginTotpEnrollmentMutationVariables = Exact<{
  input: BeginTotpEnrollmentInput;
}>;


export type BeginTotpEnrollmentMutation = { beginTotpEnrollment: { secret: string, otpauthUri: string, qrCode: string, expiresAt: string } };

export type ConfirmTotpEnrollmentMutationVariables = Exact<{
  input: ConfirmTotpEnrollmentInput;
}>;


export type ConfirmTotpEnrollmentMutation = { confirmTotpEnrollment: { backupCodes: Array<string> } };

export type DisableTotpMutationVariables = Exact<{
  input: DisableTotpInput;
}>;


export type DisableTotpMutation = { disableTotp: { viewer: { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } } } };

export type RegenerateBackupCodesMutationVariables = Exact<{
  input: RegenerateBackupCodesInput;
}>;


export type RegenerateBackupCodesMutation = { regenerateBackupCodes: { backupCodes: Array<string> } };

export type BeginPasskeyRegistrationMutationVariables = Exact<{
  input: BeginPasskeyRegistrationInput;
}>;


export type BeginPasskeyRegistrationMutation = { beginPasskeyRegistration: { expiresAt: string, options: Record<string, unknown> } };

export type ConfirmPasskeyRegistrationMutationVariables = Exact<{
  input: ConfirmPasskeyRegistrationInput;
}>;


export type ConfirmPasskeyRegistrationMutation = { confirmPasskeyRegistration: { backupCodes: Array<string> | null, passkey: { id: string, name: string, backedUp: boolean, createdAt: string, lastUsedAt: string | null, aloneFrom: string | null } } };

export type ConfirmPasskeyMutationVariables = Exact<{
  input: ConfirmPasskeyInput;
}>;


export type ConfirmPasskeyMutation = { confirmPasskey: { confirmed: boolean } };

export type RenamePasskeyMutationVariables = Exact<{
  input: RenamePasskeyInput;
}>;


export type RenamePasskeyMutation = { renamePasskey: { passkey: { id: string, name: string } } };

export type RemovePasskeyMutationVariables = Exact<{
  input: RemovePasskeyInput;
}>;


export type RemovePasskeyMutation = { removePasskey: { viewer: { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } } } };

export type TokensFragment = { accessToken: string, expiresIn: number, refreshToken: string | null, csrfToken: string | null, deviceToken: string | null, session: { id: string } };

export type StartedFragment = { accessToken: string, expiresIn: number, refreshToken: string | null, csrfToken: string | null, deviceToken: string | null, session: { id: string, current: boolean, createdAt: string, lastUsedAt: string, expiresAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null }, viewer: { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } } };

export type LoginMutationVariables = Exact<{
  input: LoginInput;
}>;


export type LoginMutation = { login:
    | { __typename: 'AuthSession', accessToken: string, expiresIn: number, refreshToken: string | null, csrfToken: string | null, deviceToken: string | null, session: { id: string, current: boolean, createdAt: string, lastUsedAt: string, expiresAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null }, viewer: { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } } }
    | { __typename: 'MfaChallenge', ticket: string, methods: Array<MfaMethod>, expiresAt: string }
   };

export type VerifyMfaMutationVariables = Exact<{
  input: VerifyMfaInput;
}>;


export type VerifyMfaMutation = { verifyMfa: { accessToken: string, expiresIn: number, refreshToken: string | null, csrfToken: string | null, deviceToken: string | null, session: { id: string, current: boolean, createdAt: string, lastUsedAt: string, expiresAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null }, viewer: { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } } } };

export type BeginPasskeyLoginMutationVariables = Exact<{
  input: BeginPasskeyLoginInput;
}>;


export type BeginPasskeyLoginMutation = { beginPasskeyLogin: { expiresAt: string, options: Record<string, unknown> } };

export type LoginWithPasskeyMutationVariables = Exact<{
  input: LoginWithPasskeyInput;
}>;


export type LoginWithPasskeyMutation = { loginWithPasskey: { accessToken: string, expiresIn: number, refreshToken: string | null, csrfToken: string | null, deviceToken: string | null, session: { id: string, current: boolean, createdAt: string, lastUsedAt: string, expiresAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null }, viewer: { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } } } };

export type RefreshMutationVariables = Exact<{
  input: RefreshInput;
}>;


export type RefreshMutation = { refresh: { accessToken: string, expiresIn: number, refreshToken: string | null, csrfToken: string | null, deviceToken: string | null, session: { id: string } } };

export type ReauthenticateMutationVariables = Exact<{
  input: ReauthenticateInput;
}>;


export type ReauthenticateMutation = { reauthenticate: { accessToken: string, expiresIn: number, refreshToken: string | null, csrfToken: string | null, deviceToken: string | null, session: { id: string, current: boolean, createdAt: string, lastUsedAt: string, expiresAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null }, viewer: { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } } } };

export type LogoutMutationVariables = Exact<{
  input: LogoutInput;
}>;


export type LogoutMutation = { logout: { revoked: boolean } };

export type DeviceSessionFragment = { id: string, current: boolean, createdAt: string, lastUsedAt: string, expiresAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null };

export type SessionsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SessionsQuery = { viewer: { sessions: { nodes: Array<{ id: string, current: boolean, createdAt: string, lastUsedAt: string, expiresAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } } | null };

export type RevokeSessionMutationVariables = Exact<{
  input: RevokeSessionInput;
}>;


export type RevokeSessionMutation = { revokeSession: { revokedCount: number } };

export type RevokeOtherSessionsMutationVariables = Exact<{
  input: RevokeOtherSessionsInput;
}>;


export type RevokeOtherSessionsMutation = { revokeOtherSessions: { revokedCount: number } };

export type DisownSessionMutationVariables = Exact<{
  input: DisownSessionInput;
}>;


export type DisownSessionMutation = { disownSession: { revokedCount: number } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const SecurityEventFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment SecurityEvent on AuditEntry {
  id
  action
  outcome
  occurredAt
  actor {
    id
    displayName
  }
  target {
    type
    id
    user {
      id
      displayName
    }
  }
  ipAddress
  userAgent
  reason
  sessionId
  details
}
    `, {"fragmentName":"SecurityEvent"}) as unknown as TypedDocumentString<SecurityEventFragment, unknown>;
export const ApiKeyDetailFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment ApiKeyDetail on ApiKey {
  id
  name
  hint
  scopes
  createdAt
  expiresAt
  lastUsedAt
  lastUsedFrom
  ipAllowlist
  limitPerMinute
  rotating
}
    `, {"fragmentName":"ApiKeyDetail"}) as unknown as TypedDocumentString<ApiKeyDetailFragment, unknown>;
export const SentCodeFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment SentCode on CodeFlow {
  flow
  channel
  maskedTarget
  expiresAt
  resendAfter
}
    `, {"fragmentName":"SentCode"}) as unknown as TypedDocumentString<SentCodeFragment, unknown>;
export const OwnIdentityFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment OwnIdentity on Identity {
  id
  provider {
    id
    slug
    displayName
  }
  email
  subjectHint
  linkedAt
  lastUsedAt
}
    `, {"fragmentName":"OwnIdentity"}) as unknown as TypedDocumentString<OwnIdentityFragment, unknown>;
export const TokensFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment Tokens on AuthSession {
  accessToken
  expiresIn
  refreshToken
  csrfToken
  deviceToken
  session {
    id
  }
}
    `, {"fragmentName":"Tokens"}) as unknown as TypedDocumentString<TokensFragment, unknown>;
export const DeviceSessionFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment DeviceSession on Session {
  id
  current
  createdAt
  lastUsedAt
  expiresAt
  ipAddress
  userAgent
  deviceName
  location {
    country
    city
  }
  assurance
  methods
}
    `, {"fragmentName":"DeviceSession"}) as unknown as TypedDocumentString<DeviceSessionFragment, unknown>;
export const MyselfFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment Myself on Viewer {
  id
  email
  emailVerified
  displayName
  locale
  role {
    name
    rank
  }
  permissions
  mfa {
    enabled
    required
    methods
    backupCodesRemaining
  }
  createdAt
}
    `, {"fragmentName":"Myself"}) as unknown as TypedDocumentString<MyselfFragment, unknown>;
export const StartedFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment Started on AuthSession {
  ...Tokens
  session {
    ...DeviceSession
  }
  viewer {
    ...Myself
  }
}
    fragment Myself on Viewer {
  id
  email
  emailVerified
  displayName
  locale
  role {
    name
    rank
  }
  permissions
  mfa {
    enabled
    required
    methods
    backupCodesRemaining
  }
  createdAt
}
fragment Tokens on AuthSession {
  accessToken
  expiresIn
  refreshToken
  csrfToken
  deviceToken
  session {
    id
  }
}
fragment DeviceSession on Session {
  id
  current
  createdAt
  lastUsedAt
  expiresAt
  ipAddress
  userAgent
  deviceName
  location {
    country
    city
  }
  assurance
  methods
}`, {"fragmentName":"Started"}) as unknown as TypedDocumentString<StartedFragment, unknown>;
export const FederatedOutcomeFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment FederatedOutcome on FederatedLoginResult {
  __typename
  ... on AuthSession {
    ...Started
  }
  ... on MfaChallenge {
    ticket
    methods
    expiresAt
  }
  ... on LinkProposal {
    ticket
    email
    proofs
    expiresAt
  }
  ... on SignUpProposal {
    ticket
    emailAtProvider: email
    displayName
    missing
    expiresAt
  }
}
    fragment Myself on Viewer {
  id
  email
  emailVerified
  displayName
  locale
  role {
    name
    rank
  }
  permissions
  mfa {
    enabled
    required
    methods
    backupCodesRemaining
  }
  createdAt
}
fragment Tokens on AuthSession {
  accessToken
  expiresIn
  refreshToken
  csrfToken
  deviceToken
  session {
    id
  }
}
fragment Started on AuthSession {
  ...Tokens
  session {
    ...DeviceSession
  }
  viewer {
    ...Myself
  }
}
fragment DeviceSession on Session {
  id
  current
  createdAt
  lastUsedAt
  expiresAt
  ipAddress
  userAgent
  deviceName
  location {
    country
    city
  }
  assurance
  methods
}`, {"fragmentName":"FederatedOutcome"}) as unknown as TypedDocumentString<FederatedOutcomeFragment, unknown>;
export const OwnPhoneFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment OwnPhone on Phone {
  id
  maskedNumber
  country
  verifiedAt
  factor
}
    `, {"fragmentName":"OwnPhone"}) as unknown as TypedDocumentString<OwnPhoneFragment, unknown>;
export const OwnPasskeyFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment OwnPasskey on Passkey {
  id
  name
  backedUp
  createdAt
  lastUsedAt
  aloneFrom
}
    `, {"fragmentName":"OwnPasskey"}) as unknown as TypedDocumentString<OwnPasskeyFragment, unknown>;
export const PasswordPolicyDocument = /*#__PURE__*/ new TypedDocumentString(`
    query PasswordPolicy {
  passwordPolicy {
    preset
    minLength
    minLengthWithSecondFactor
    maxLength
    requiredClasses
    classesRequiredBelow
    historySize
    breachCheck
  }
}
    `) as unknown as TypedDocumentString<PasswordPolicyQuery, PasswordPolicyQueryVariables>;
export const PasswordLinkDocument = /*#__PURE__*/ new TypedDocumentString(`
    query PasswordLink($token: String!) {
  passwordLink(token: $token) {
    email
  }
}
    `) as unknown as TypedDocumentString<PasswordLinkQuery, PasswordLinkQueryVariables>;
export const CaptchaDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Captcha($action: CaptchaAction!) {
  captcha(action: $action) {
    provider
    siteKey
    challenge
    due
    expiresAt
  }
}
    `) as unknown as TypedDocumentString<CaptchaQuery, CaptchaQueryVariables>;
export const ViewerDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Viewer {
  viewer {
    ...Myself
  }
}
    fragment Myself on Viewer {
  id
  email
  emailVerified
  displayName
  locale
  role {
    name
    rank
  }
  permissions
  mfa {
    enabled
    required
    methods
    backupCodesRemaining
  }
  createdAt
}`) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
export const SignInMethodsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query SignInMethods {
  viewer {
    hasPassword
    signInMethods
  }
}
    `) as unknown as TypedDocumentString<SignInMethodsQuery, SignInMethodsQueryVariables>;
export const SecurityEventsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query SecurityEvents($first: Int, $after: String, $refreshes: Boolean! = true) {
  viewer {
    securityEvents(first: $first, after: $after, refreshes: $refreshes) {
      nodes {
        ...SecurityEvent
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
}
    fragment SecurityEvent on AuditEntry {
  id
  action
  outcome
  occurredAt
  actor {
    id
    displayName
  }
  target {
    type
    id
    user {
      id
      displayName
    }
  }
  ipAddress
  userAgent
  reason
  sessionId
  details
}`) as unknown as TypedDocumentString<SecurityEventsQuery, SecurityEventsQueryVariables>;
export const RegisterDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation Register($input: RegisterInput!) {
  register(input: $input) {
    status
  }
}
    `) as unknown as TypedDocumentString<RegisterMutation, RegisterMutationVariables>;
export const VerifyEmailDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation VerifyEmail($input: VerifyEmailInput!) {
  verifyEmail(input: $input) {
    verified
  }
}
    `) as unknown as TypedDocumentString<VerifyEmailMutation, VerifyEmailMutationVariables>;
export const ResendVerificationEmailDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ResendVerificationEmail($input: ResendVerificationEmailInput!) {
  resendVerificationEmail(input: $input) {
    accepted
  }
}
    `) as unknown as TypedDocumentString<ResendVerificationEmailMutation, ResendVerificationEmailMutationVariables>;
export const RequestPasswordResetDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RequestPasswordReset($input: RequestPasswordResetInput!) {
  requestPasswordReset(input: $input) {
    accepted
  }
}
    `) as unknown as TypedDocumentString<RequestPasswordResetMutation, RequestPasswordResetMutationVariables>;
export const ResetPasswordDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ResetPassword($input: ResetPasswordInput!) {
  resetPassword(input: $input) {
    reset
  }
}
    `) as unknown as TypedDocumentString<ResetPasswordMutation, ResetPasswordMutationVariables>;
export const ChangePasswordDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ChangePassword($input: ChangePasswordInput!) {
  changePassword(input: $input) {
    revokedCount
    deviceToken
  }
}
    `) as unknown as TypedDocumentString<ChangePasswordMutation, ChangePasswordMutationVariables>;
export const SetPasswordDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation SetPassword($input: SetPasswordInput!) {
  setPassword(input: $input) {
    revokedCount
    deviceToken
  }
}
    `) as unknown as TypedDocumentString<SetPasswordMutation, SetPasswordMutationVariables>;
export const UpdateProfileDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation UpdateProfile($input: UpdateProfileInput!) {
  updateProfile(input: $input) {
    viewer {
      ...Myself
    }
  }
}
    fragment Myself on Viewer {
  id
  email
  emailVerified
  displayName
  locale
  role {
    name
    rank
  }
  permissions
  mfa {
    enabled
    required
    methods
    backupCodesRemaining
  }
  createdAt
}`) as unknown as TypedDocumentString<UpdateProfileMutation, UpdateProfileMutationVariables>;
export const RequestEmailChangeDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RequestEmailChange($input: RequestEmailChangeInput!) {
  requestEmailChange(input: $input) {
    accepted
  }
}
    `) as unknown as TypedDocumentString<RequestEmailChangeMutation, RequestEmailChangeMutationVariables>;
export const ConfirmEmailChangeDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ConfirmEmailChange($input: ConfirmEmailChangeInput!) {
  confirmEmailChange(input: $input) {
    viewer {
      ...Myself
    }
  }
}
    fragment Myself on Viewer {
  id
  email
  emailVerified
  displayName
  locale
  role {
    name
    rank
  }
  permissions
  mfa {
    enabled
    required
    methods
    backupCodesRemaining
  }
  createdAt
}`) as unknown as TypedDocumentString<ConfirmEmailChangeMutation, ConfirmEmailChangeMutationVariables>;
export const DeleteAccountDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DeleteAccount($input: DeleteAccountInput!) {
  deleteAccount(input: $input) {
    deletedAt
    purgeAt
  }
}
    `) as unknown as TypedDocumentString<DeleteAccountMutation, DeleteAccountMutationVariables>;
export const ExportMyDataDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ExportMyData($input: ExportMyDataInput!) {
  exportMyData(input: $input) {
    data
  }
}
    `) as unknown as TypedDocumentString<ExportMyDataMutation, ExportMyDataMutationVariables>;
export const ApiKeysDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ApiKeys {
  viewer {
    apiKeys(first: 100) {
      nodes {
        ...ApiKeyDetail
      }
    }
  }
}
    fragment ApiKeyDetail on ApiKey {
  id
  name
  hint
  scopes
  createdAt
  expiresAt
  lastUsedAt
  lastUsedFrom
  ipAllowlist
  limitPerMinute
  rotating
}`) as unknown as TypedDocumentString<ApiKeysQuery, ApiKeysQueryVariables>;
export const CreateApiKeyDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    apiKey {
      ...ApiKeyDetail
    }
    secret
  }
}
    fragment ApiKeyDetail on ApiKey {
  id
  name
  hint
  scopes
  createdAt
  expiresAt
  lastUsedAt
  lastUsedFrom
  ipAllowlist
  limitPerMinute
  rotating
}`) as unknown as TypedDocumentString<CreateApiKeyMutation, CreateApiKeyMutationVariables>;
export const RotateApiKeyDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RotateApiKey($input: RotateApiKeyInput!) {
  rotateApiKey(input: $input) {
    apiKey {
      id
      rotating
    }
    secret
  }
}
    `) as unknown as TypedDocumentString<RotateApiKeyMutation, RotateApiKeyMutationVariables>;
export const UpdateApiKeyDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation UpdateApiKey($input: UpdateApiKeyInput!) {
  updateApiKey(input: $input) {
    apiKey {
      ...ApiKeyDetail
    }
  }
}
    fragment ApiKeyDetail on ApiKey {
  id
  name
  hint
  scopes
  createdAt
  expiresAt
  lastUsedAt
  lastUsedFrom
  ipAllowlist
  limitPerMinute
  rotating
}`) as unknown as TypedDocumentString<UpdateApiKeyMutation, UpdateApiKeyMutationVariables>;
export const RevokeApiKeyDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RevokeApiKey($input: RevokeApiKeyInput!) {
  revokeApiKey(input: $input) {
    revoked
  }
}
    `) as unknown as TypedDocumentString<RevokeApiKeyMutation, RevokeApiKeyMutationVariables>;
export const EnabledMethodsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query EnabledMethods {
  signInMethods
}
    `) as unknown as TypedDocumentString<EnabledMethodsQuery, EnabledMethodsQueryVariables>;
export const BeginCodeLoginDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation BeginCodeLogin($input: BeginCodeLoginInput!) {
  beginCodeLogin(input: $input) {
    ...SentCode
  }
}
    fragment SentCode on CodeFlow {
  flow
  channel
  maskedTarget
  expiresAt
  resendAfter
}`) as unknown as TypedDocumentString<BeginCodeLoginMutation, BeginCodeLoginMutationVariables>;
export const CompleteCodeLoginDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CompleteCodeLogin($input: CompleteCodeLoginInput!) {
  completeCodeLogin(input: $input) {
    __typename
    ... on AuthSession {
      ...Started
    }
    ... on MfaChallenge {
      ticket
      methods
      expiresAt
    }
  }
}
    fragment Myself on Viewer {
  id
  email
  emailVerified
  displayName
  locale
  role {
    name
    rank
  }
  permissions
  mfa {
    enabled
    required
    methods
    backupCodesRemaining
  }
  createdAt
}
fragment Tokens on AuthSession {
  accessToken
  expiresIn
  refreshToken
  csrfToken
  deviceToken
  session {
    id
  }
}
fragment Started on AuthSession {
  ...Tokens
  session {
    ...DeviceSession
  }
  viewer {
    ...Myself
  }
}
fragment DeviceSession on Session {
  id
  current
  createdAt
  lastUsedAt
  expiresAt
  ipAddress
  userAgent
  deviceName
  location {
    country
    city
  }
  assurance
  methods
}`) as unknown as TypedDocumentString<CompleteCodeLoginMutation, CompleteCodeLoginMutationVariables>;
export const BeginMfaCodeDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation BeginMfaCode($input: BeginMfaCodeInput!) {
  beginMfaCode(input: $input) {
    ...SentCode
  }
}
    fragment SentCode on CodeFlow {
  flow
  channel
  maskedTarget
  expiresAt
  resendAfter
}`) as unknown as TypedDocumentString<BeginMfaCodeMutation, BeginMfaCodeMutationVariables>;
export const BeginReauthenticationCodeDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation BeginReauthenticationCode {
  beginReauthenticationCode {
    ...SentCode
  }
}
    fragment SentCode on CodeFlow {
  flow
  channel
  maskedTarget
  expiresAt
  resendAfter
}`) as unknown as TypedDocumentString<BeginReauthenticationCodeMutation, BeginReauthenticationCodeMutationVariables>;
export const FederatedProvidersDocument = /*#__PURE__*/ new TypedDocumentString(`
    query FederatedProviders {
  federatedProviders {
    id
    slug
    displayName
    kind
    iconUrl
  }
}
    `) as unknown as TypedDocumentString<FederatedProvidersQuery, FederatedProvidersQueryVariables>;
export const IdentitiesDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Identities {
  viewer {
    identities {
      ...OwnIdentity
    }
  }
}
    fragment OwnIdentity on Identity {
  id
  provider {
    id
    slug
    displayName
  }
  email
  subjectHint
  linkedAt
  lastUsedAt
}`) as unknown as TypedDocumentString<IdentitiesQuery, IdentitiesQueryVariables>;
export const BeginFederatedLoginDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation BeginFederatedLogin($input: BeginFederatedLoginInput!) {
  beginFederatedLogin(input: $input) {
    authorizationUrl
    flow
    expiresAt
  }
}
    `) as unknown as TypedDocumentString<BeginFederatedLoginMutation, BeginFederatedLoginMutationVariables>;
export const CompleteFederatedLoginDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CompleteFederatedLogin($input: CompleteFederatedLoginInput!) {
  completeFederatedLogin(input: $input) {
    ...FederatedOutcome
  }
}
    fragment Myself on Viewer {
  id
  email
  emailVerified
  displayName
  locale
  role {
    name
    rank
  }
  permissions
  mfa {
    enabled
    required
    methods
    backupCodesRemaining
  }
  createdAt
}
fragment FederatedOutcome on FederatedLoginResult {
  __typename
  ... on AuthSession {
    ...Started
  }
  ... on MfaChallenge {
    ticket
    methods
    expiresAt
  }
  ... on LinkProposal {
    ticket
    email
    proofs
    expiresAt
  }
  ... on SignUpProposal {
    ticket
    emailAtProvider: email
    displayName
    missing
    expiresAt
  }
}
fragment Tokens on AuthSession {
  accessToken
  expiresIn
  refreshToken
  csrfToken
  deviceToken
  session {
    id
  }
}
fragment Started on AuthSession {
  ...Tokens
  session {
    ...DeviceSession
  }
  viewer {
    ...Myself
  }
}
fragment DeviceSession on Session {
  id
  current
  createdAt
  lastUsedAt
  expiresAt
  ipAddress
  userAgent
  deviceName
  location {
    country
    city
  }
  assurance
  methods
}`) as unknown as TypedDocumentString<CompleteFederatedLoginMutation, CompleteFederatedLoginMutationVariables>;
export const LoginWithIdTokenDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation LoginWithIdToken($input: LoginWithIdTokenInput!) {
  loginWithIdToken(input: $input) {
    ...FederatedOutcome
  }
}
    fragment Myself on Viewer {
  id
  email
  emailVerified
  displayName
  locale
  role {
    name
    rank
  }
  permissions
  mfa {
    enabled
    required
    methods
    backupCodesRemaining
  }
  createdAt
}
fragment FederatedOutcome on FederatedLoginResult {
  __typename
  ... on AuthSession {
    ...Started
  }
  ... on MfaChallenge {
    ticket
    methods
    expiresAt
  }
  ... on LinkProposal {
    ticket
    email
    proofs
    expiresAt
  }
  ... on SignUpProposal {
    ticket
    emailAtProvider: email
    displayName
    missing
    expiresAt
  }
}
fragment Tokens on AuthSession {
  accessToken
  expiresIn
  refreshToken
  csrfToken
  deviceToken
  session {
    id
  }
}
fragment Started on AuthSession {
  ...Tokens
  session {
    ...DeviceSession
  }
  viewer {
    ...Myself
  }
}
fragment DeviceSession on Session {
  id
  current
  createdAt
  lastUsedAt
  expiresAt
  ipAddress
  userAgent
  deviceName
  location {
    country
    city
  }
  assurance
  methods
}`) as unknown as TypedDocumentString<LoginWithIdTokenMutation, LoginWithIdTokenMutationVariables>;
export const AcceptLinkDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation AcceptLink($input: AcceptLinkInput!) {
  acceptLink(input: $input) {
    __typename
    ... on AuthSession {
      ...Started
    }
    ... on MfaChallenge {
      ticket
      methods
      expiresAt
    }
  }
}
    fragment Myself on Viewer {
  id
  email
  emailVerified
  displayName
  locale
  role {
    name
    rank
  }
  permissions
  mfa {
    enabled
    required
    methods
    backupCodesRemaining
  }
  createdAt
}
fragment Tokens on AuthSession {
  accessToken
  expiresIn
  refreshToken
  csrfToken
  deviceToken
  session {
    id
  }
}
fragment Started on AuthSession {
  ...Tokens
  session {
    ...DeviceSession
  }
  viewer {
    ...Myself
  }
}
fragment DeviceSession on Session {
  id
  current
  createdAt
  lastUsedAt
  expiresAt
  ipAddress
  userAgent
  deviceName
  location {
    country
    city
  }
  assurance
  methods
}`) as unknown as TypedDocumentString<AcceptLinkMutation, AcceptLinkMutationVariables>;
export const FinishFederatedSignUpDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation FinishFederatedSignUp($input: FinishFederatedSignUpInput!) {
  finishFederatedSignUp(input: $input) {
    __typename
    ... on AuthSession {
      ...Started
    }
    ... on MfaChallenge {
      ticket
      methods
      expiresAt
    }
    ... on RegisterPayload {
      status
    }
  }
}
    fragment Myself on Viewer {
  id
  email
  emailVerified
  displayName
  locale
  role {
    name
    rank
  }
  permissions
  mfa {
    enabled
    required
    methods
    backupCodesRemaining
  }
  createdAt
}
fragment Tokens on AuthSession {
  accessToken
  expiresIn
  refreshToken
  csrfToken
  deviceToken
  session {
    id
  }
}
fragment Started on AuthSession {
  ...Tokens
  session {
    ...DeviceSession
  }
  viewer {
    ...Myself
  }
}
fragment DeviceSession on Session {
  id
  current
  createdAt
  lastUsedAt
  expiresAt
  ipAddress
  userAgent
  deviceName
  location {
    country
    city
  }
  assurance
  methods
}`) as unknown as TypedDocumentString<FinishFederatedSignUpMutation, FinishFederatedSignUpMutationVariables>;
export const LinkIdentityDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation LinkIdentity($input: LinkIdentityInput!) {
  linkIdentity(input: $input) {
    viewer {
      identities {
        ...OwnIdentity
      }
    }
  }
}
    fragment OwnIdentity on Identity {
  id
  provider {
    id
    slug
    displayName
  }
  email
  subjectHint
  linkedAt
  lastUsedAt
}`) as unknown as TypedDocumentString<LinkIdentityMutation, LinkIdentityMutationVariables>;
export const UnlinkIdentityDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation UnlinkIdentity($input: UnlinkIdentityInput!) {
  unlinkIdentity(input: $input) {
    viewer {
      identities {
        ...OwnIdentity
      }
    }
  }
}
    fragment OwnIdentity on Identity {
  id
  provider {
    id
    slug
    displayName
  }
  email
  subjectHint
  linkedAt
  lastUsedAt
}`) as unknown as TypedDocumentString<UnlinkIdentityMutation, UnlinkIdentityMutationVariables>;
export const SessionEventsDocument = /*#__PURE__*/ new TypedDocumentString(`
    subscription SessionEvents {
  sessionEvents {
    __typename
    ... on PermissionsChanged {
      permissions
    }
  }
}
    `) as unknown as TypedDocumentString<SessionEventsSubscription, SessionEventsSubscriptionVariables>;
export const PhonesDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Phones {
  viewer {
    phones {
      ...OwnPhone
    }
    phoneRules {
      countries
      maximum
      factor
    }
  }
}
    fragment OwnPhone on Phone {
  id
  maskedNumber
  country
  verifiedAt
  factor
}`) as unknown as TypedDocumentString<PhonesQuery, PhonesQueryVariables>;
export const BeginPhoneVerificationDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation BeginPhoneVerification($input: BeginPhoneVerificationInput!) {
  beginPhoneVerification(input: $input) {
    ...SentCode
  }
}
    fragment SentCode on CodeFlow {
  flow
  channel
  maskedTarget
  expiresAt
  resendAfter
}`) as unknown as TypedDocumentString<BeginPhoneVerificationMutation, BeginPhoneVerificationMutationVariables>;
export const ConfirmPhoneDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ConfirmPhone($input: ConfirmPhoneInput!) {
  confirmPhone(input: $input) {
    phone {
      ...OwnPhone
    }
  }
}
    fragment OwnPhone on Phone {
  id
  maskedNumber
  country
  verifiedAt
  factor
}`) as unknown as TypedDocumentString<ConfirmPhoneMutation, ConfirmPhoneMutationVariables>;
export const RemovePhoneDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RemovePhone($input: RemovePhoneInput!) {
  removePhone(input: $input) {
    viewer {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<RemovePhoneMutation, RemovePhoneMutationVariables>;
export const PasskeysDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Passkeys {
  viewer {
    passkeys {
      ...OwnPasskey
    }
  }
}
    fragment OwnPasskey on Passkey {
  id
  name
  backedUp
  createdAt
  lastUsedAt
  aloneFrom
}`) as unknown as TypedDocumentString<PasskeysQuery, PasskeysQueryVariables>;
export const BeginTotpEnrollmentDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation BeginTotpEnrollment($input: BeginTotpEnrollmentInput!) {
  beginTotpEnrollment(input: $input) {
    secret
    otpauthUri
    qrCode
    expiresAt
  }
}
    `) as unknown as TypedDocumentString<BeginTotpEnrollmentMutation, BeginTotpEnrollmentMutationVariables>;
export const ConfirmTotpEnrollmentDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ConfirmTotpEnrollment($input: ConfirmTotpEnrollmentInput!) {
  confirmTotpEnrollment(input: $input) {
    backupCodes
  }
}
    `) as unknown as TypedDocumentString<ConfirmTotpEnrollmentMutation, ConfirmTotpEnrollmentMutationVariables>;
export const DisableTotpDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DisableTotp($input: DisableTotpInput!) {
  disableTotp(input: $input) {
    viewer {
      ...Myself
    }
  }
}
    fragment Myself on Viewer {
  id
  email
  emailVerified
  displayName
  locale
  role {
    name
    rank
  }
  permissions
  mfa {
    enabled
    required
    methods
    backupCodesRemaining
  }
  createdAt
}`) as unknown as TypedDocumentString<DisableTotpMutation, DisableTotpMutationVariables>;
export const RegenerateBackupCodesDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RegenerateBackupCodes($input: RegenerateBackupCodesInput!) {
  regenerateBackupCodes(input: $input) {
    backupCodes
  }
}
    `) as unknown as TypedDocumentString<RegenerateBackupCodesMutation, RegenerateBackupCodesMutationVariables>;
export const BeginPasskeyRegistrationDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation BeginPasskeyRegistration($input: BeginPasskeyRegistrationInput!) {
  beginPasskeyRegistration(input: $input) {
    expiresAt
    options
  }
}
    `) as unknown as TypedDocumentString<BeginPasskeyRegistrationMutation, BeginPasskeyRegistrationMutationVariables>;
export const ConfirmPasskeyRegistrationDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ConfirmPasskeyRegistration($input: ConfirmPasskeyRegistrationInput!) {
  confirmPasskeyRegistration(input: $input) {
    passkey {
      ...OwnPasskey
    }
    backupCodes
  }
}
    fragment OwnPasskey on Passkey {
  id
  name
  backedUp
  createdAt
  lastUsedAt
  aloneFrom
}`) as unknown as TypedDocumentString<ConfirmPasskeyRegistrationMutation, ConfirmPasskeyRegistrationMutationVariables>;
export const ConfirmPasskeyDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ConfirmPasskey($input: ConfirmPasskeyInput!) {
  confirmPasskey(input: $input) {
    confirmed
  }
}
    `) as unknown as TypedDocumentString<ConfirmPasskeyMutation, ConfirmPasskeyMutationVariables>;
export const RenamePasskeyDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RenamePasskey($input: RenamePasskeyInput!) {
  renamePasskey(input: $input) {
    passkey {
      id
      name
    }
  }
}
    `) as unknown as TypedDocumentString<RenamePasskeyMutation, RenamePasskeyMutationVariables>;
export const RemovePasskeyDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RemovePasskey($input: RemovePasskeyInput!) {
  removePasskey(input: $input) {
    viewer {
      ...Myself
    }
  }
}
    fragment Myself on Viewer {
  id
  email
  emailVerified
  displayName
  locale
  role {
    name
    rank
  }
  permissions
  mfa {
    enabled
    required
    methods
    backupCodesRemaining
  }
  createdAt
}`) as unknown as TypedDocumentString<RemovePasskeyMutation, RemovePasskeyMutationVariables>;
export const LoginDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation Login($input: LoginInput!) {
  login(input: $input) {
    __typename
    ... on AuthSession {
      ...Started
    }
    ... on MfaChallenge {
      ticket
      methods
      expiresAt
    }
  }
}
    fragment Myself on Viewer {
  id
  email
  emailVerified
  displayName
  locale
  role {
    name
    rank
  }
  permissions
  mfa {
    enabled
    required
    methods
    backupCodesRemaining
  }
  createdAt
}
fragment Tokens on AuthSession {
  accessToken
  expiresIn
  refreshToken
  csrfToken
  deviceToken
  session {
    id
  }
}
fragment Started on AuthSession {
  ...Tokens
  session {
    ...DeviceSession
  }
  viewer {
    ...Myself
  }
}
fragment DeviceSession on Session {
  id
  current
  createdAt
  lastUsedAt
  expiresAt
  ipAddress
  userAgent
  deviceName
  location {
    country
    city
  }
  assurance
  methods
}`) as unknown as TypedDocumentString<LoginMutation, LoginMutationVariables>;
export const VerifyMfaDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation VerifyMfa($input: VerifyMfaInput!) {
  verifyMfa(input: $input) {
    ...Started
  }
}
    fragment Myself on Viewer {
  id
  email
  emailVerified
  displayName
  locale
  role {
    name
    rank
  }
  permissions
  mfa {
    enabled
    required
    methods
    backupCodesRemaining
  }
  createdAt
}
fragment Tokens on AuthSession {
  accessToken
  expiresIn
  refreshToken
  csrfToken
  deviceToken
  session {
    id
  }
}
fragment Started on AuthSession {
  ...Tokens
  session {
    ...DeviceSession
  }
  viewer {
    ...Myself
  }
}
fragment DeviceSession on Session {
  id
  current
  createdAt
  lastUsedAt
  expiresAt
  ipAddress
  userAgent
  deviceName
  location {
    country
    city
  }
  assurance
  methods
}`) as unknown as TypedDocumentString<VerifyMfaMutation, VerifyMfaMutationVariables>;
export const BeginPasskeyLoginDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation BeginPasskeyLogin($input: BeginPasskeyLoginInput!) {
  beginPasskeyLogin(input: $input) {
    expiresAt
    options
  }
}
    `) as unknown as TypedDocumentString<BeginPasskeyLoginMutation, BeginPasskeyLoginMutationVariables>;
export const LoginWithPasskeyDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation LoginWithPasskey($input: LoginWithPasskeyInput!) {
  loginWithPasskey(input: $input) {
    ...Started
  }
}
    fragment Myself on Viewer {
  id
  email
  emailVerified
  displayName
  locale
  role {
    name
    rank
  }
  permissions
  mfa {
    enabled
    required
    methods
    backupCodesRemaining
  }
  createdAt
}
fragment Tokens on AuthSession {
  accessToken
  expiresIn
  refreshToken
  csrfToken
  deviceToken
  session {
    id
  }
}
fragment Started on AuthSession {
  ...Tokens
  session {
    ...DeviceSession
  }
  viewer {
    ...Myself
  }
}
fragment DeviceSession on Session {
  id
  current
  createdAt
  lastUsedAt
  expiresAt
  ipAddress
  userAgent
  deviceName
  location {
    country
    city
  }
  assurance
  methods
}`) as unknown as TypedDocumentString<LoginWithPasskeyMutation, LoginWithPasskeyMutationVariables>;
export const RefreshDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation Refresh($input: RefreshInput!) {
  refresh(input: $input) {
    ...Tokens
  }
}
    fragment Tokens on AuthSession {
  accessToken
  expiresIn
  refreshToken
  csrfToken
  deviceToken
  session {
    id
  }
}`) as unknown as TypedDocumentString<RefreshMutation, RefreshMutationVariables>;
export const ReauthenticateDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation Reauthenticate($input: ReauthenticateInput!) {
  reauthenticate(input: $input) {
    ...Started
  }
}
    fragment Myself on Viewer {
  id
  email
  emailVerified
  displayName
  locale
  role {
    name
    rank
  }
  permissions
  mfa {
    enabled
    required
    methods
    backupCodesRemaining
  }
  createdAt
}
fragment Tokens on AuthSession {
  accessToken
  expiresIn
  refreshToken
  csrfToken
  deviceToken
  session {
    id
  }
}
fragment Started on AuthSession {
  ...Tokens
  session {
    ...DeviceSession
  }
  viewer {
    ...Myself
  }
}
fragment DeviceSession on Session {
  id
  current
  createdAt
  lastUsedAt
  expiresAt
  ipAddress
  userAgent
  deviceName
  location {
    country
    city
  }
  assurance
  methods
}`) as unknown as TypedDocumentString<ReauthenticateMutation, ReauthenticateMutationVariables>;
export const LogoutDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation Logout($input: LogoutInput!) {
  logout(input: $input) {
    revoked
  }
}
    `) as unknown as TypedDocumentString<LogoutMutation, LogoutMutationVariables>;
export const SessionsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Sessions($first: Int, $after: String) {
  viewer {
    sessions(first: $first, after: $after) {
      nodes {
        ...DeviceSession
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
}
    fragment DeviceSession on Session {
  id
  current
  createdAt
  lastUsedAt
  expiresAt
  ipAddress
  userAgent
  deviceName
  location {
    country
    city
  }
  assurance
  methods
}`) as unknown as TypedDocumentString<SessionsQuery, SessionsQueryVariables>;
export const RevokeSessionDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RevokeSession($input: RevokeSessionInput!) {
  revokeSession(input: $input) {
    revokedCount
  }
}
    `) as unknown as TypedDocumentString<RevokeSessionMutation, RevokeSessionMutationVariables>;
export const RevokeOtherSessionsDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RevokeOtherSessions($input: RevokeOtherSessionsInput!) {
  revokeOtherSessions(input: $input) {
    revokedCount
  }
}
    `) as unknown as TypedDocumentString<RevokeOtherSessionsMutation, RevokeOtherSessionsMutationVariables>;
export const DisownSessionDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DisownSession($input: DisownSessionInput!) {
  disownSession(input: $input) {
    revokedCount
  }
}
    `) as unknown as TypedDocumentString<DisownSessionMutation, DisownSessionMutationVariables>;