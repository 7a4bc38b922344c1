/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** How sure we are of who is signed in (NIST SP 800-63B). */
export type AssuranceLevel =
  /** One factor. */
  | 'AAL1'
  /** Two factors. */
  | 'AAL2';

/** What came of what was tried. */
export type AuditOutcome =
  /** It was not allowed: a lock, a limit, a missing right, a stolen token. */
  | 'DENIED'
  /** It could not be done: a wrong password, a token that is no good. */
  | 'FAILURE'
  /** It was done. */
  | 'SUCCESS';

/** A way of proving who one is. */
export type AuthMethod =
  /** One of the codes for when the app is lost. */
  | 'BACKUP_CODE'
  /** A passkey (WebAuthn). */
  | 'PASSKEY'
  /** The password of the account. */
  | 'PASSWORD'
  /** A code of an authenticator app. */
  | 'TOTP';

/** For what to sign in. May be empty: then the passkey takes the place of the password. */
export type BeginPasskeyLoginInput = {
  /** What `login` answered, when the passkey is the second step after the password. */
  ticket?: string | null | undefined;
};

/** How authenticators shall show the account. May be empty. */
export type BeginPasskeyRegistrationInput = {
  /** What to call the account where its owner chooses among several. At most 100 characters; without it, the address of the account. */
  accountName?: string | null | undefined;
};

/** How the app shall show the account. May be empty. */
export type BeginTotpEnrollmentInput = {
  /** What to call the account in the app. At most 100 characters; without it, the address of the account. */
  accountName?: string | null | undefined;
};

/** The password you have, and the one you want. */
export type ChangePasswordInput = {
  /** The present one. At most 1024 UTF-16 units. */
  currentPassword: string;
  /** As `passwordPolicy` demands. At most 1024 UTF-16 units. */
  newPassword: string;
};

/** A kind of character. */
export type CharacterClass =
  /** A decimal digit. */
  | 'DIGIT'
  /** A lower-case letter of any alphabet. */
  | 'LOWERCASE'
  /** Neither letter nor number: punctuation, a symbol, a space. */
  | 'SPECIAL'
  /** An upper-case letter of any alphabet. */
  | 'UPPERCASE';

/** The proof that you read mail at the new address. */
export type ConfirmEmailChangeInput = {
  /** What stands behind `#token=` in the link `/confirm-email`. Works once, for an hour. */
  token: string;
};

/** The confirmation of a new passkey. */
export type ConfirmPasskeyInput = {
  /** The token from the link `/confirm-passkey#token=…` of the mail. */
  token: string;
};

/** What the browser answered, and a name for the passkey. */
export type ConfirmPasskeyRegistrationInput = {
  /** By which its owner knows it again, such as `MacBook`. At most 100 characters. */
  name: string;
  /** `RegistrationResponseJSON`: what `toJSON()` of the new credential gives. At most 32768 UTF-16 units. */
  response: Record<string, unknown>;
};

/** The proof that the app has the secret. */
export type ConfirmTotpEnrollmentInput = {
  /** The six digits that it shows now. */
  code: string;
};

/** The proof that it is you who wants to leave. */
export type DeleteAccountInput = {
  /** Your password. At most 1024 UTF-16 units. */
  password: string;
};

/** The proof that it is you who takes the app away. */
export type DisableTotpInput = {
  /** The six digits that the app shows now, or a backup code. */
  code: string;
};

/** The token of a mail about something that was not you. */
export type DisownSessionInput = {
  /** What stands behind `#token=` in the link `/not-me` of the mail. Works once. */
  token: string;
};

/** What to export. May be empty: then it is everything. */
export type ExportMyDataInput = {
  /** Of sessions, mails and events only what is of this time or later. */
  since?: string | null | undefined;
};

/** What to sign in with. */
export type LoginInput = {
  /** How to get the refresh token. */
  delivery?: SessionDelivery;
  /** What to call this device in the list of sessions. At most 100 characters. */
  deviceName?: string | null | undefined;
  /** The address of the account. */
  email: string;
  /** Its password. At most 1024 UTF-16 units. */
  password: string;
  /** Stay signed in for 30 days without use (90 at most) instead of the usual 7 (30 at most). */
  rememberMe?: boolean;
};

/** What the browser answered. */
export type LoginWithPasskeyInput = {
  /** How to get the refresh token. */
  delivery?: SessionDelivery;
  /** What to call this device in the list of sessions. At most 100 characters. */
  deviceName?: string | null | undefined;
  /** Stay signed in for 30 days without use (90 at most) instead of the usual 7 (30 at most). */
  rememberMe?: boolean;
  /** `AuthenticationResponseJSON`: what `toJSON()` of the credential gives. At most 32768 UTF-16 units. */
  response: Record<string, unknown>;
  /** The ticket that `beginPasskeyLogin` was given. What `login` was asked for with it counts, not the rest of this. */
  ticket?: string | null | undefined;
};

/** What to sign out of. May be empty: then it is the session of the access token. */
export type LogoutInput = {
  /** A refresh token of the session to end: for clients whose access token has ended. */
  refreshToken?: string | null | undefined;
};

/** What can be given as the second step of signing in. */
export type MfaMethod =
  /** One of the codes for when the app is lost. Each works once. */
  | 'BACKUP_CODE'
  /** A passkey (WebAuthn). It has no code to type in: `beginPasskeyLogin`, then `loginWithPasskey`, take it with the ticket. */
  | 'PASSKEY'
  /** The six digits that an authenticator app shows now. */
  | 'TOTP';

/** The set of rules that the operator has chosen. */
export type PasswordPreset =
  /** 8 characters or more, of all four classes. */
  | 'CLASSIC'
  /** 15 characters or more, of any kind (NIST SP 800-63B). */
  | 'NIST'
  /** 12 characters or more; classes are demanded of those under 20. */
  | 'PASSPHRASE';

/** Proof that it is still you: the password, a code of your authenticator app, or both. */
export type ReauthenticateInput = {
  /** The six digits that your authenticator app shows now, or a backup code, which is then used up. Either lifts the session to `AAL2`. */
  code?: string | null | undefined;
  /** The password of the account. At most 1024 UTF-16 units. */
  password?: string | null | undefined;
};

/** What to refresh. May be empty: then it is the session of the cookie. */
export type RefreshInput = {
  /** The newest refresh token of the session; absent in cookie mode. */
  refreshToken?: string | null | undefined;
};

/** The proof that it is you who wants new codes. */
export type RegenerateBackupCodesInput = {
  /** The six digits that the app shows now, or a backup code. */
  code: string;
};

/** A new account. */
export type RegisterInput = {
  /** What you want to be called. At most 100 characters. */
  displayName?: string | null | undefined;
  /** The address to sign in with. */
  email: string;
  /** The language of mails to you, such as `en` or `de-AT`. One that we do not have falls back to ours. */
  locale?: string | null | undefined;
  /** As `passwordPolicy` demands. At most 1024 UTF-16 units. */
  password: string;
};

/** What `register` led to. */
export type RegistrationStatus =
  /** The account is ready: sign in. Only where the operator has switched verification off. */
  | 'ACTIVE'
  /** Look into your mail. The answer is the same when the address has an account already; the mail then says so. */
  | 'VERIFICATION_SENT';

/** Which passkey to take away. */
export type RemovePasskeyInput = {
  /** Its `id`. */
  id: string | number;
};

/** The address you want to sign in with. */
export type RequestEmailChangeInput = {
  /** The new address. It gets a mail with a link to confirm. */
  newEmail: string;
};

/** Whose password to reset. */
export type RequestPasswordResetInput = {
  /** The address of the account. */
  email: string;
};

/** Where to send the mail again. */
export type ResendVerificationEmailInput = {
  /** The address you registered with. */
  email: string;
  /** The password you registered with: renews that registration. At most 1024 UTF-16 units. */
  password?: string | null | undefined;
};

/** A new password, and the token that permits it. */
export type ResetPasswordInput = {
  /** As `passwordPolicy` demands. One that is refused does not use the token up. At most 1024 UTF-16 units. */
  newPassword: string;
  /** What stands behind `#token=` in the link you were given. Works once. */
  token: string;
};

/** Which sessions to end. May be empty: then it is all but the one you ask through. */
export type RevokeOtherSessionsInput = {
  /** Only those that signed in before this time. */
  signedInBefore?: string | null | undefined;
};

/** Which session to end. */
export type RevokeSessionInput = {
  /** Its `id`. */
  id: string | number;
};

/** How the refresh token travels. */
export type SessionDelivery =
  /** In the answer: for apps and servers that can keep a secret. */
  | 'BEARER'
  /** In an HttpOnly cookie: for browsers. `refresh` then needs the header `X-CSRF-Token` with the `csrfToken` of the session. */
  | 'COOKIE';

/** What to change about yourself. What is absent stays as it is. */
export type UpdateProfileInput = {
  /** At most 100 characters. Null or empty takes the name away; absent leaves it. */
  displayName?: string | null | undefined;
  /** The language of mails to you, such as `en` or `de-AT`. Null takes it away; absent leaves it. */
  locale?: string | null | undefined;
};

/** The proof that you read mail at an address. */
export type VerifyEmailInput = {
  /** What stands behind `#token=` in the link of the mail. Works once, for 24 hours. */
  token: string;
};

/** The second step of signing in. */
export type VerifyMfaInput = {
  /** The code. Spaces and dashes are ignored; a backup code is also read in capitals. At most 64 characters. */
  code: string;
  /** What the code is: `TOTP` or `BACKUP_CODE`. */
  method: MfaMethod;
  /** What `login` answered. */
  ticket: string;
};

export type MyselfFragment = { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } };

export type PasswordPolicyQueryVariables = Exact<{ [key: string]: never; }>;


export type PasswordPolicyQuery = { passwordPolicy: { preset: PasswordPreset, minLength: number, minLengthWithSecondFactor: number, maxLength: number, requiredClasses: Array<CharacterClass>, classesRequiredBelow: number | null, historySize: number, breachCheck: boolean } };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } } | null };

export type SecurityEventsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SecurityEventsQuery = { viewer: { securityEvents: { nodes: Array<{ id: string, action: string, outcome: AuditOutcome, occurredAt: string, ipAddress: string | null, userAgent: string | null, sessionId: string | null, details: Record<string, unknown> }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } } | null };

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

export type RemovePasskeyMutationVariables = Exact<{
  input: RemovePasskeyInput;
}>;


export type RemovePasskeyMutation = { removePasskey: { viewer: { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } } } };

export type TokensFragment = { accessToken: string, expiresIn: number, refreshToken: string | null, csrfToken: string | null, deviceToken: string | null, session: { id: string } };

export type StartedFragment = { accessToken: string, expiresIn: number, refreshToken: string | null, csrfToken: string | null, deviceToken: string | null, session: { id: string, current: boolean, createdAt: string, lastUsedAt: string, expiresAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod> }, viewer: { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } } };

export type LoginMutationVariables = Exact<{
  input: LoginInput;
}>;


export type LoginMutation = { login:
    | { __typename: 'AuthSession', accessToken: string, expiresIn: number, refreshToken: string | null, csrfToken: string | null, deviceToken: string | null, session: { id: string, current: boolean, createdAt: string, lastUsedAt: string, expiresAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod> }, viewer: { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } } }
    | { __typename: 'MfaChallenge', ticket: string, methods: Array<MfaMethod>, expiresAt: string }
   };

export type VerifyMfaMutationVariables = Exact<{
  input: VerifyMfaInput;
}>;


export type VerifyMfaMutation = { verifyMfa: { accessToken: string, expiresIn: number, refreshToken: string | null, csrfToken: string | null, deviceToken: string | null, session: { id: string, current: boolean, createdAt: string, lastUsedAt: string, expiresAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod> }, viewer: { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } } } };

export type BeginPasskeyLoginMutationVariables = Exact<{
  input: BeginPasskeyLoginInput;
}>;


export type BeginPasskeyLoginMutation = { beginPasskeyLogin: { expiresAt: string, options: Record<string, unknown> } };

export type LoginWithPasskeyMutationVariables = Exact<{
  input: LoginWithPasskeyInput;
}>;


export type LoginWithPasskeyMutation = { loginWithPasskey: { accessToken: string, expiresIn: number, refreshToken: string | null, csrfToken: string | null, deviceToken: string | null, session: { id: string, current: boolean, createdAt: string, lastUsedAt: string, expiresAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod> }, viewer: { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } } } };

export type RefreshMutationVariables = Exact<{
  input: RefreshInput;
}>;


export type RefreshMutation = { refresh: { accessToken: string, expiresIn: number, refreshToken: string | null, csrfToken: string | null, deviceToken: string | null, session: { id: string } } };

export type ReauthenticateMutationVariables = Exact<{
  input: ReauthenticateInput;
}>;


export type ReauthenticateMutation = { reauthenticate: { accessToken: string, expiresIn: number, refreshToken: string | null, csrfToken: string | null, deviceToken: string | null, session: { id: string, current: boolean, createdAt: string, lastUsedAt: string, expiresAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod> }, viewer: { id: string, email: string, emailVerified: boolean, displayName: string | null, locale: string | null, permissions: Array<string>, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, required: boolean, methods: Array<MfaMethod>, backupCodesRemaining: number } } } };

export type LogoutMutationVariables = Exact<{
  input: LogoutInput;
}>;


export type LogoutMutation = { logout: { revoked: boolean } };

export type DeviceSessionFragment = { id: string, current: boolean, createdAt: string, lastUsedAt: string, expiresAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod> };

export type SessionsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SessionsQuery = { viewer: { sessions: { nodes: Array<{ id: string, current: boolean, createdAt: string, lastUsedAt: string, expiresAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod> }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } } | null };

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
export const OwnPasskeyFragmentDoc = new TypedDocumentString(`
    fragment OwnPasskey on Passkey {
  id
  name
  backedUp
  createdAt
  lastUsedAt
  aloneFrom
}
    `, {"fragmentName":"OwnPasskey"}) as unknown as TypedDocumentString<OwnPasskeyFragment, unknown>;
export const TokensFragmentDoc = new TypedDocumentString(`
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
export const DeviceSessionFragmentDoc = new TypedDocumentString(`
    fragment DeviceSession on Session {
  id
  current
  createdAt
  lastUsedAt
  expiresAt
  ipAddress
  userAgent
  deviceName
  assurance
  methods
}
    `, {"fragmentName":"DeviceSession"}) as unknown as TypedDocumentString<DeviceSessionFragment, unknown>;
export const MyselfFragmentDoc = new TypedDocumentString(`
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
export const StartedFragmentDoc = new TypedDocumentString(`
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
  assurance
  methods
}`, {"fragmentName":"Started"}) as unknown as TypedDocumentString<StartedFragment, unknown>;
export const PasswordPolicyDocument = new TypedDocumentString(`
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
export const ViewerDocument = new TypedDocumentString(`
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
export const SecurityEventsDocument = new TypedDocumentString(`
    query SecurityEvents($first: Int, $after: String) {
  viewer {
    securityEvents(first: $first, after: $after) {
      nodes {
        id
        action
        outcome
        occurredAt
        ipAddress
        userAgent
        sessionId
        details
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SecurityEventsQuery, SecurityEventsQueryVariables>;
export const RegisterDocument = new TypedDocumentString(`
    mutation Register($input: RegisterInput!) {
  register(input: $input) {
    status
  }
}
    `) as unknown as TypedDocumentString<RegisterMutation, RegisterMutationVariables>;
export const VerifyEmailDocument = new TypedDocumentString(`
    mutation VerifyEmail($input: VerifyEmailInput!) {
  verifyEmail(input: $input) {
    verified
  }
}
    `) as unknown as TypedDocumentString<VerifyEmailMutation, VerifyEmailMutationVariables>;
export const ResendVerificationEmailDocument = new TypedDocumentString(`
    mutation ResendVerificationEmail($input: ResendVerificationEmailInput!) {
  resendVerificationEmail(input: $input) {
    accepted
  }
}
    `) as unknown as TypedDocumentString<ResendVerificationEmailMutation, ResendVerificationEmailMutationVariables>;
export const RequestPasswordResetDocument = new TypedDocumentString(`
    mutation RequestPasswordReset($input: RequestPasswordResetInput!) {
  requestPasswordReset(input: $input) {
    accepted
  }
}
    `) as unknown as TypedDocumentString<RequestPasswordResetMutation, RequestPasswordResetMutationVariables>;
export const ResetPasswordDocument = new TypedDocumentString(`
    mutation ResetPassword($input: ResetPasswordInput!) {
  resetPassword(input: $input) {
    reset
  }
}
    `) as unknown as TypedDocumentString<ResetPasswordMutation, ResetPasswordMutationVariables>;
export const ChangePasswordDocument = new TypedDocumentString(`
    mutation ChangePassword($input: ChangePasswordInput!) {
  changePassword(input: $input) {
    revokedCount
    deviceToken
  }
}
    `) as unknown as TypedDocumentString<ChangePasswordMutation, ChangePasswordMutationVariables>;
export const UpdateProfileDocument = new TypedDocumentString(`
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
export const RequestEmailChangeDocument = new TypedDocumentString(`
    mutation RequestEmailChange($input: RequestEmailChangeInput!) {
  requestEmailChange(input: $input) {
    accepted
  }
}
    `) as unknown as TypedDocumentString<RequestEmailChangeMutation, RequestEmailChangeMutationVariables>;
export const ConfirmEmailChangeDocument = new TypedDocumentString(`
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
export const DeleteAccountDocument = new TypedDocumentString(`
    mutation DeleteAccount($input: DeleteAccountInput!) {
  deleteAccount(input: $input) {
    deletedAt
    purgeAt
  }
}
    `) as unknown as TypedDocumentString<DeleteAccountMutation, DeleteAccountMutationVariables>;
export const ExportMyDataDocument = new TypedDocumentString(`
    mutation ExportMyData($input: ExportMyDataInput!) {
  exportMyData(input: $input) {
    data
  }
}
    `) as unknown as TypedDocumentString<ExportMyDataMutation, ExportMyDataMutationVariables>;
export const PasskeysDocument = new TypedDocumentString(`
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
export const BeginTotpEnrollmentDocument = new TypedDocumentString(`
    mutation BeginTotpEnrollment($input: BeginTotpEnrollmentInput!) {
  beginTotpEnrollment(input: $input) {
    secret
    otpauthUri
    qrCode
    expiresAt
  }
}
    `) as unknown as TypedDocumentString<BeginTotpEnrollmentMutation, BeginTotpEnrollmentMutationVariables>;
export const ConfirmTotpEnrollmentDocument = new TypedDocumentString(`
    mutation ConfirmTotpEnrollment($input: ConfirmTotpEnrollmentInput!) {
  confirmTotpEnrollment(input: $input) {
    backupCodes
  }
}
    `) as unknown as TypedDocumentString<ConfirmTotpEnrollmentMutation, ConfirmTotpEnrollmentMutationVariables>;
export const DisableTotpDocument = new TypedDocumentString(`
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
export const RegenerateBackupCodesDocument = new TypedDocumentString(`
    mutation RegenerateBackupCodes($input: RegenerateBackupCodesInput!) {
  regenerateBackupCodes(input: $input) {
    backupCodes
  }
}
    `) as unknown as TypedDocumentString<RegenerateBackupCodesMutation, RegenerateBackupCodesMutationVariables>;
export const BeginPasskeyRegistrationDocument = new TypedDocumentString(`
    mutation BeginPasskeyRegistration($input: BeginPasskeyRegistrationInput!) {
  beginPasskeyRegistration(input: $input) {
    expiresAt
    options
  }
}
    `) as unknown as TypedDocumentString<BeginPasskeyRegistrationMutation, BeginPasskeyRegistrationMutationVariables>;
export const ConfirmPasskeyRegistrationDocument = new TypedDocumentString(`
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
export const ConfirmPasskeyDocument = new TypedDocumentString(`
    mutation ConfirmPasskey($input: ConfirmPasskeyInput!) {
  confirmPasskey(input: $input) {
    confirmed
  }
}
    `) as unknown as TypedDocumentString<ConfirmPasskeyMutation, ConfirmPasskeyMutationVariables>;
export const RemovePasskeyDocument = new TypedDocumentString(`
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
export const LoginDocument = new TypedDocumentString(`
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
  assurance
  methods
}`) as unknown as TypedDocumentString<LoginMutation, LoginMutationVariables>;
export const VerifyMfaDocument = new TypedDocumentString(`
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
  assurance
  methods
}`) as unknown as TypedDocumentString<VerifyMfaMutation, VerifyMfaMutationVariables>;
export const BeginPasskeyLoginDocument = new TypedDocumentString(`
    mutation BeginPasskeyLogin($input: BeginPasskeyLoginInput!) {
  beginPasskeyLogin(input: $input) {
    expiresAt
    options
  }
}
    `) as unknown as TypedDocumentString<BeginPasskeyLoginMutation, BeginPasskeyLoginMutationVariables>;
export const LoginWithPasskeyDocument = new TypedDocumentString(`
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
  assurance
  methods
}`) as unknown as TypedDocumentString<LoginWithPasskeyMutation, LoginWithPasskeyMutationVariables>;
export const RefreshDocument = new TypedDocumentString(`
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
export const ReauthenticateDocument = new TypedDocumentString(`
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
  assurance
  methods
}`) as unknown as TypedDocumentString<ReauthenticateMutation, ReauthenticateMutationVariables>;
export const LogoutDocument = new TypedDocumentString(`
    mutation Logout($input: LogoutInput!) {
  logout(input: $input) {
    revoked
  }
}
    `) as unknown as TypedDocumentString<LogoutMutation, LogoutMutationVariables>;
export const SessionsDocument = new TypedDocumentString(`
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
  assurance
  methods
}`) as unknown as TypedDocumentString<SessionsQuery, SessionsQueryVariables>;
export const RevokeSessionDocument = new TypedDocumentString(`
    mutation RevokeSession($input: RevokeSessionInput!) {
  revokeSession(input: $input) {
    revokedCount
  }
}
    `) as unknown as TypedDocumentString<RevokeSessionMutation, RevokeSessionMutationVariables>;
export const RevokeOtherSessionsDocument = new TypedDocumentString(`
    mutation RevokeOtherSessions($input: RevokeOtherSessionsInput!) {
  revokeOtherSessions(input: $input) {
    revokedCount
  }
}
    `) as unknown as TypedDocumentString<RevokeOtherSessionsMutation, RevokeOtherSessionsMutationVariables>;
export const DisownSessionDocument = new TypedDocumentString(`
    mutation DisownSession($input: DisownSessionInput!) {
  disownSession(input: $input) {
    revokedCount
  }
}
    `) as unknown as TypedDocumentString<DisownSessionMutation, DisownSessionMutationVariables>;