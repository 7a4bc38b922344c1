/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** The kinds of requirements. New kinds may be added. */
export type AccessRequirementKind =
  /** The operation is for other callers than users. */
  | 'CALLER_KIND'
  /** A rate limit counts the call. Its state is not evaluated. */
  | 'LIMIT'
  /** The request comes from a network of `ADMIN_IP_ALLOWLIST`. */
  | 'NETWORK'
  /** The role holds one of the permissions. */
  | 'PERMISSION'
  /** The role of the user has a higher rank than that of the target. */
  | 'RANK'
  /** The user authenticated within `REAUTH_WINDOW`, with the second factor where there is one. */
  | 'RECENT'
  /** `enrolled`: the user has the second factor that the role requires. `proven`: this session has proven the one the user has. `AAL2`: both. */
  | 'SECOND_FACTOR'
  /** The account is active, and the session has not ended. */
  | 'SIGNED_IN';

/** The key with which the gateway signs client secrets for Apple. */
export type AppleKeyInput = {
  /** The id of the key. */
  keyId: string;
  /** The private key: PKCS #8 in PEM. It is stored sealed and never returned. */
  privateKey: string;
  /** The id of the developer team. */
  teamId: string;
};

/** The authenticator assurance level (NIST SP 800-63B). */
export type AssuranceLevel =
  /** One factor was proven. */
  | 'AAL1'
  /** Two factors were proven. */
  | 'AAL2';

/** A filter for audit entries. All given conditions have to match. */
export type AuditFilter = {
  /** The action, for example `login.refused`. */
  action?: string | null | undefined;
  /** Any of these actions, at least one. */
  actions?: Array<string> | null | undefined;
  /** The id of the acting user. */
  actorId?: string | number | null | undefined;
  /** The IP address of the client, exact match. */
  ipAddress?: string | null | undefined;
  /** The outcome. */
  outcome?: AuditOutcome | null | undefined;
  /** Entries at this time or later. */
  since?: string | null | undefined;
  /** The id of the target: a user, a session or another object. */
  targetId?: string | number | null | undefined;
  /** Entries before this time. */
  until?: string | null | undefined;
};

/** The outcome of an audited action. */
export type AuditOutcome =
  /** The action was denied, for example because of a lockout, a rate limit, a missing permission or a replayed token. */
  | 'DENIED'
  /** The action failed, for example because of a wrong password or an invalid token. */
  | 'FAILURE'
  /** The action was carried out. */
  | 'SUCCESS';

/** The kinds of tampering with the audit trail. */
export type AuditProblemKind =
  /** An entry differs from its sealed state. */
  | 'CHANGED'
  /** The newest entries were removed. */
  | 'CUT_OFF'
  /** A checkpoint was changed, or was signed with an unknown key. */
  | 'FORGED'
  /** An entry was inserted after its time was sealed. */
  | 'INSERTED'
  /** An entry, a seal or a checkpoint is missing. */
  | 'MISSING'
  /** The order of entries was changed. */
  | 'REORDERED'
  /** The entries are intact, but a database trigger that protects them is disabled. */
  | 'UNGUARDED';

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

/** A new client secret. */
export type CreateClientSecretInput = {
  /** The lifetime in seconds, from 60. Absent: it does not expire. */
  expiresIn?: number | null | undefined;
  /** The id of the service account. */
  serviceAccountId: string | number;
};

/** A new provider. Slug, kind and issuer cannot be changed later. */
export type CreateFederatedProviderInput = {
  /** `APPLE`: the key, in place of a client secret. */
  appleKey?: AppleKeyInput | null | undefined;
  /** The client id that the provider has issued. */
  clientId: string;
  /** The client secret. It is stored sealed and never returned. */
  clientSecret?: string | null | undefined;
  /** The name for a button. At most 100 characters. */
  displayName: string;
  /** Whether users can sign in with it. */
  enabled?: boolean | null | undefined;
  /** Required for `OAUTH2`; `GITHUB`: of GitHub Enterprise. Other kinds have metadata. */
  endpoints?: FederatedEndpointsInput | null | undefined;
  /** The address of an icon for a button. */
  iconUrl?: string | null | undefined;
  /** The issuer. Absent: that of `GOOGLE`, `APPLE` and `GITHUB`. `OAUTH2`: the address under which its subjects are unique. */
  issuer?: string | null | undefined;
  /** The kind. */
  kind: FederatedProviderKind;
  /** `OAUTH2`: the names in the answer about a user. */
  mapping?: FederatedMappingInput | null | undefined;
  /** Client ids of native apps, whose ID tokens `loginWithIdToken` accepts. */
  nativeClientIds?: Array<string> | null | undefined;
  /** The policy. */
  policy?: FederatedPolicyInput | null | undefined;
  /** The place in the list of providers: 0 to 10000, lowest first. */
  position?: number | null | undefined;
  /** The scopes to ask for. Absent: those of the kind. */
  scopes?: Array<string> | null | undefined;
  /** The short name, which ends the callback address: up to 32 lower-case letters, digits and hyphens. */
  slug: string;
};

/** A new custom role. */
export type CreateRoleInput = {
  /** The name: 2 to 64 capital letters, digits and `_`, a letter first, for example `SUPPORT_DESK`. It cannot be changed later. */
  name: string;
  /** The permissions. The caller has to hold each of them. */
  permissions: Array<string>;
  /** The rank, 0 to 99 and below the rank of the caller. Users of this role manage users of lower ranks. */
  rank: number;
};

/** A new service account. */
export type CreateServiceAccountInput = {
  /** A name that no other service account has. At most 100 characters. */
  name: string;
  /** The name of a role of a lower rank than the role of the caller, and not `SUPER_ADMIN`. */
  role: string;
};

/** A new account for another user. */
export type CreateUserInput = {
  /** The display name. At most 100 characters. */
  displayName?: string | null | undefined;
  /** The e-mail address to sign in with. The invitation is sent to it. */
  email: string;
  /** The name of a role of a lower rank than the role of the caller. Every role except `USER` requires `roles:assign`. */
  role: string;
};

/** A new webhook. */
export type CreateWebhookInput = {
  /** What it is for. At most 100 characters. */
  description?: string | null | undefined;
  /** The events to receive: at least one. */
  events: Array<EventType>;
  /** Whether messages contain `data.profile`. Default: false. */
  includeProfile?: boolean | null | undefined;
  /** The address: https on port 443 or 8443, of a public server. Its name is resolved at each delivery. At most 2048 UTF-16 units. */
  url: string;
};

/** The provider to delete. */
export type DeleteFederatedProviderInput = {
  /** The `id` of the provider. */
  id: string | number;
};

/** The role to delete. */
export type DeleteRoleInput = {
  /** The name of the role. */
  name: string;
};

/** The service account to delete. */
export type DeleteServiceAccountInput = {
  /** The id of the service account. */
  id: string | number;
  /** The reason for the audit trail. At most 500 characters. At most 1000 UTF-16 units. */
  reason?: string | null | undefined;
};

/** The user to delete. */
export type DeleteUserInput = {
  /** The reason for the audit trail. Other administrators can read it; the user cannot. At most 500 characters. At most 1000 UTF-16 units. */
  reason?: string | null | undefined;
  /** The id of the user. */
  userId: string | number;
};

/** The webhook to delete. */
export type DeleteWebhookInput = {
  /** The id of the webhook. */
  id: string | number;
};

/** Which deliveries to return. Absent fields do not restrict the list. */
export type DeliveryFilter = {
  /** The type of the event. */
  event?: EventType | null | undefined;
  /** Created at this time or later. */
  since?: string | null | undefined;
  /** The state. */
  status?: DeliveryStatus | null | undefined;
};

/** The states of deliveries. */
export type DeliveryStatus =
  /** No attempt is left. `redeliver` starts again. */
  | 'ABANDONED'
  /** The endpoint answered with a status from 200 to 299. */
  | 'DELIVERED'
  /** The last attempt failed, and another one is due at `nextAttemptAt`. */
  | 'FAILED'
  /** Not tried yet. */
  | 'PENDING';

/** What can happen. New values may be added: clients need a default branch. */
export type EventType =
  /** Failed attempts locked the sign-in of an address. `userId` is null when no account has the address. */
  | 'ACCOUNT_LOCKED'
  /** The locks of an account were removed. */
  | 'ACCOUNT_UNLOCKED'
  /** An API key was created. */
  | 'API_KEY_CREATED'
  /** An API key was revoked. */
  | 'API_KEY_REVOKED'
  /** The e-mail address of an account changed. */
  | 'EMAIL_CHANGED'
  /** An identity of a provider was linked to an account. */
  | 'IDENTITY_LINKED'
  /** An identity of a provider was removed from an account. */
  | 'IDENTITY_UNLINKED'
  /** A second factor was removed from an account. */
  | 'MFA_DISABLED'
  /** A second factor was added to an account. */
  | 'MFA_ENABLED'
  /** A password was set. */
  | 'PASSWORD_CHANGED'
  /** A role was created. */
  | 'ROLE_CREATED'
  /** A role was deleted. */
  | 'ROLE_DELETED'
  /** The rank or the permissions of a role changed. */
  | 'ROLE_UPDATED'
  /** A session was revoked, for example by signing out. Sessions that expire cause no event. */
  | 'SESSION_ENDED'
  /** A user signed in. */
  | 'SESSION_STARTED'
  /** Another key signs access tokens now. */
  | 'SIGNING_KEY_ROTATED'
  /** A refresh token was used twice. Its session has ended: the token was probably stolen. */
  | 'TOKEN_REUSE_DETECTED'
  /** An account was created. After `register`, this is when the address is verified. */
  | 'USER_CREATED'
  /** An account was deleted. It can be restored until `purgeAt`. */
  | 'USER_DELETED'
  /** The data of a deleted account was erased. Erase your own data about the user. */
  | 'USER_PURGED'
  /** An administrator reactivated a suspended account. */
  | 'USER_REACTIVATED'
  /** A deleted account was restored. */
  | 'USER_RESTORED'
  /** An account got another role. */
  | 'USER_ROLE_CHANGED'
  /** An administrator suspended an account. Its sessions have ended. */
  | 'USER_SUSPENDED'
  /** A user changed the own profile. */
  | 'USER_UPDATED'
  /** An administrator called `sendTestEvent`. Only the named webhook receives it. */
  | 'WEBHOOK_TEST';

/** The addresses of a provider without metadata: `GITHUB` and `OAUTH2`. */
export type FederatedEndpointsInput = {
  /** The address that the browser opens. */
  authorization: string;
  /** `GITHUB`: the address that lists the e-mail addresses. */
  emails?: string | null | undefined;
  /** The address that exchanges codes for tokens. */
  token: string;
  /** The address that answers JSON about the user. */
  user: string;
};

/** The names of the members in the answer about a user. For `OAUTH2`. */
export type FederatedMappingInput = {
  /** The name of the user. Absent: `name`. */
  displayName?: string | null | undefined;
  /** The e-mail address. Absent: `email`. */
  email?: string | null | undefined;
  /** Whether the provider has verified the address. Absent: `email_verified`. */
  emailVerified?: string | null | undefined;
  /** The id of the user at the provider. Absent: `id`. */
  subject?: string | null | undefined;
};

/** Which users may sign in with the provider, and which of its statements are trusted. Absent members have their default. */
export type FederatedPolicyInput = {
  /** Domains of verified addresses. Absent: every user. */
  allowedDomains?: Array<string> | null | undefined;
  /** `MICROSOFT`: ids of tenants. Required when the issuer names no tenant (`common`, `organizations`, `consumers`). */
  allowedTenants?: Array<string> | null | undefined;
  /** An unknown identity with the verified address of an account. Absent: `PROVE`. */
  linking?: LinkingPolicy | null | undefined;
  /** Whether new users sign up. Absent: `ALLOW`. */
  signUp?: SignUpPolicy | null | undefined;
  /** Whether the tokens of the provider are kept, sealed. No operation returns them. Absent: no. */
  storeTokens?: boolean | null | undefined;
  /** `OIDC` and `OAUTH2`: whether the provider verifies the addresses that it calls verified. Absent: no. */
  trustsEmail?: boolean | null | undefined;
  /** The trusted second factors. Absent: none. */
  trustsMfa?: TrustedMfaInput | null | undefined;
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

/** What happens when an unknown identity has the verified address of an account. */
export type LinkingPolicy =
  /** The sign-in is refused. */
  | 'NEVER'
  /** The user proves the account: `LinkProposal`. */
  | 'PROVE'
  /** Google and Apple link at once to an account with a confirmed address. */
  | 'VERIFIED';

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

/** The direction of a sorted list. */
export type OrderDirection =
  /** Ascending: smallest or oldest first. */
  | 'ASC'
  /** Descending: greatest or newest first. */
  | 'DESC';

/** Where a provider is defined. */
export type ProviderSource =
  /** By `createFederatedProvider`. */
  | 'DATABASE'
  /** In the file `FEDERATED_PROVIDERS` of the operator. It cannot be changed here. */
  | 'FILE';

/** The service account to reactivate. */
export type ReactivateServiceAccountInput = {
  /** The id of the service account. */
  id: string | number;
  /** The reason for the audit trail. At most 500 characters. At most 1000 UTF-16 units. */
  reason?: string | null | undefined;
};

/** The user to reactivate. */
export type ReactivateUserInput = {
  /** The reason for the audit trail. Other administrators can read it; the user cannot. At most 500 characters. At most 1000 UTF-16 units. */
  reason?: string | null | undefined;
  /** The id of the user. */
  userId: string | number;
};

/** The delivery to repeat. */
export type RedeliverInput = {
  /** The id of the delivery. */
  deliveryId: string | number;
};

/** The user whose habits are forgotten. */
export type ResetRiskHistoryInput = {
  /** The reason for the audit trail. Other administrators can read it; the user cannot. At most 500 characters. At most 1000 UTF-16 units. */
  reason?: string | null | undefined;
  /** The id of the user. */
  userId: string | number;
};

/** The user to remove all second factors from. */
export type ResetUserMfaInput = {
  /** The reason for the audit trail. Other administrators can read it; the user cannot. At most 500 characters. At most 1000 UTF-16 units. */
  reason?: string | null | undefined;
  /** The id of the user. */
  userId: string | number;
};

/** The user to restore. */
export type RestoreUserInput = {
  /** The reason for the audit trail. Other administrators can read it; the user cannot. At most 500 characters. At most 1000 UTF-16 units. */
  reason?: string | null | undefined;
  /** The id of the user. */
  userId: string | number;
};

/** The client secret to revoke. */
export type RevokeClientSecretInput = {
  /** The id of the client secret. */
  id: string | number;
};

/** The user to sign out of all sessions. */
export type RevokeUserSessionsInput = {
  /** The reason for the audit trail. Other administrators can read it; the user cannot. At most 500 characters. At most 1000 UTF-16 units. */
  reason?: string | null | undefined;
  /** The id of the user. */
  userId: string | number;
};

/** What follows from an assessment. With `RISK=observe` it is recorded only. */
export type RiskAction =
  /** The client has to solve a captcha. The owner is notified by mail. */
  | 'CAPTCHA'
  /** The owner of the account is notified by mail. */
  | 'MAIL'
  /** Nothing. */
  | 'NONE'
  /** The sign-in is refused because of its country. */
  | 'REFUSE'
  /** The sign-in needs a second step. The owner is notified by mail. */
  | 'SECOND_STEP';

/** How unusual a sign-in is. */
export type RiskLevel =
  /** A score of 60 or more. */
  | 'HIGH'
  /** A score below 20. */
  | 'LOW'
  /** A score from 20 to 59. */
  | 'MEDIUM';

/** What is unusual about a sign-in. New values may be added. */
export type RiskSignal =
  /** A VPN, a proxy or Tor hides the origin of the connection. */
  | 'ANONYMISER'
  /** The request looks like a script. */
  | 'AUTOMATION'
  /** The password is in a list of stolen passwords. */
  | 'BREACHED_PASSWORD'
  /** The address belongs to a service for temporary mailboxes. */
  | 'DISPOSABLE_MAIL'
  /** The sign-in before was too far away for the time between them. */
  | 'IMPOSSIBLE_TRAVEL'
  /** The account was not used for 90 days. */
  | 'LONG_IDLE'
  /** The source failed to sign in to many other accounts. */
  | 'MANY_ACCOUNTS_FROM_SOURCE'
  /** The account did not sign in through this network operator within 180 days. */
  | 'NEW_ASN'
  /** The account did not sign in from this country within 180 days. */
  | 'NEW_COUNTRY'
  /** The account does not know the device and its browser. */
  | 'NEW_DEVICE'
  /** The account never signed in from this network (IPv4 /24, IPv6 /48). */
  | 'NEW_NETWORK'
  /** The account does not sign in around this hour of the day. */
  | 'UNUSUAL_HOUR';

/** The rotation of the signing keys. */
export type RotateSigningKeysInput = {
  /** The reason, for the audit trail. At most 500 characters. At most 1000 UTF-16 units. */
  reason?: string | null | undefined;
};

/** The webhook that gets another secret. */
export type RotateWebhookSecretInput = {
  /** The id of the webhook. */
  id: string | number;
  /** The seconds for which messages carry a signature of the former secret too, at most 7 days. 0: none. Default: a day. */
  overlap?: number | null | undefined;
};

/** The user to send a link to. */
export type SendPasswordResetInput = {
  /** The reason for the audit trail. Other administrators can read it; the user cannot. At most 500 characters. At most 1000 UTF-16 units. */
  reason?: string | null | undefined;
  /** The id of the user. */
  userId: string | number;
};

/** The webhook that gets a test event. */
export type SendTestEventInput = {
  /** The id of the webhook. */
  webhookId: string | number;
};

/** A user and the new role. */
export type SetUserRoleInput = {
  /** The reason for the audit trail. Other administrators can read it; the user cannot. At most 500 characters. At most 1000 UTF-16 units. */
  reason?: string | null | undefined;
  /** The name of a role of a lower rank than the role of the caller. */
  role: string;
  /** The id of the user. */
  userId: string | number;
};

/** The sources of settings. */
export type SettingSource =
  /** The setting is not set. */
  | 'DEFAULT'
  /** A variable of the environment. */
  | 'ENVIRONMENT'
  /** The file `.env` in the working folder of the gateway. */
  | 'FILE';

/** Whether users sign up with a provider. */
export type SignUpPolicy =
  /** New users can sign up. */
  | 'ALLOW'
  /** Only users with an account sign in. */
  | 'OFF';

/** The service account to suspend. */
export type SuspendServiceAccountInput = {
  /** The id of the service account. */
  id: string | number;
  /** The reason for the audit trail. At most 500 characters. At most 1000 UTF-16 units. */
  reason?: string | null | undefined;
};

/** The user to suspend. */
export type SuspendUserInput = {
  /** The reason for the audit trail. Other administrators can read it; the user cannot. At most 500 characters. At most 1000 UTF-16 units. */
  reason?: string | null | undefined;
  /** The id of the user. */
  userId: string | number;
};

/** The provider to test. */
export type TestFederatedProviderInput = {
  /** The `id` of the provider. */
  id: string | number;
};

/** Values of the ID token that stand for the second factor of the account. */
export type TrustedMfaInput = {
  /** Values of `acr`. */
  acr?: Array<string> | null | undefined;
  /** Values of `amr`, for example `mfa`. */
  amr?: Array<string> | null | undefined;
};

/** The user to unlock. */
export type UnlockUserInput = {
  /** The reason for the audit trail. Other administrators can read it; the user cannot. At most 500 characters. At most 1000 UTF-16 units. */
  reason?: string | null | undefined;
  /** The id of the user. */
  userId: string | number;
};

/** The changes of a provider. Absent members stay unchanged; a given object or list replaces the whole one. */
export type UpdateFederatedProviderInput = {
  /** `APPLE`: the key, in place of a client secret. */
  appleKey?: AppleKeyInput | null | undefined;
  /** The client id. */
  clientId?: string | null | undefined;
  /** The client secret. It is stored sealed and never returned. */
  clientSecret?: string | null | undefined;
  /** The name for a button. At most 100 characters. */
  displayName?: string | null | undefined;
  /** Whether users can sign in with it. */
  enabled?: boolean | null | undefined;
  /** Required for `OAUTH2`; `GITHUB`: of GitHub Enterprise. Other kinds have metadata. */
  endpoints?: FederatedEndpointsInput | null | undefined;
  /** The address of an icon for a button. */
  iconUrl?: string | null | undefined;
  /** The `id` of the provider. */
  id: string | number;
  /** `OAUTH2`: the names in the answer about a user. */
  mapping?: FederatedMappingInput | null | undefined;
  /** Client ids of native apps, whose ID tokens `loginWithIdToken` accepts. */
  nativeClientIds?: Array<string> | null | undefined;
  /** The policy. */
  policy?: FederatedPolicyInput | null | undefined;
  /** The place in the list of providers: 0 to 10000, lowest first. */
  position?: number | null | undefined;
  /** The scopes to ask for. Absent: those of the kind. */
  scopes?: Array<string> | null | undefined;
};

/** The changes of a role. Absent fields stay unchanged. */
export type UpdateRoleInput = {
  /** The name of the role. */
  name: string;
  /** The new permissions. They replace the existing ones. */
  permissions?: Array<string> | null | undefined;
  /** The rank, 0 to 99 and below the rank of the caller. The ranks of system roles are fixed. */
  rank?: number | null | undefined;
};

/** The changes. Absent and null fields keep their value. */
export type UpdateWebhookInput = {
  /** What it is for. An empty text removes it. */
  description?: string | null | undefined;
  /** false gives up the messages that wait. true begins with new events. */
  enabled?: boolean | null | undefined;
  /** The events to receive: at least one. */
  events?: Array<EventType> | null | undefined;
  /** The id of the webhook. */
  id: string | number;
  /** Whether messages contain `data.profile`. */
  includeProfile?: boolean | null | undefined;
  /** The address. Waiting messages go to the new one. At most 2048 UTF-16 units. */
  url?: string | null | undefined;
};

/** A filter for users. All given conditions have to match. */
export type UserFilter = {
  /** Created before this time. */
  createdBefore?: string | null | undefined;
  /** Created at this time or later. */
  createdFrom?: string | null | undefined;
  /** The beginning of the address, in any letter case. */
  email?: string | null | undefined;
  /** The whole id of the user in the system that it was imported from. */
  externalId?: string | null | undefined;
  /** Last signed in before this time. Excludes users without a sign-in. */
  lastLoginBefore?: string | null | undefined;
  /** Last signed in at this time or later. */
  lastLoginFrom?: string | null | undefined;
  /** True: users with a second factor. False: users without one. */
  mfaEnabled?: boolean | null | undefined;
  /** Words of the display name or beginnings of words, in any order and letter case: `lov ad` finds Ada Lovelace. */
  name?: string | null | undefined;
  /** The name of the role, for example `MODERATOR`. */
  role?: string | null | undefined;
  /** The state of the account. */
  status?: UserStatus | null | undefined;
};

/** The order of a list of users. A cursor is valid only for the order of the list that it came from. */
export type UserOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** The field to sort by. */
  field?: UserOrderField;
};

/** The fields by which users can be sorted. */
export type UserOrderField =
  /** The time of the creation of the account. */
  | 'CREATED_AT'
  /** The e-mail address, by code points. */
  | 'EMAIL'
  /** The time of the last sign-in. Users without a sign-in sort before all others. */
  | 'LAST_LOGIN_AT';

/** The states of an account. */
export type UserStatus =
  /** The owner can sign in. */
  | 'ACTIVE'
  /** The account is deleted. Until it is purged, it can be restored and its address stays reserved. */
  | 'DELETED'
  /** The owner has not accepted the invitation yet. */
  | 'INVITED'
  /** The owner cannot sign in until an administrator calls `reactivateUser`. */
  | 'SUSPENDED';

export type ExplainAccessQueryVariables = Exact<{
  userId: string | number;
  operation: string;
  sessionId?: string | number | null | undefined;
  targetUserId?: string | number | null | undefined;
}>;


export type ExplainAccessQuery = { explainAccess: { operation: string, allowed: boolean, requirements: Array<{ kind: AccessRequirementKind, met: boolean, required: string, actual: string | null }> } };

export type KeyDetailFragment = { id: string, name: string, hint: string, scopes: Array<string>, createdAt: string, expiresAt: string, lastUsedAt: string | null, lastUsedFrom: string | null, ipAllowlist: Array<string>, limitPerMinute: number | null, rotating: string | null };

export type AuditEntryPartsFragment = { id: string, action: string, outcome: AuditOutcome, occurredAt: string, actorLabel: string | null, ipAddress: string | null, userAgent: string | null, reason: string | null, sessionId: string | null, requestId: string, details: Record<string, unknown>, hash: string | null, sequence: number | null, actor: { id: string, displayName: string | null } | null, target: { type: string, id: string, label: string | null, user: { id: string, displayName: string | null } | null } | null };

export type AuditEntriesQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  where?: AuditFilter | null | undefined;
}>;


export type AuditEntriesQuery = { auditEntries: { nodes: Array<{ id: string, action: string, outcome: AuditOutcome, occurredAt: string, actorLabel: string | null, ipAddress: string | null, userAgent: string | null, reason: string | null, sessionId: string | null, requestId: string, details: Record<string, unknown>, hash: string | null, sequence: number | null, actor: { id: string, displayName: string | null } | null, target: { type: string, id: string, label: string | null, user: { id: string, displayName: string | null } | null } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type AuditCountQueryVariables = Exact<{
  where?: AuditFilter | null | undefined;
}>;


export type AuditCountQuery = { auditEntries: { totalCount: number } };

export type AuditEntriesOfUserQueryVariables = Exact<{
  id: string | number;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type AuditEntriesOfUserQuery = { user: { id: string, auditEntries: { totalCount: number, nodes: Array<{ id: string, action: string, outcome: AuditOutcome, occurredAt: string, actorLabel: string | null, ipAddress: string | null, userAgent: string | null, reason: string | null, sessionId: string | null, requestId: string, details: Record<string, unknown>, hash: string | null, sequence: number | null, actor: { id: string, displayName: string | null } | null, target: { type: string, id: string, label: string | null, user: { id: string, displayName: string | null } | null } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type AuditIntegrityQueryVariables = Exact<{ [key: string]: never; }>;


export type AuditIntegrityQuery = { auditIntegrity: { whole: boolean, checked: number, complete: boolean, waiting: number, problem: { kind: AuditProblemKind, sequence: number | null, entryId: string | null, message: string } | null, checkpoint: { number: number, sequence: number, signedAt: string } | null } };

export type PersonNameQueryVariables = Exact<{
  id: string | number;
}>;


export type PersonNameQuery = { user: { id: string, email: string, displayName: string | null } | null };

export type MetricsFragment = { since: string, activeSessions: number, lockedAccounts: number, pendingRegistrations: number, activity: Array<{ from: string, to: string, signIns: number, signInFailures: number }>, total: { signIns: number, signInFailures: number, registrations: number, locks: number, tokenReuses: number }, mfa: { enabled: number, users: number }, mailQueue: { pending: number, deadLetters: number, oldestWaitingSeconds: number | null } };

export type OverviewQueryVariables = Exact<{
  since: string;
}>;


export type OverviewQuery = { securityOverview: { since: string, activeSessions: number, lockedAccounts: number, pendingRegistrations: number, activity: Array<{ from: string, to: string, signIns: number, signInFailures: number }>, total: { signIns: number, signInFailures: number, registrations: number, locks: number, tokenReuses: number }, mfa: { enabled: number, users: number }, mailQueue: { pending: number, deadLetters: number, oldestWaitingSeconds: number | null } } };

export type OverviewBeforeQueryVariables = Exact<{
  since: string;
  until: string;
}>;


export type OverviewBeforeQuery = { securityOverview: { total: { signIns: number, signInFailures: number } } };

export type TrailStateQueryVariables = Exact<{ [key: string]: never; }>;


export type TrailStateQuery = { auditIntegrity: { whole: boolean, waiting: number, problem: { message: string } | null } };

export type AdministratorsWithoutFactorQueryVariables = Exact<{ [key: string]: never; }>;


export type AdministratorsWithoutFactorQuery = { superAdmins: { totalCount: number }, admins: { totalCount: number } };

export type ProvidersQueryVariables = Exact<{ [key: string]: never; }>;


export type ProvidersQuery = { federatedProviders: Array<{ id: string, displayName: string }> };

export type ManagedProviderFragment = { enabled: boolean, source: ProviderSource, settings: Record<string, unknown>, callbackUrl: string, provider: { id: string, slug: string, displayName: string, kind: FederatedProviderKind }, lastTest: { testedAt: string, problems: Array<{ code: string, message: string }> } | null };

export type ManagedProvidersQueryVariables = Exact<{ [key: string]: never; }>;


export type ManagedProvidersQuery = { managedFederatedProviders: Array<{ enabled: boolean, source: ProviderSource, settings: Record<string, unknown>, callbackUrl: string, provider: { id: string, slug: string, displayName: string, kind: FederatedProviderKind }, lastTest: { testedAt: string, problems: Array<{ code: string, message: string }> } | null }> };

export type CreateProviderMutationVariables = Exact<{
  input: CreateFederatedProviderInput;
}>;


export type CreateProviderMutation = { createFederatedProvider: { provider: { enabled: boolean, source: ProviderSource, settings: Record<string, unknown>, callbackUrl: string, provider: { id: string, slug: string, displayName: string, kind: FederatedProviderKind }, lastTest: { testedAt: string, problems: Array<{ code: string, message: string }> } | null } } };

export type UpdateProviderMutationVariables = Exact<{
  input: UpdateFederatedProviderInput;
}>;


export type UpdateProviderMutation = { updateFederatedProvider: { provider: { enabled: boolean, source: ProviderSource, settings: Record<string, unknown>, callbackUrl: string, provider: { id: string, slug: string, displayName: string, kind: FederatedProviderKind }, lastTest: { testedAt: string, problems: Array<{ code: string, message: string }> } | null } } };

export type DeleteProviderMutationVariables = Exact<{
  input: DeleteFederatedProviderInput;
}>;


export type DeleteProviderMutation = { deleteFederatedProvider: { provider: { enabled: boolean } } };

export type TestProviderMutationVariables = Exact<{
  input: TestFederatedProviderInput;
}>;


export type TestProviderMutation = { testFederatedProvider: { testedAt: string } };

export type RiskQueryVariables = Exact<{
  since?: string | null | undefined;
}>;


export type RiskQuery = { riskOverview: { assessments: number, bySignal: Array<{ key: string, count: number }>, byAction: Array<{ key: string, count: number }>, byCountry: Array<{ key: string, count: number }> }, riskRules: Array<{ signal: RiskSignal, points: number }> };

export type ResetRiskHistoryMutationVariables = Exact<{
  input: ResetRiskHistoryInput;
}>;


export type ResetRiskHistoryMutation = { resetRiskHistory: { user: { emailVerified: boolean, deletedAt: string | null, id: string, email: string, displayName: string | null, status: UserStatus, lockedUntil: string | null, lastLoginAt: string | null, createdAt: string, mfa: { backupCodesRemaining: number, enabled: boolean, methods: Array<MfaMethod> }, identities: Array<{ id: string, email: string | null, subjectHint: string, linkedAt: string, lastUsedAt: string | null, provider: { id: string, displayName: string } }>, sessions: { totalCount: number, nodes: Array<{ id: string, current: boolean, createdAt: string, lastUsedAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null, risk: { level: RiskLevel, signals: Array<RiskSignal>, action: RiskAction } | null }> }, apiKeys: { nodes: Array<{ id: string, name: string, hint: string, scopes: Array<string>, createdAt: string, expiresAt: string, lastUsedAt: string | null, lastUsedFrom: string | null, ipAllowlist: Array<string>, limitPerMinute: number | null, rotating: string | null }> }, role: { name: string, rank: number } } } };

export type RolesQueryVariables = Exact<{ [key: string]: never; }>;


export type RolesQuery = { roles: Array<{ name: string, rank: number, permissions: Array<string>, system: boolean }> };

export type PermissionsQueryVariables = Exact<{ [key: string]: never; }>;


export type PermissionsQuery = { permissions: Array<{ name: string, operations: Array<string> }> };

export type CreateRoleMutationVariables = Exact<{
  input: CreateRoleInput;
}>;


export type CreateRoleMutation = { createRole: { role: { name: string } } };

export type UpdateRoleMutationVariables = Exact<{
  input: UpdateRoleInput;
}>;


export type UpdateRoleMutation = { updateRole: { role: { name: string } } };

export type DeleteRoleMutationVariables = Exact<{
  input: DeleteRoleInput;
}>;


export type DeleteRoleMutation = { deleteRole: { role: { name: string } } };

export type ServiceAccountRowFragment = { id: string, name: string, status: UserStatus, createdAt: string, role: { name: string, rank: number, permissions: Array<string> } };

export type ServiceAccountDetailFragment = { id: string, name: string, status: UserStatus, createdAt: string, keys: { nodes: Array<{ id: string, name: string, hint: string, scopes: Array<string>, createdAt: string, expiresAt: string, lastUsedAt: string | null, lastUsedFrom: string | null, ipAllowlist: Array<string>, limitPerMinute: number | null, rotating: string | null }> }, clientSecrets: Array<{ id: string, hint: string, createdAt: string, expiresAt: string | null }>, role: { name: string, rank: number, permissions: Array<string> } };

export type ServiceAccountsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ServiceAccountsQuery = { serviceAccounts: { nodes: Array<{ id: string, name: string, status: UserStatus, createdAt: string, role: { name: string, rank: number, permissions: Array<string> } }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } };

export type ServiceAccountQueryVariables = Exact<{
  id: string | number;
}>;


export type ServiceAccountQuery = { serviceAccount: { id: string, name: string, status: UserStatus, createdAt: string, keys: { nodes: Array<{ id: string, name: string, hint: string, scopes: Array<string>, createdAt: string, expiresAt: string, lastUsedAt: string | null, lastUsedFrom: string | null, ipAllowlist: Array<string>, limitPerMinute: number | null, rotating: string | null }> }, clientSecrets: Array<{ id: string, hint: string, createdAt: string, expiresAt: string | null }>, role: { name: string, rank: number, permissions: Array<string> } } | null };

export type CreateServiceAccountMutationVariables = Exact<{
  input: CreateServiceAccountInput;
}>;


export type CreateServiceAccountMutation = { createServiceAccount: { serviceAccount: { id: string } } };

export type SuspendServiceAccountMutationVariables = Exact<{
  input: SuspendServiceAccountInput;
}>;


export type SuspendServiceAccountMutation = { suspendServiceAccount: { serviceAccount: { id: string, status: UserStatus } } };

export type ReactivateServiceAccountMutationVariables = Exact<{
  input: ReactivateServiceAccountInput;
}>;


export type ReactivateServiceAccountMutation = { reactivateServiceAccount: { serviceAccount: { id: string, status: UserStatus } } };

export type DeleteServiceAccountMutationVariables = Exact<{
  input: DeleteServiceAccountInput;
}>;


export type DeleteServiceAccountMutation = { deleteServiceAccount: { serviceAccount: { id: string, status: UserStatus } } };

export type CreateClientSecretMutationVariables = Exact<{
  input: CreateClientSecretInput;
}>;


export type CreateClientSecretMutation = { createClientSecret: { secret: string, clientSecret: { id: string } } };

export type RevokeClientSecretMutationVariables = Exact<{
  input: RevokeClientSecretInput;
}>;


export type RevokeClientSecretMutation = { revokeClientSecret: { revoked: boolean } };

export type SettingsQueryVariables = Exact<{ [key: string]: never; }>;


export type SettingsQuery = { settings: Array<{ name: string, value: string | null, source: SettingSource, secret: boolean }> };

export type KeyStateFragment = { kid: string, state: string, createdAt: string, activatedAt: string | null, retiredAt: string | null, promotableAt: string | null };

export type SigningKeysQueryVariables = Exact<{ [key: string]: never; }>;


export type SigningKeysQuery = { signingKeys: Array<{ kid: string, state: string, createdAt: string, activatedAt: string | null, retiredAt: string | null, promotableAt: string | null }> };

export type RotateSigningKeysMutationVariables = Exact<{
  input: RotateSigningKeysInput;
}>;


export type RotateSigningKeysMutation = { rotateSigningKeys: { promoted: boolean, promotableAt: string | null, keys: Array<{ kid: string, state: string, createdAt: string, activatedAt: string | null, retiredAt: string | null, promotableAt: string | null }> } };

export type UserDetailFragment = { emailVerified: boolean, deletedAt: string | null, id: string, email: string, displayName: string | null, status: UserStatus, lockedUntil: string | null, lastLoginAt: string | null, createdAt: string, mfa: { backupCodesRemaining: number, enabled: boolean, methods: Array<MfaMethod> }, identities: Array<{ id: string, email: string | null, subjectHint: string, linkedAt: string, lastUsedAt: string | null, provider: { id: string, displayName: string } }>, sessions: { totalCount: number, nodes: Array<{ id: string, current: boolean, createdAt: string, lastUsedAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null, risk: { level: RiskLevel, signals: Array<RiskSignal>, action: RiskAction } | null }> }, apiKeys: { nodes: Array<{ id: string, name: string, hint: string, scopes: Array<string>, createdAt: string, expiresAt: string, lastUsedAt: string | null, lastUsedFrom: string | null, ipAllowlist: Array<string>, limitPerMinute: number | null, rotating: string | null }> }, role: { name: string, rank: number } };

export type UserQueryVariables = Exact<{
  id: string | number;
}>;


export type UserQuery = { user: { emailVerified: boolean, deletedAt: string | null, id: string, email: string, displayName: string | null, status: UserStatus, lockedUntil: string | null, lastLoginAt: string | null, createdAt: string, mfa: { backupCodesRemaining: number, enabled: boolean, methods: Array<MfaMethod> }, identities: Array<{ id: string, email: string | null, subjectHint: string, linkedAt: string, lastUsedAt: string | null, provider: { id: string, displayName: string } }>, sessions: { totalCount: number, nodes: Array<{ id: string, current: boolean, createdAt: string, lastUsedAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null, risk: { level: RiskLevel, signals: Array<RiskSignal>, action: RiskAction } | null }> }, apiKeys: { nodes: Array<{ id: string, name: string, hint: string, scopes: Array<string>, createdAt: string, expiresAt: string, lastUsedAt: string | null, lastUsedFrom: string | null, ipAllowlist: Array<string>, limitPerMinute: number | null, rotating: string | null }> }, role: { name: string, rank: number } } | null };

export type SetUserRoleMutationVariables = Exact<{
  input: SetUserRoleInput;
}>;


export type SetUserRoleMutation = { setUserRole: { user: { emailVerified: boolean, deletedAt: string | null, id: string, email: string, displayName: string | null, status: UserStatus, lockedUntil: string | null, lastLoginAt: string | null, createdAt: string, mfa: { backupCodesRemaining: number, enabled: boolean, methods: Array<MfaMethod> }, identities: Array<{ id: string, email: string | null, subjectHint: string, linkedAt: string, lastUsedAt: string | null, provider: { id: string, displayName: string } }>, sessions: { totalCount: number, nodes: Array<{ id: string, current: boolean, createdAt: string, lastUsedAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null, risk: { level: RiskLevel, signals: Array<RiskSignal>, action: RiskAction } | null }> }, apiKeys: { nodes: Array<{ id: string, name: string, hint: string, scopes: Array<string>, createdAt: string, expiresAt: string, lastUsedAt: string | null, lastUsedFrom: string | null, ipAllowlist: Array<string>, limitPerMinute: number | null, rotating: string | null }> }, role: { name: string, rank: number } } } };

export type SuspendUserMutationVariables = Exact<{
  input: SuspendUserInput;
}>;


export type SuspendUserMutation = { suspendUser: { user: { emailVerified: boolean, deletedAt: string | null, id: string, email: string, displayName: string | null, status: UserStatus, lockedUntil: string | null, lastLoginAt: string | null, createdAt: string, mfa: { backupCodesRemaining: number, enabled: boolean, methods: Array<MfaMethod> }, identities: Array<{ id: string, email: string | null, subjectHint: string, linkedAt: string, lastUsedAt: string | null, provider: { id: string, displayName: string } }>, sessions: { totalCount: number, nodes: Array<{ id: string, current: boolean, createdAt: string, lastUsedAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null, risk: { level: RiskLevel, signals: Array<RiskSignal>, action: RiskAction } | null }> }, apiKeys: { nodes: Array<{ id: string, name: string, hint: string, scopes: Array<string>, createdAt: string, expiresAt: string, lastUsedAt: string | null, lastUsedFrom: string | null, ipAllowlist: Array<string>, limitPerMinute: number | null, rotating: string | null }> }, role: { name: string, rank: number } } } };

export type ReactivateUserMutationVariables = Exact<{
  input: ReactivateUserInput;
}>;


export type ReactivateUserMutation = { reactivateUser: { user: { emailVerified: boolean, deletedAt: string | null, id: string, email: string, displayName: string | null, status: UserStatus, lockedUntil: string | null, lastLoginAt: string | null, createdAt: string, mfa: { backupCodesRemaining: number, enabled: boolean, methods: Array<MfaMethod> }, identities: Array<{ id: string, email: string | null, subjectHint: string, linkedAt: string, lastUsedAt: string | null, provider: { id: string, displayName: string } }>, sessions: { totalCount: number, nodes: Array<{ id: string, current: boolean, createdAt: string, lastUsedAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null, risk: { level: RiskLevel, signals: Array<RiskSignal>, action: RiskAction } | null }> }, apiKeys: { nodes: Array<{ id: string, name: string, hint: string, scopes: Array<string>, createdAt: string, expiresAt: string, lastUsedAt: string | null, lastUsedFrom: string | null, ipAllowlist: Array<string>, limitPerMinute: number | null, rotating: string | null }> }, role: { name: string, rank: number } } } };

export type UnlockUserMutationVariables = Exact<{
  input: UnlockUserInput;
}>;


export type UnlockUserMutation = { unlockUser: { user: { emailVerified: boolean, deletedAt: string | null, id: string, email: string, displayName: string | null, status: UserStatus, lockedUntil: string | null, lastLoginAt: string | null, createdAt: string, mfa: { backupCodesRemaining: number, enabled: boolean, methods: Array<MfaMethod> }, identities: Array<{ id: string, email: string | null, subjectHint: string, linkedAt: string, lastUsedAt: string | null, provider: { id: string, displayName: string } }>, sessions: { totalCount: number, nodes: Array<{ id: string, current: boolean, createdAt: string, lastUsedAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null, risk: { level: RiskLevel, signals: Array<RiskSignal>, action: RiskAction } | null }> }, apiKeys: { nodes: Array<{ id: string, name: string, hint: string, scopes: Array<string>, createdAt: string, expiresAt: string, lastUsedAt: string | null, lastUsedFrom: string | null, ipAllowlist: Array<string>, limitPerMinute: number | null, rotating: string | null }> }, role: { name: string, rank: number } } } };

export type DeleteUserMutationVariables = Exact<{
  input: DeleteUserInput;
}>;


export type DeleteUserMutation = { deleteUser: { user: { emailVerified: boolean, deletedAt: string | null, id: string, email: string, displayName: string | null, status: UserStatus, lockedUntil: string | null, lastLoginAt: string | null, createdAt: string, mfa: { backupCodesRemaining: number, enabled: boolean, methods: Array<MfaMethod> }, identities: Array<{ id: string, email: string | null, subjectHint: string, linkedAt: string, lastUsedAt: string | null, provider: { id: string, displayName: string } }>, sessions: { totalCount: number, nodes: Array<{ id: string, current: boolean, createdAt: string, lastUsedAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null, risk: { level: RiskLevel, signals: Array<RiskSignal>, action: RiskAction } | null }> }, apiKeys: { nodes: Array<{ id: string, name: string, hint: string, scopes: Array<string>, createdAt: string, expiresAt: string, lastUsedAt: string | null, lastUsedFrom: string | null, ipAllowlist: Array<string>, limitPerMinute: number | null, rotating: string | null }> }, role: { name: string, rank: number } } } };

export type RestoreUserMutationVariables = Exact<{
  input: RestoreUserInput;
}>;


export type RestoreUserMutation = { restoreUser: { user: { emailVerified: boolean, deletedAt: string | null, id: string, email: string, displayName: string | null, status: UserStatus, lockedUntil: string | null, lastLoginAt: string | null, createdAt: string, mfa: { backupCodesRemaining: number, enabled: boolean, methods: Array<MfaMethod> }, identities: Array<{ id: string, email: string | null, subjectHint: string, linkedAt: string, lastUsedAt: string | null, provider: { id: string, displayName: string } }>, sessions: { totalCount: number, nodes: Array<{ id: string, current: boolean, createdAt: string, lastUsedAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null, risk: { level: RiskLevel, signals: Array<RiskSignal>, action: RiskAction } | null }> }, apiKeys: { nodes: Array<{ id: string, name: string, hint: string, scopes: Array<string>, createdAt: string, expiresAt: string, lastUsedAt: string | null, lastUsedFrom: string | null, ipAllowlist: Array<string>, limitPerMinute: number | null, rotating: string | null }> }, role: { name: string, rank: number } } } };

export type SendPasswordResetMutationVariables = Exact<{
  input: SendPasswordResetInput;
}>;


export type SendPasswordResetMutation = { sendPasswordReset: { user: { emailVerified: boolean, deletedAt: string | null, id: string, email: string, displayName: string | null, status: UserStatus, lockedUntil: string | null, lastLoginAt: string | null, createdAt: string, mfa: { backupCodesRemaining: number, enabled: boolean, methods: Array<MfaMethod> }, identities: Array<{ id: string, email: string | null, subjectHint: string, linkedAt: string, lastUsedAt: string | null, provider: { id: string, displayName: string } }>, sessions: { totalCount: number, nodes: Array<{ id: string, current: boolean, createdAt: string, lastUsedAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null, risk: { level: RiskLevel, signals: Array<RiskSignal>, action: RiskAction } | null }> }, apiKeys: { nodes: Array<{ id: string, name: string, hint: string, scopes: Array<string>, createdAt: string, expiresAt: string, lastUsedAt: string | null, lastUsedFrom: string | null, ipAllowlist: Array<string>, limitPerMinute: number | null, rotating: string | null }> }, role: { name: string, rank: number } } } };

export type ResetUserMfaMutationVariables = Exact<{
  input: ResetUserMfaInput;
}>;


export type ResetUserMfaMutation = { resetUserMfa: { user: { emailVerified: boolean, deletedAt: string | null, id: string, email: string, displayName: string | null, status: UserStatus, lockedUntil: string | null, lastLoginAt: string | null, createdAt: string, mfa: { backupCodesRemaining: number, enabled: boolean, methods: Array<MfaMethod> }, identities: Array<{ id: string, email: string | null, subjectHint: string, linkedAt: string, lastUsedAt: string | null, provider: { id: string, displayName: string } }>, sessions: { totalCount: number, nodes: Array<{ id: string, current: boolean, createdAt: string, lastUsedAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null, risk: { level: RiskLevel, signals: Array<RiskSignal>, action: RiskAction } | null }> }, apiKeys: { nodes: Array<{ id: string, name: string, hint: string, scopes: Array<string>, createdAt: string, expiresAt: string, lastUsedAt: string | null, lastUsedFrom: string | null, ipAllowlist: Array<string>, limitPerMinute: number | null, rotating: string | null }> }, role: { name: string, rank: number } } } };

export type RevokeUserSessionsMutationVariables = Exact<{
  input: RevokeUserSessionsInput;
}>;


export type RevokeUserSessionsMutation = { revokeUserSessions: { user: { emailVerified: boolean, deletedAt: string | null, id: string, email: string, displayName: string | null, status: UserStatus, lockedUntil: string | null, lastLoginAt: string | null, createdAt: string, mfa: { backupCodesRemaining: number, enabled: boolean, methods: Array<MfaMethod> }, identities: Array<{ id: string, email: string | null, subjectHint: string, linkedAt: string, lastUsedAt: string | null, provider: { id: string, displayName: string } }>, sessions: { totalCount: number, nodes: Array<{ id: string, current: boolean, createdAt: string, lastUsedAt: string, ipAddress: string | null, userAgent: string | null, deviceName: string | null, assurance: AssuranceLevel, methods: Array<AuthMethod>, location: { country: string, city: string | null } | null, risk: { level: RiskLevel, signals: Array<RiskSignal>, action: RiskAction } | null }> }, apiKeys: { nodes: Array<{ id: string, name: string, hint: string, scopes: Array<string>, createdAt: string, expiresAt: string, lastUsedAt: string | null, lastUsedFrom: string | null, ipAllowlist: Array<string>, limitPerMinute: number | null, rotating: string | null }> }, role: { name: string, rank: number } } } };

export type UserRowFragment = { id: string, email: string, displayName: string | null, status: UserStatus, lockedUntil: string | null, lastLoginAt: string | null, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, methods: Array<MfaMethod> } };

export type UsersQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  where?: UserFilter | null | undefined;
  orderBy?: UserOrder | null | undefined;
}>;


export type UsersQuery = { users: { nodes: Array<{ id: string, email: string, displayName: string | null, status: UserStatus, lockedUntil: string | null, lastLoginAt: string | null, createdAt: string, role: { name: string, rank: number }, mfa: { enabled: boolean, methods: Array<MfaMethod> } }>, pageInfo: { startCursor: string | null, endCursor: string | null, hasNextPage: boolean, hasPreviousPage: boolean } } };

export type UserCountQueryVariables = Exact<{
  where?: UserFilter | null | undefined;
}>;


export type UserCountQuery = { users: { totalCount: number } };

export type FoundUsersQueryVariables = Exact<{
  where: UserFilter;
}>;


export type FoundUsersQuery = { users: { nodes: Array<{ id: string, email: string, displayName: string | null }> } };

export type InviteUserMutationVariables = Exact<{
  input: CreateUserInput;
}>;


export type InviteUserMutation = { createUser: { user: { id: string, email: string, displayName: string | null } } };

export type WebhookRowFragment = { id: string, url: string, description: string | null, events: Array<EventType>, includeProfile: boolean, enabled: boolean, disabledReason: string | null, failingSince: string | null, createdAt: string };

export type DeliveryRowFragment = { id: string, event: EventType, attempt: number, status: DeliveryStatus, responseStatus: number | null, responseExcerpt: string | null, durationMs: number | null, createdAt: string, nextAttemptAt: string | null };

export type WebhooksQueryVariables = Exact<{ [key: string]: never; }>;


export type WebhooksQuery = { webhooks: Array<{ id: string, url: string, description: string | null, events: Array<EventType>, includeProfile: boolean, enabled: boolean, disabledReason: string | null, failingSince: string | null, createdAt: string }> };

export type WebhookQueryVariables = Exact<{
  id: string | number;
}>;


export type WebhookQuery = { webhook: { id: string, url: string, description: string | null, events: Array<EventType>, includeProfile: boolean, enabled: boolean, disabledReason: string | null, failingSince: string | null, createdAt: string } | null };

export type WebhookDeliveriesQueryVariables = Exact<{
  id: string | number;
  first?: number | null | undefined;
  after?: string | null | undefined;
  where?: DeliveryFilter | null | undefined;
}>;


export type WebhookDeliveriesQuery = { webhook: { deliveries: { nodes: Array<{ id: string, event: EventType, attempt: number, status: DeliveryStatus, responseStatus: number | null, responseExcerpt: string | null, durationMs: number | null, createdAt: string, nextAttemptAt: string | null }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } } | null };

export type CreateWebhookMutationVariables = Exact<{
  input: CreateWebhookInput;
}>;


export type CreateWebhookMutation = { createWebhook: { secret: string, webhook: { id: string } } };

export type UpdateWebhookMutationVariables = Exact<{
  input: UpdateWebhookInput;
}>;


export type UpdateWebhookMutation = { updateWebhook: { webhook: { id: string } } };

export type RotateWebhookSecretMutationVariables = Exact<{
  input: RotateWebhookSecretInput;
}>;


export type RotateWebhookSecretMutation = { rotateWebhookSecret: { secret: string, webhook: { id: string } } };

export type DeleteWebhookMutationVariables = Exact<{
  input: DeleteWebhookInput;
}>;


export type DeleteWebhookMutation = { deleteWebhook: { deleted: boolean } };

export type SendTestEventMutationVariables = Exact<{
  input: SendTestEventInput;
}>;


export type SendTestEventMutation = { sendTestEvent: { delivery: { id: string } } };

export type RedeliverMutationVariables = Exact<{
  input: RedeliverInput;
}>;


export type RedeliverMutation = { redeliver: { delivery: { id: string } } };

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
export const AuditEntryPartsFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment AuditEntryParts on AuditEntry {
  id
  action
  outcome
  occurredAt
  actor {
    id
    displayName
  }
  actorLabel
  target {
    type
    id
    user {
      id
      displayName
    }
    label
  }
  ipAddress
  userAgent
  reason
  sessionId
  requestId
  details
  hash
  sequence
}
    `, {"fragmentName":"AuditEntryParts"}) as unknown as TypedDocumentString<AuditEntryPartsFragment, unknown>;
export const MetricsFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment Metrics on SecurityOverview {
  since
  activity {
    from
    to
    signIns
    signInFailures
  }
  total {
    signIns
    signInFailures
    registrations
    locks
    tokenReuses
  }
  activeSessions
  lockedAccounts
  pendingRegistrations
  mfa {
    enabled
    users
  }
  mailQueue {
    pending
    deadLetters
    oldestWaitingSeconds
  }
}
    `, {"fragmentName":"Metrics"}) as unknown as TypedDocumentString<MetricsFragment, unknown>;
export const ManagedProviderFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment ManagedProvider on ManagedFederatedProvider {
  provider {
    id
    slug
    displayName
    kind
  }
  enabled
  source
  settings
  callbackUrl
  lastTest {
    testedAt
    problems {
      code
      message
    }
  }
}
    `, {"fragmentName":"ManagedProvider"}) as unknown as TypedDocumentString<ManagedProviderFragment, unknown>;
export const ServiceAccountRowFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment ServiceAccountRow on ServiceAccount {
  id
  name
  status
  createdAt
  role {
    name
    rank
    permissions
  }
}
    `, {"fragmentName":"ServiceAccountRow"}) as unknown as TypedDocumentString<ServiceAccountRowFragment, unknown>;
export const KeyDetailFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment KeyDetail on ApiKey {
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
    `, {"fragmentName":"KeyDetail"}) as unknown as TypedDocumentString<KeyDetailFragment, unknown>;
export const ServiceAccountDetailFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment ServiceAccountDetail on ServiceAccount {
  ...ServiceAccountRow
  keys(first: 100) {
    nodes {
      ...KeyDetail
    }
  }
  clientSecrets {
    id
    hint
    createdAt
    expiresAt
  }
}
    fragment KeyDetail on ApiKey {
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
fragment ServiceAccountRow on ServiceAccount {
  id
  name
  status
  createdAt
  role {
    name
    rank
    permissions
  }
}`, {"fragmentName":"ServiceAccountDetail"}) as unknown as TypedDocumentString<ServiceAccountDetailFragment, unknown>;
export const KeyStateFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment KeyState on SigningKey {
  kid
  state
  createdAt
  activatedAt
  retiredAt
  promotableAt
}
    `, {"fragmentName":"KeyState"}) as unknown as TypedDocumentString<KeyStateFragment, unknown>;
export const UserRowFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment UserRow on ManagedUser {
  id
  email
  displayName
  status
  lockedUntil
  lastLoginAt
  createdAt
  role {
    name
    rank
  }
  mfa {
    enabled
    methods
  }
}
    `, {"fragmentName":"UserRow"}) as unknown as TypedDocumentString<UserRowFragment, unknown>;
export const UserDetailFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment UserDetail on ManagedUser {
  ...UserRow
  emailVerified
  deletedAt
  mfa {
    backupCodesRemaining
  }
  identities {
    id
    email
    subjectHint
    linkedAt
    lastUsedAt
    provider {
      id
      displayName
    }
  }
  sessions(first: 50) {
    nodes {
      id
      current
      createdAt
      lastUsedAt
      ipAddress
      userAgent
      deviceName
      assurance
      methods
      location {
        country
        city
      }
      risk {
        level
        signals
        action
      }
    }
    totalCount
  }
  apiKeys(first: 100) {
    nodes {
      ...KeyDetail
    }
  }
}
    fragment KeyDetail on ApiKey {
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
fragment UserRow on ManagedUser {
  id
  email
  displayName
  status
  lockedUntil
  lastLoginAt
  createdAt
  role {
    name
    rank
  }
  mfa {
    enabled
    methods
  }
}`, {"fragmentName":"UserDetail"}) as unknown as TypedDocumentString<UserDetailFragment, unknown>;
export const WebhookRowFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment WebhookRow on Webhook {
  id
  url
  description
  events
  includeProfile
  enabled
  disabledReason
  failingSince
  createdAt
}
    `, {"fragmentName":"WebhookRow"}) as unknown as TypedDocumentString<WebhookRowFragment, unknown>;
export const DeliveryRowFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment DeliveryRow on WebhookDelivery {
  id
  event
  attempt
  status
  responseStatus
  responseExcerpt
  durationMs
  createdAt
  nextAttemptAt
}
    `, {"fragmentName":"DeliveryRow"}) as unknown as TypedDocumentString<DeliveryRowFragment, unknown>;
export const ExplainAccessDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ExplainAccess($userId: ID!, $operation: String!, $sessionId: ID, $targetUserId: ID) {
  explainAccess(
    userId: $userId
    operation: $operation
    sessionId: $sessionId
    targetUserId: $targetUserId
  ) {
    operation
    allowed
    requirements {
      kind
      met
      required
      actual
    }
  }
}
    `) as unknown as TypedDocumentString<ExplainAccessQuery, ExplainAccessQueryVariables>;
export const AuditEntriesDocument = /*#__PURE__*/ new TypedDocumentString(`
    query AuditEntries($first: Int, $after: String, $where: AuditFilter) {
  auditEntries(first: $first, after: $after, where: $where) {
    nodes {
      ...AuditEntryParts
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment AuditEntryParts on AuditEntry {
  id
  action
  outcome
  occurredAt
  actor {
    id
    displayName
  }
  actorLabel
  target {
    type
    id
    user {
      id
      displayName
    }
    label
  }
  ipAddress
  userAgent
  reason
  sessionId
  requestId
  details
  hash
  sequence
}`) as unknown as TypedDocumentString<AuditEntriesQuery, AuditEntriesQueryVariables>;
export const AuditCountDocument = /*#__PURE__*/ new TypedDocumentString(`
    query AuditCount($where: AuditFilter) {
  auditEntries(first: 0, where: $where) {
    totalCount
  }
}
    `) as unknown as TypedDocumentString<AuditCountQuery, AuditCountQueryVariables>;
export const AuditEntriesOfUserDocument = /*#__PURE__*/ new TypedDocumentString(`
    query AuditEntriesOfUser($id: ID!, $first: Int, $after: String) {
  user(id: $id) {
    id
    auditEntries(first: $first, after: $after) {
      nodes {
        ...AuditEntryParts
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      totalCount
    }
  }
}
    fragment AuditEntryParts on AuditEntry {
  id
  action
  outcome
  occurredAt
  actor {
    id
    displayName
  }
  actorLabel
  target {
    type
    id
    user {
      id
      displayName
    }
    label
  }
  ipAddress
  userAgent
  reason
  sessionId
  requestId
  details
  hash
  sequence
}`) as unknown as TypedDocumentString<AuditEntriesOfUserQuery, AuditEntriesOfUserQueryVariables>;
export const AuditIntegrityDocument = /*#__PURE__*/ new TypedDocumentString(`
    query AuditIntegrity {
  auditIntegrity {
    whole
    problem {
      kind
      sequence
      entryId
      message
    }
    checked
    complete
    checkpoint {
      number
      sequence
      signedAt
    }
    waiting
  }
}
    `) as unknown as TypedDocumentString<AuditIntegrityQuery, AuditIntegrityQueryVariables>;
export const PersonNameDocument = /*#__PURE__*/ new TypedDocumentString(`
    query PersonName($id: ID!) {
  user(id: $id) {
    id
    email
    displayName
  }
}
    `) as unknown as TypedDocumentString<PersonNameQuery, PersonNameQueryVariables>;
export const OverviewDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Overview($since: DateTime!) {
  securityOverview(since: $since) {
    ...Metrics
  }
}
    fragment Metrics on SecurityOverview {
  since
  activity {
    from
    to
    signIns
    signInFailures
  }
  total {
    signIns
    signInFailures
    registrations
    locks
    tokenReuses
  }
  activeSessions
  lockedAccounts
  pendingRegistrations
  mfa {
    enabled
    users
  }
  mailQueue {
    pending
    deadLetters
    oldestWaitingSeconds
  }
}`) as unknown as TypedDocumentString<OverviewQuery, OverviewQueryVariables>;
export const OverviewBeforeDocument = /*#__PURE__*/ new TypedDocumentString(`
    query OverviewBefore($since: DateTime!, $until: DateTime!) {
  securityOverview(since: $since, until: $until) {
    total {
      signIns
      signInFailures
    }
  }
}
    `) as unknown as TypedDocumentString<OverviewBeforeQuery, OverviewBeforeQueryVariables>;
export const TrailStateDocument = /*#__PURE__*/ new TypedDocumentString(`
    query TrailState {
  auditIntegrity {
    whole
    waiting
    problem {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<TrailStateQuery, TrailStateQueryVariables>;
export const AdministratorsWithoutFactorDocument = /*#__PURE__*/ new TypedDocumentString(`
    query AdministratorsWithoutFactor {
  superAdmins: users(
    first: 0
    where: {role: "SUPER_ADMIN", status: ACTIVE, mfaEnabled: false}
  ) {
    totalCount
  }
  admins: users(
    first: 0
    where: {role: "ADMIN", status: ACTIVE, mfaEnabled: false}
  ) {
    totalCount
  }
}
    `) as unknown as TypedDocumentString<AdministratorsWithoutFactorQuery, AdministratorsWithoutFactorQueryVariables>;
export const ProvidersDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Providers {
  federatedProviders {
    id
    displayName
  }
}
    `) as unknown as TypedDocumentString<ProvidersQuery, ProvidersQueryVariables>;
export const ManagedProvidersDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ManagedProviders {
  managedFederatedProviders {
    ...ManagedProvider
  }
}
    fragment ManagedProvider on ManagedFederatedProvider {
  provider {
    id
    slug
    displayName
    kind
  }
  enabled
  source
  settings
  callbackUrl
  lastTest {
    testedAt
    problems {
      code
      message
    }
  }
}`) as unknown as TypedDocumentString<ManagedProvidersQuery, ManagedProvidersQueryVariables>;
export const CreateProviderDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CreateProvider($input: CreateFederatedProviderInput!) {
  createFederatedProvider(input: $input) {
    provider {
      ...ManagedProvider
    }
  }
}
    fragment ManagedProvider on ManagedFederatedProvider {
  provider {
    id
    slug
    displayName
    kind
  }
  enabled
  source
  settings
  callbackUrl
  lastTest {
    testedAt
    problems {
      code
      message
    }
  }
}`) as unknown as TypedDocumentString<CreateProviderMutation, CreateProviderMutationVariables>;
export const UpdateProviderDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation UpdateProvider($input: UpdateFederatedProviderInput!) {
  updateFederatedProvider(input: $input) {
    provider {
      ...ManagedProvider
    }
  }
}
    fragment ManagedProvider on ManagedFederatedProvider {
  provider {
    id
    slug
    displayName
    kind
  }
  enabled
  source
  settings
  callbackUrl
  lastTest {
    testedAt
    problems {
      code
      message
    }
  }
}`) as unknown as TypedDocumentString<UpdateProviderMutation, UpdateProviderMutationVariables>;
export const DeleteProviderDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DeleteProvider($input: DeleteFederatedProviderInput!) {
  deleteFederatedProvider(input: $input) {
    provider {
      enabled
    }
  }
}
    `) as unknown as TypedDocumentString<DeleteProviderMutation, DeleteProviderMutationVariables>;
export const TestProviderDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation TestProvider($input: TestFederatedProviderInput!) {
  testFederatedProvider(input: $input) {
    testedAt
  }
}
    `) as unknown as TypedDocumentString<TestProviderMutation, TestProviderMutationVariables>;
export const RiskDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Risk($since: DateTime) {
  riskOverview(since: $since) {
    assessments
    bySignal {
      key
      count
    }
    byAction {
      key
      count
    }
    byCountry {
      key
      count
    }
  }
  riskRules {
    signal
    points
  }
}
    `) as unknown as TypedDocumentString<RiskQuery, RiskQueryVariables>;
export const ResetRiskHistoryDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ResetRiskHistory($input: ResetRiskHistoryInput!) {
  resetRiskHistory(input: $input) {
    user {
      ...UserDetail
    }
  }
}
    fragment KeyDetail on ApiKey {
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
fragment UserDetail on ManagedUser {
  ...UserRow
  emailVerified
  deletedAt
  mfa {
    backupCodesRemaining
  }
  identities {
    id
    email
    subjectHint
    linkedAt
    lastUsedAt
    provider {
      id
      displayName
    }
  }
  sessions(first: 50) {
    nodes {
      id
      current
      createdAt
      lastUsedAt
      ipAddress
      userAgent
      deviceName
      assurance
      methods
      location {
        country
        city
      }
      risk {
        level
        signals
        action
      }
    }
    totalCount
  }
  apiKeys(first: 100) {
    nodes {
      ...KeyDetail
    }
  }
}
fragment UserRow on ManagedUser {
  id
  email
  displayName
  status
  lockedUntil
  lastLoginAt
  createdAt
  role {
    name
    rank
  }
  mfa {
    enabled
    methods
  }
}`) as unknown as TypedDocumentString<ResetRiskHistoryMutation, ResetRiskHistoryMutationVariables>;
export const RolesDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Roles {
  roles {
    name
    rank
    permissions
    system
  }
}
    `) as unknown as TypedDocumentString<RolesQuery, RolesQueryVariables>;
export const PermissionsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Permissions {
  permissions {
    name
    operations
  }
}
    `) as unknown as TypedDocumentString<PermissionsQuery, PermissionsQueryVariables>;
export const CreateRoleDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CreateRole($input: CreateRoleInput!) {
  createRole(input: $input) {
    role {
      name
    }
  }
}
    `) as unknown as TypedDocumentString<CreateRoleMutation, CreateRoleMutationVariables>;
export const UpdateRoleDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation UpdateRole($input: UpdateRoleInput!) {
  updateRole(input: $input) {
    role {
      name
    }
  }
}
    `) as unknown as TypedDocumentString<UpdateRoleMutation, UpdateRoleMutationVariables>;
export const DeleteRoleDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DeleteRole($input: DeleteRoleInput!) {
  deleteRole(input: $input) {
    role {
      name
    }
  }
}
    `) as unknown as TypedDocumentString<DeleteRoleMutation, DeleteRoleMutationVariables>;
export const ServiceAccountsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ServiceAccounts($first: Int, $after: String) {
  serviceAccounts(first: $first, after: $after) {
    nodes {
      ...ServiceAccountRow
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
}
    fragment ServiceAccountRow on ServiceAccount {
  id
  name
  status
  createdAt
  role {
    name
    rank
    permissions
  }
}`) as unknown as TypedDocumentString<ServiceAccountsQuery, ServiceAccountsQueryVariables>;
export const ServiceAccountDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ServiceAccount($id: ID!) {
  serviceAccount(id: $id) {
    ...ServiceAccountDetail
  }
}
    fragment KeyDetail on ApiKey {
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
fragment ServiceAccountRow on ServiceAccount {
  id
  name
  status
  createdAt
  role {
    name
    rank
    permissions
  }
}
fragment ServiceAccountDetail on ServiceAccount {
  ...ServiceAccountRow
  keys(first: 100) {
    nodes {
      ...KeyDetail
    }
  }
  clientSecrets {
    id
    hint
    createdAt
    expiresAt
  }
}`) as unknown as TypedDocumentString<ServiceAccountQuery, ServiceAccountQueryVariables>;
export const CreateServiceAccountDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CreateServiceAccount($input: CreateServiceAccountInput!) {
  createServiceAccount(input: $input) {
    serviceAccount {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<CreateServiceAccountMutation, CreateServiceAccountMutationVariables>;
export const SuspendServiceAccountDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation SuspendServiceAccount($input: SuspendServiceAccountInput!) {
  suspendServiceAccount(input: $input) {
    serviceAccount {
      id
      status
    }
  }
}
    `) as unknown as TypedDocumentString<SuspendServiceAccountMutation, SuspendServiceAccountMutationVariables>;
export const ReactivateServiceAccountDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ReactivateServiceAccount($input: ReactivateServiceAccountInput!) {
  reactivateServiceAccount(input: $input) {
    serviceAccount {
      id
      status
    }
  }
}
    `) as unknown as TypedDocumentString<ReactivateServiceAccountMutation, ReactivateServiceAccountMutationVariables>;
export const DeleteServiceAccountDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DeleteServiceAccount($input: DeleteServiceAccountInput!) {
  deleteServiceAccount(input: $input) {
    serviceAccount {
      id
      status
    }
  }
}
    `) as unknown as TypedDocumentString<DeleteServiceAccountMutation, DeleteServiceAccountMutationVariables>;
export const CreateClientSecretDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CreateClientSecret($input: CreateClientSecretInput!) {
  createClientSecret(input: $input) {
    clientSecret {
      id
    }
    secret
  }
}
    `) as unknown as TypedDocumentString<CreateClientSecretMutation, CreateClientSecretMutationVariables>;
export const RevokeClientSecretDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RevokeClientSecret($input: RevokeClientSecretInput!) {
  revokeClientSecret(input: $input) {
    revoked
  }
}
    `) as unknown as TypedDocumentString<RevokeClientSecretMutation, RevokeClientSecretMutationVariables>;
export const SettingsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Settings {
  settings {
    name
    value
    source
    secret
  }
}
    `) as unknown as TypedDocumentString<SettingsQuery, SettingsQueryVariables>;
export const SigningKeysDocument = /*#__PURE__*/ new TypedDocumentString(`
    query SigningKeys {
  signingKeys {
    ...KeyState
  }
}
    fragment KeyState on SigningKey {
  kid
  state
  createdAt
  activatedAt
  retiredAt
  promotableAt
}`) as unknown as TypedDocumentString<SigningKeysQuery, SigningKeysQueryVariables>;
export const RotateSigningKeysDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RotateSigningKeys($input: RotateSigningKeysInput!) {
  rotateSigningKeys(input: $input) {
    keys {
      ...KeyState
    }
    promoted
    promotableAt
  }
}
    fragment KeyState on SigningKey {
  kid
  state
  createdAt
  activatedAt
  retiredAt
  promotableAt
}`) as unknown as TypedDocumentString<RotateSigningKeysMutation, RotateSigningKeysMutationVariables>;
export const UserDocument = /*#__PURE__*/ new TypedDocumentString(`
    query User($id: ID!) {
  user(id: $id) {
    ...UserDetail
  }
}
    fragment KeyDetail on ApiKey {
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
fragment UserDetail on ManagedUser {
  ...UserRow
  emailVerified
  deletedAt
  mfa {
    backupCodesRemaining
  }
  identities {
    id
    email
    subjectHint
    linkedAt
    lastUsedAt
    provider {
      id
      displayName
    }
  }
  sessions(first: 50) {
    nodes {
      id
      current
      createdAt
      lastUsedAt
      ipAddress
      userAgent
      deviceName
      assurance
      methods
      location {
        country
        city
      }
      risk {
        level
        signals
        action
      }
    }
    totalCount
  }
  apiKeys(first: 100) {
    nodes {
      ...KeyDetail
    }
  }
}
fragment UserRow on ManagedUser {
  id
  email
  displayName
  status
  lockedUntil
  lastLoginAt
  createdAt
  role {
    name
    rank
  }
  mfa {
    enabled
    methods
  }
}`) as unknown as TypedDocumentString<UserQuery, UserQueryVariables>;
export const SetUserRoleDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation SetUserRole($input: SetUserRoleInput!) {
  setUserRole(input: $input) {
    user {
      ...UserDetail
    }
  }
}
    fragment KeyDetail on ApiKey {
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
fragment UserDetail on ManagedUser {
  ...UserRow
  emailVerified
  deletedAt
  mfa {
    backupCodesRemaining
  }
  identities {
    id
    email
    subjectHint
    linkedAt
    lastUsedAt
    provider {
      id
      displayName
    }
  }
  sessions(first: 50) {
    nodes {
      id
      current
      createdAt
      lastUsedAt
      ipAddress
      userAgent
      deviceName
      assurance
      methods
      location {
        country
        city
      }
      risk {
        level
        signals
        action
      }
    }
    totalCount
  }
  apiKeys(first: 100) {
    nodes {
      ...KeyDetail
    }
  }
}
fragment UserRow on ManagedUser {
  id
  email
  displayName
  status
  lockedUntil
  lastLoginAt
  createdAt
  role {
    name
    rank
  }
  mfa {
    enabled
    methods
  }
}`) as unknown as TypedDocumentString<SetUserRoleMutation, SetUserRoleMutationVariables>;
export const SuspendUserDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation SuspendUser($input: SuspendUserInput!) {
  suspendUser(input: $input) {
    user {
      ...UserDetail
    }
  }
}
    fragment KeyDetail on ApiKey {
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
fragment UserDetail on ManagedUser {
  ...UserRow
  emailVerified
  deletedAt
  mfa {
    backupCodesRemaining
  }
  identities {
    id
    email
    subjectHint
    linkedAt
    lastUsedAt
    provider {
      id
      displayName
    }
  }
  sessions(first: 50) {
    nodes {
      id
      current
      createdAt
      lastUsedAt
      ipAddress
      userAgent
      deviceName
      assurance
      methods
      location {
        country
        city
      }
      risk {
        level
        signals
        action
      }
    }
    totalCount
  }
  apiKeys(first: 100) {
    nodes {
      ...KeyDetail
    }
  }
}
fragment UserRow on ManagedUser {
  id
  email
  displayName
  status
  lockedUntil
  lastLoginAt
  createdAt
  role {
    name
    rank
  }
  mfa {
    enabled
    methods
  }
}`) as unknown as TypedDocumentString<SuspendUserMutation, SuspendUserMutationVariables>;
export const ReactivateUserDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ReactivateUser($input: ReactivateUserInput!) {
  reactivateUser(input: $input) {
    user {
      ...UserDetail
    }
  }
}
    fragment KeyDetail on ApiKey {
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
fragment UserDetail on ManagedUser {
  ...UserRow
  emailVerified
  deletedAt
  mfa {
    backupCodesRemaining
  }
  identities {
    id
    email
    subjectHint
    linkedAt
    lastUsedAt
    provider {
      id
      displayName
    }
  }
  sessions(first: 50) {
    nodes {
      id
      current
      createdAt
      lastUsedAt
      ipAddress
      userAgent
      deviceName
      assurance
      methods
      location {
        country
        city
      }
      risk {
        level
        signals
        action
      }
    }
    totalCount
  }
  apiKeys(first: 100) {
    nodes {
      ...KeyDetail
    }
  }
}
fragment UserRow on ManagedUser {
  id
  email
  displayName
  status
  lockedUntil
  lastLoginAt
  createdAt
  role {
    name
    rank
  }
  mfa {
    enabled
    methods
  }
}`) as unknown as TypedDocumentString<ReactivateUserMutation, ReactivateUserMutationVariables>;
export const UnlockUserDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation UnlockUser($input: UnlockUserInput!) {
  unlockUser(input: $input) {
    user {
      ...UserDetail
    }
  }
}
    fragment KeyDetail on ApiKey {
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
fragment UserDetail on ManagedUser {
  ...UserRow
  emailVerified
  deletedAt
  mfa {
    backupCodesRemaining
  }
  identities {
    id
    email
    subjectHint
    linkedAt
    lastUsedAt
    provider {
      id
      displayName
    }
  }
  sessions(first: 50) {
    nodes {
      id
      current
      createdAt
      lastUsedAt
      ipAddress
      userAgent
      deviceName
      assurance
      methods
      location {
        country
        city
      }
      risk {
        level
        signals
        action
      }
    }
    totalCount
  }
  apiKeys(first: 100) {
    nodes {
      ...KeyDetail
    }
  }
}
fragment UserRow on ManagedUser {
  id
  email
  displayName
  status
  lockedUntil
  lastLoginAt
  createdAt
  role {
    name
    rank
  }
  mfa {
    enabled
    methods
  }
}`) as unknown as TypedDocumentString<UnlockUserMutation, UnlockUserMutationVariables>;
export const DeleteUserDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DeleteUser($input: DeleteUserInput!) {
  deleteUser(input: $input) {
    user {
      ...UserDetail
    }
  }
}
    fragment KeyDetail on ApiKey {
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
fragment UserDetail on ManagedUser {
  ...UserRow
  emailVerified
  deletedAt
  mfa {
    backupCodesRemaining
  }
  identities {
    id
    email
    subjectHint
    linkedAt
    lastUsedAt
    provider {
      id
      displayName
    }
  }
  sessions(first: 50) {
    nodes {
      id
      current
      createdAt
      lastUsedAt
      ipAddress
      userAgent
      deviceName
      assurance
      methods
      location {
        country
        city
      }
      risk {
        level
        signals
        action
      }
    }
    totalCount
  }
  apiKeys(first: 100) {
    nodes {
      ...KeyDetail
    }
  }
}
fragment UserRow on ManagedUser {
  id
  email
  displayName
  status
  lockedUntil
  lastLoginAt
  createdAt
  role {
    name
    rank
  }
  mfa {
    enabled
    methods
  }
}`) as unknown as TypedDocumentString<DeleteUserMutation, DeleteUserMutationVariables>;
export const RestoreUserDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RestoreUser($input: RestoreUserInput!) {
  restoreUser(input: $input) {
    user {
      ...UserDetail
    }
  }
}
    fragment KeyDetail on ApiKey {
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
fragment UserDetail on ManagedUser {
  ...UserRow
  emailVerified
  deletedAt
  mfa {
    backupCodesRemaining
  }
  identities {
    id
    email
    subjectHint
    linkedAt
    lastUsedAt
    provider {
      id
      displayName
    }
  }
  sessions(first: 50) {
    nodes {
      id
      current
      createdAt
      lastUsedAt
      ipAddress
      userAgent
      deviceName
      assurance
      methods
      location {
        country
        city
      }
      risk {
        level
        signals
        action
      }
    }
    totalCount
  }
  apiKeys(first: 100) {
    nodes {
      ...KeyDetail
    }
  }
}
fragment UserRow on ManagedUser {
  id
  email
  displayName
  status
  lockedUntil
  lastLoginAt
  createdAt
  role {
    name
    rank
  }
  mfa {
    enabled
    methods
  }
}`) as unknown as TypedDocumentString<RestoreUserMutation, RestoreUserMutationVariables>;
export const SendPasswordResetDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation SendPasswordReset($input: SendPasswordResetInput!) {
  sendPasswordReset(input: $input) {
    user {
      ...UserDetail
    }
  }
}
    fragment KeyDetail on ApiKey {
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
fragment UserDetail on ManagedUser {
  ...UserRow
  emailVerified
  deletedAt
  mfa {
    backupCodesRemaining
  }
  identities {
    id
    email
    subjectHint
    linkedAt
    lastUsedAt
    provider {
      id
      displayName
    }
  }
  sessions(first: 50) {
    nodes {
      id
      current
      createdAt
      lastUsedAt
      ipAddress
      userAgent
      deviceName
      assurance
      methods
      location {
        country
        city
      }
      risk {
        level
        signals
        action
      }
    }
    totalCount
  }
  apiKeys(first: 100) {
    nodes {
      ...KeyDetail
    }
  }
}
fragment UserRow on ManagedUser {
  id
  email
  displayName
  status
  lockedUntil
  lastLoginAt
  createdAt
  role {
    name
    rank
  }
  mfa {
    enabled
    methods
  }
}`) as unknown as TypedDocumentString<SendPasswordResetMutation, SendPasswordResetMutationVariables>;
export const ResetUserMfaDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ResetUserMfa($input: ResetUserMfaInput!) {
  resetUserMfa(input: $input) {
    user {
      ...UserDetail
    }
  }
}
    fragment KeyDetail on ApiKey {
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
fragment UserDetail on ManagedUser {
  ...UserRow
  emailVerified
  deletedAt
  mfa {
    backupCodesRemaining
  }
  identities {
    id
    email
    subjectHint
    linkedAt
    lastUsedAt
    provider {
      id
      displayName
    }
  }
  sessions(first: 50) {
    nodes {
      id
      current
      createdAt
      lastUsedAt
      ipAddress
      userAgent
      deviceName
      assurance
      methods
      location {
        country
        city
      }
      risk {
        level
        signals
        action
      }
    }
    totalCount
  }
  apiKeys(first: 100) {
    nodes {
      ...KeyDetail
    }
  }
}
fragment UserRow on ManagedUser {
  id
  email
  displayName
  status
  lockedUntil
  lastLoginAt
  createdAt
  role {
    name
    rank
  }
  mfa {
    enabled
    methods
  }
}`) as unknown as TypedDocumentString<ResetUserMfaMutation, ResetUserMfaMutationVariables>;
export const RevokeUserSessionsDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RevokeUserSessions($input: RevokeUserSessionsInput!) {
  revokeUserSessions(input: $input) {
    user {
      ...UserDetail
    }
  }
}
    fragment KeyDetail on ApiKey {
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
fragment UserDetail on ManagedUser {
  ...UserRow
  emailVerified
  deletedAt
  mfa {
    backupCodesRemaining
  }
  identities {
    id
    email
    subjectHint
    linkedAt
    lastUsedAt
    provider {
      id
      displayName
    }
  }
  sessions(first: 50) {
    nodes {
      id
      current
      createdAt
      lastUsedAt
      ipAddress
      userAgent
      deviceName
      assurance
      methods
      location {
        country
        city
      }
      risk {
        level
        signals
        action
      }
    }
    totalCount
  }
  apiKeys(first: 100) {
    nodes {
      ...KeyDetail
    }
  }
}
fragment UserRow on ManagedUser {
  id
  email
  displayName
  status
  lockedUntil
  lastLoginAt
  createdAt
  role {
    name
    rank
  }
  mfa {
    enabled
    methods
  }
}`) as unknown as TypedDocumentString<RevokeUserSessionsMutation, RevokeUserSessionsMutationVariables>;
export const UsersDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Users($first: Int, $after: String, $last: Int, $before: String, $where: UserFilter, $orderBy: UserOrder) {
  users(
    first: $first
    after: $after
    last: $last
    before: $before
    where: $where
    orderBy: $orderBy
  ) {
    nodes {
      ...UserRow
    }
    pageInfo {
      startCursor
      endCursor
      hasNextPage
      hasPreviousPage
    }
  }
}
    fragment UserRow on ManagedUser {
  id
  email
  displayName
  status
  lockedUntil
  lastLoginAt
  createdAt
  role {
    name
    rank
  }
  mfa {
    enabled
    methods
  }
}`) as unknown as TypedDocumentString<UsersQuery, UsersQueryVariables>;
export const UserCountDocument = /*#__PURE__*/ new TypedDocumentString(`
    query UserCount($where: UserFilter) {
  users(first: 0, where: $where) {
    totalCount
  }
}
    `) as unknown as TypedDocumentString<UserCountQuery, UserCountQueryVariables>;
export const FoundUsersDocument = /*#__PURE__*/ new TypedDocumentString(`
    query FoundUsers($where: UserFilter!) {
  users(first: 6, where: $where) {
    nodes {
      id
      email
      displayName
    }
  }
}
    `) as unknown as TypedDocumentString<FoundUsersQuery, FoundUsersQueryVariables>;
export const InviteUserDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation InviteUser($input: CreateUserInput!) {
  createUser(input: $input) {
    user {
      id
      email
      displayName
    }
  }
}
    `) as unknown as TypedDocumentString<InviteUserMutation, InviteUserMutationVariables>;
export const WebhooksDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Webhooks {
  webhooks {
    ...WebhookRow
  }
}
    fragment WebhookRow on Webhook {
  id
  url
  description
  events
  includeProfile
  enabled
  disabledReason
  failingSince
  createdAt
}`) as unknown as TypedDocumentString<WebhooksQuery, WebhooksQueryVariables>;
export const WebhookDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Webhook($id: ID!) {
  webhook(id: $id) {
    ...WebhookRow
  }
}
    fragment WebhookRow on Webhook {
  id
  url
  description
  events
  includeProfile
  enabled
  disabledReason
  failingSince
  createdAt
}`) as unknown as TypedDocumentString<WebhookQuery, WebhookQueryVariables>;
export const WebhookDeliveriesDocument = /*#__PURE__*/ new TypedDocumentString(`
    query WebhookDeliveries($id: ID!, $first: Int, $after: String, $where: DeliveryFilter) {
  webhook(id: $id) {
    deliveries(first: $first, after: $after, where: $where) {
      nodes {
        ...DeliveryRow
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
}
    fragment DeliveryRow on WebhookDelivery {
  id
  event
  attempt
  status
  responseStatus
  responseExcerpt
  durationMs
  createdAt
  nextAttemptAt
}`) as unknown as TypedDocumentString<WebhookDeliveriesQuery, WebhookDeliveriesQueryVariables>;
export const CreateWebhookDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CreateWebhook($input: CreateWebhookInput!) {
  createWebhook(input: $input) {
    webhook {
      id
    }
    secret
  }
}
    `) as unknown as TypedDocumentString<CreateWebhookMutation, CreateWebhookMutationVariables>;
export const UpdateWebhookDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation UpdateWebhook($input: UpdateWebhookInput!) {
  updateWebhook(input: $input) {
    webhook {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<UpdateWebhookMutation, UpdateWebhookMutationVariables>;
export const RotateWebhookSecretDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {
  rotateWebhookSecret(input: $input) {
    webhook {
      id
    }
    secret
  }
}
    `) as unknown as TypedDocumentString<RotateWebhookSecretMutation, RotateWebhookSecretMutationVariables>;
export const DeleteWebhookDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DeleteWebhook($input: DeleteWebhookInput!) {
  deleteWebhook(input: $input) {
    deleted
  }
}
    `) as unknown as TypedDocumentString<DeleteWebhookMutation, DeleteWebhookMutationVariables>;
export const SendTestEventDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation SendTestEvent($input: SendTestEventInput!) {
  sendTestEvent(input: $input) {
    delivery {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<SendTestEventMutation, SendTestEventMutationVariables>;
export const RedeliverDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation Redeliver($input: RedeliverInput!) {
  redeliver(input: $input) {
    delivery {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<RedeliverMutation, RedeliverMutationVariables>;