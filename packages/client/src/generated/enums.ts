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

/** The values of `extensions.code` of an error. New codes may be added. */
export type ErrorCode =
  /** This account is suspended. Contact the administrator. */
  | 'ACCOUNT_SUSPENDED'
  /** The endpoint does not accept this request. Send a GraphQL operation as JSON. */
  | 'BAD_REQUEST'
  /** Invalid input. See extensions.fields. */
  | 'BAD_USER_INPUT'
  /** A captcha is required. Solve the challenge of the query `captcha`, and send its token in the header X-Captcha-Token. */
  | 'CAPTCHA_REQUIRED'
  /** The request conflicts with the current state. */
  | 'CONFLICT'
  /** Requests with a session cookie require the X-CSRF-Token header of the session and an allowed origin. */
  | 'CSRF_FAILED'
  /** The e-mail address is not confirmed. Follow the link in the mail, or request a new one. */
  | 'EMAIL_NOT_VERIFIED'
  /** An account with this e-mail address already exists. Sign in, or use another address. */
  | 'EMAIL_TAKEN'
  /** The sign-in with the provider failed. See extensions.reason, and try again. */
  | 'FEDERATED_LOGIN_FAILED'
  /** You do not have permission for this operation. */
  | 'FORBIDDEN'
  /** The document is not valid GraphQL. */
  | 'GRAPHQL_PARSE_FAILED'
  /** The document does not match the schema. */
  | 'GRAPHQL_VALIDATION_FAILED'
  /** This account at the provider is linked to another user. */
  | 'IDENTITY_TAKEN'
  /** Internal error. Report it with extensions.requestId. */
  | 'INTERNAL_SERVER_ERROR'
  /** The e-mail address, the password or the passkey is wrong. Check them and try again. */
  | 'INVALID_CREDENTIALS'
  /** The code or passkey is wrong or was already used. Try again with a new one. */
  | 'INVALID_MFA_CODE'
  /** This sign-in attempt has expired. Start again with your password. */
  | 'INVALID_MFA_TICKET'
  /** The refresh token is invalid, expired or revoked. Sign in again. */
  | 'INVALID_REFRESH_TOKEN'
  /** This link is invalid or has expired. Request a new one. */
  | 'INVALID_TOKEN'
  /** This second factor is already set up. */
  | 'MFA_ALREADY_ENABLED'
  /** Your role requires a second factor. Set one up, then try again. */
  | 'MFA_ENROLLMENT_REQUIRED'
  /** No second factor of this kind is set up. */
  | 'MFA_NOT_ENABLED'
  /** Not found. */
  | 'NOT_FOUND'
  /** Too many requests. Wait for extensions.retryAfter seconds, then try again. */
  | 'RATE_LIMITED'
  /** Recent authentication is required. Call `reauthenticate`, or sign in again with a passkey, then try again. */
  | 'REAUTHENTICATION_REQUIRED'
  /** The policy of this service does not allow this. */
  | 'REFUSED_BY_POLICY'
  /** The service is busy. Wait for extensions.retryAfter seconds, then try again. */
  | 'SERVICE_BUSY'
  /** The service is unavailable. Wait for extensions.retryAfter seconds, then try again. */
  | 'SERVICE_UNAVAILABLE'
  /** Too many failed attempts. Wait for extensions.retryAfter seconds, or reset your password. */
  | 'TOO_MANY_ATTEMPTS'
  /** Authentication is required. Sign in, or refresh the access token, then try again. */
  | 'UNAUTHENTICATED';

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

/** What happens to a user whose address belongs to an account here. */
export type ImportConflict =
  /** The user fails. */
  | 'FAIL'
  /** The identities and the external id are added to the account, if both addresses are verified and the account is active. Its password, role, name and second factors stay. */
  | 'LINK'
  /** The user is skipped. */
  | 'SKIP';

/** What happened to a user of an import. */
export type ImportOutcome =
  /** An account was created. */
  | 'CREATED'
  /** Nothing changed, because something is wrong: see `reason`. */
  | 'FAILED'
  /** The user was linked to an account that existed. */
  | 'LINKED'
  /** Nothing changed: see `reason`. */
  | 'SKIPPED';

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

/** The sets of rules that an operator can choose. */
export type PasswordPreset =
  /** 8 characters or more, of all four classes. */
  | 'CLASSIC'
  /** 15 characters or more, of any kind (NIST SP 800-63B). */
  | 'NIST'
  /** 12 characters or more; passwords under 20 characters need all four classes. */
  | 'PASSPHRASE';

/** Where a provider is defined. */
export type ProviderSource =
  /** By `createFederatedProvider`. */
  | 'DATABASE'
  /** In the file `FEDERATED_PROVIDERS` of the operator. It cannot be changed here. */
  | 'FILE';

/** The next step after `register`. */
export type RegistrationStatus =
  /** The account is active: sign in. Only when the operator has disabled verification. */
  | 'ACTIVE'
  /** A mail was sent. The answer is the same when the address already has an account; the mail then says so. */
  | 'VERIFICATION_SENT';

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

/** The ways in which the refresh token is returned. */
export type SessionDelivery =
  /** In the response, for apps and servers that can store a secret. */
  | 'BEARER'
  /** In an HttpOnly cookie, for browsers. `refresh` then requires the header `X-CSRF-Token` with the `csrfToken` of the session. */
  | 'COOKIE';

/** Why a session ended. New reasons may be added. */
export type SessionEndReason =
  /** The owner of the account reported the session as foreign. */
  | 'ACCOUNT_RECOVERED'
  /** The account was deleted. */
  | 'DELETED'
  /** The session was not refreshed in time. */
  | 'EXPIRED'
  /** The password was changed or reset. */
  | 'PASSWORD_CHANGED'
  /** The user or an administrator revoked the session, or newer sessions replaced it. */
  | 'REVOKED'
  /** The user signed out. */
  | 'SIGNED_OUT'
  /** The account was suspended. */
  | 'SUSPENDED'
  /** A used refresh token was presented again: it may have been stolen. */
  | 'TOKEN_REUSE';

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
