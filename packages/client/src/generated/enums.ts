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

/** How the audit trail was tampered with. */
export type AuditProblemKind =
  /** An entry is not what was sealed. */
  | 'CHANGED'
  /** The end is gone. */
  | 'CUT_OFF'
  /** A checkpoint is not what was signed, or is signed by somebody else. */
  | 'FORGED'
  /** An entry was put in later. */
  | 'INSERTED'
  /** An entry, a seal or a checkpoint is gone. */
  | 'MISSING'
  /** Entries have changed places. */
  | 'REORDERED'
  /** The entries are whole, but a trigger that keeps them so is switched off. */
  | 'UNGUARDED';

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

/** Every value that `extensions.code` of an error can have. */
export type ErrorCode =
  /** This account is suspended. Contact the administrator. */
  | 'ACCOUNT_SUSPENDED'
  /** The request is not a GraphQL request that this endpoint takes. */
  | 'BAD_REQUEST'
  /** Some of the input is not acceptable. See extensions.fields. */
  | 'BAD_USER_INPUT'
  /** This does not fit the present state. */
  | 'CONFLICT'
  /** This request spends a cookie: send the X-CSRF-Token of the session, from an allowed origin. */
  | 'CSRF_FAILED'
  /** Confirm your e-mail address first: follow the link in the mail, or ask for a new one. */
  | 'EMAIL_NOT_VERIFIED'
  /** This e-mail address has an account already. */
  | 'EMAIL_TAKEN'
  /** You may not do this. */
  | 'FORBIDDEN'
  /** The document is not valid GraphQL. */
  | 'GRAPHQL_PARSE_FAILED'
  /** The document does not fit the schema. */
  | 'GRAPHQL_VALIDATION_FAILED'
  /** Something went wrong on our side. Quote extensions.requestId when you report it. */
  | 'INTERNAL_SERVER_ERROR'
  /** The e-mail address, the password or the passkey is wrong. */
  | 'INVALID_CREDENTIALS'
  /** This code or passkey is wrong, or was used before. */
  | 'INVALID_MFA_CODE'
  /** This sign-in has run out. Begin again with your password. */
  | 'INVALID_MFA_TICKET'
  /** This refresh token is not, or no longer, good. Sign in again. */
  | 'INVALID_REFRESH_TOKEN'
  /** This link is not, or no longer, good. Ask for a new one. */
  | 'INVALID_TOKEN'
  /** This second factor is set up already. */
  | 'MFA_ALREADY_ENABLED'
  /** Your role demands a second factor: set one up, then try again. */
  | 'MFA_ENROLLMENT_REQUIRED'
  /** There is no second factor of this kind. */
  | 'MFA_NOT_ENABLED'
  /** There is no such thing here. */
  | 'NOT_FOUND'
  /** Too many requests. Wait for the seconds in extensions.retryAfter. */
  | 'RATE_LIMITED'
  /** Prove once more that it is you: call reauthenticate, or sign in again with a passkey, then try again. */
  | 'REAUTHENTICATION_REQUIRED'
  /** The service is busy. Try again in a moment. */
  | 'SERVICE_BUSY'
  /** The service is not available right now. Try again in a moment. */
  | 'SERVICE_UNAVAILABLE'
  /** Too many failed attempts. Wait for the seconds in extensions.retryAfter, or reset your password. */
  | 'TOO_MANY_ATTEMPTS'
  /** Sign in to do this. */
  | 'UNAUTHENTICATED';

/** What can be given as the second step of signing in. */
export type MfaMethod =
  /** One of the codes for when the app is lost. Each works once. */
  | 'BACKUP_CODE'
  /** A passkey (WebAuthn). It has no code to type in: `beginPasskeyLogin`, then `loginWithPasskey`, take it with the ticket. */
  | 'PASSKEY'
  /** The six digits that an authenticator app shows now. */
  | 'TOTP';

/** Which end of a list comes first. */
export type OrderDirection =
  /** The smallest or oldest. */
  | 'ASC'
  /** The greatest or newest. */
  | 'DESC';

/** The set of rules that the operator has chosen. */
export type PasswordPreset =
  /** 8 characters or more, of all four classes. */
  | 'CLASSIC'
  /** 15 characters or more, of any kind (NIST SP 800-63B). */
  | 'NIST'
  /** 12 characters or more; classes are demanded of those under 20. */
  | 'PASSPHRASE';

/** What `register` led to. */
export type RegistrationStatus =
  /** The account is ready: sign in. Only where the operator has switched verification off. */
  | 'ACTIVE'
  /** Look into your mail. The answer is the same when the address has an account already; the mail then says so. */
  | 'VERIFICATION_SENT';

/** How the refresh token travels. */
export type SessionDelivery =
  /** In the answer: for apps and servers that can keep a secret. */
  | 'BEARER'
  /** In an HttpOnly cookie: for browsers. `refresh` then needs the header `X-CSRF-Token` with the `csrfToken` of the session. */
  | 'COOKIE';

/** What a list of users can be sorted by. */
export type UserOrderField =
  /** When the account was made. */
  | 'CREATED_AT'
  /** The address, character by character. */
  | 'EMAIL'
  /** When its owner last signed in; those who never did come before all others. */
  | 'LAST_LOGIN_AT';

/** What state an account is in. */
export type UserStatus =
  /** Its owner can sign in. */
  | 'ACTIVE'
  /** Deleted. It can be restored for a while, and holds its address as long. */
  | 'DELETED'
  /** Its owner has yet to follow the link of the invitation and choose a password. */
  | 'INVITED'
  /** An administrator keeps its owner out, until `reactivateUser`. */
  | 'SUSPENDED';
