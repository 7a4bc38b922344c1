/**
 * The vocabulary of the audit trail: an action determines the type of its details. Details hold no personal data; an
 * address appears only as its keyed hash.
 */
import type { UserStatus } from '../../persistence/accounts/user.ts';
import type { AuditOutcome } from '../../persistence/audit/audit-entry.ts';
import type { RiskAssessment } from '../../persistence/risk/risk-assessment.ts';
import type { RevocationReason } from '../../persistence/sessions/token-family.ts';
import type { DisabledReason } from '../../persistence/webhooks/webhook.ts';
import type { CaptchaReason, FederatedReason } from '../errors.ts';
import type { NumberProblem } from '../text/phone-number.ts';

/** The state before and after an administrative change. */
interface Change<State> {
  before: State;
  after: State;
}

interface RoleState {
  rank: number;
  permissions: string[];
}

/** What failed attempts lock: sign-in, the password inside a session, or codes of the second factor. */
export const lockKinds = ['sign_in', 'password', 'second_factor'] as const;
export type LockKind = (typeof lockKinds)[number];

/** The reason for which an administrator with the permission was refused. */
export type Denial = 'rank' | 'own_account' | 'last_super_admin' | 'missing_permission' | 'no_recent_proof';

/** The reason for which a passkey was refused. Only the audit trail names it. */
export type PasskeyRefusal =
  | 'malformed'
  | 'unknown_passkey'
  | 'not_verified'
  | 'unknown_challenge'
  | 'clone_suspected'
  | 'taken'
  | 'too_many'
  | 'unproven'
  | 'unconfirmed'
  | 'suspended'
  | 'inactive';

/** Why a phone was not added, or not as a second factor. A refused code is a `code.refused`. */
export type PhoneRefusal = NumberProblem | 'too_many' | 'taken' | 'no_other_factor' | 'factor_not_allowed';

/** Why a request with an API key was refused. Clients get one answer for the first two, `revoked` and `owner_inactive`. */
export type KeyRefusal = 'malformed' | 'unknown' | 'expired' | 'revoked' | 'owner_inactive' | 'network';

/** `locked`: too many wrong codes, of this flow or of the account. */
export type CodeRefusal = 'wrong_code' | 'unknown_flow' | 'locked' | 'source_limited' | 'suspended';

/** The rows of an import, by their outcome. */
export interface ImportCounts {
  rows: number;
  created: number;
  linked: number;
  skipped: number;
  failed: number;
}

export interface AuditDetails {
  /** `refused`: by the rule of RISK_RULES for the country. */
  'registration.requested': {
    addressHash: string;
    result: 'pending' | 'created' | 'address_taken' | 'withheld' | 'refused';
    risk?: RiskAssessment;
    country?: string;
  };
  'registration.confirmed': { registrationId: string; contested: boolean };
  /** By a code in a mail, of an account without a password and without a verified address. */
  'email.verified': { through: 'code' };
  'registration.confirmation_refused': { reason: 'unknown_token' | 'address_taken' };
  'registration.mail_requested': { addressHash: string; result: 'sent' | 'withheld' | 'nothing_pending' };
  'user.created': {
    role: string;
    through: 'registration' | 'command_line' | 'administrator' | 'import';
    /** Of the run, as in `import.started`. */
    importId?: string;
  };
  'user.updated': { fields: string[] };
  'user.role_changed': Change<{ role: string }>;
  'user.suspended': Change<{ status: UserStatus }>;
  'user.reactivated': Change<{ status: UserStatus }>;
  'user.deleted': Change<{ status: UserStatus }> & { purgeAt: string };
  'user.restored': Change<{ status: UserStatus }>;
  'user.mfa_reset': Change<{ secondFactor: boolean }>;
  'user.sessions_revoked': Change<{ sessions: number }>;
  'risk.history_reset': Record<string, never>;
  'user.link_sent': { kind: 'invitation' | 'password_reset'; result: 'sent' | 'withheld' };
  'role.created': { after: RoleState };
  'role.updated': Change<RoleState>;
  'role.deleted': { before: RoleState };
  /** By an administrator with the permission. */
  'administration.refused': { attempted: string; reason: Denial };
  /**
   * A call that the permission map denied (graphql/permissions/). At most one entry per caller, operation and minute;
   * `count` is the number of denied calls since the entry before, this one included.
   */
  'access.denied': {
    /** Such as `Query.users`. */
    operation: string;
    missing:
      | 'authentication'
      | 'enrolment'
      | 'permission'
      | 'factor'
      | 'recent_proof'
      | 'network'
      | 'router'
      | 'machine';
    permission: string | null;
    caller: 'user' | 'machine' | 'anonymous';
    count: number;
  };
  /** A request of `/auth/identities` without the secret of the router. At most one entry per source and minute; `count` as above. */
  'identities.refused': { reason: 'missing_secret' | 'wrong_secret'; count: number };
  /** An administrator asked why an operation is allowed or denied to the user. */
  'access.explained': { operation: string; allowed: boolean };
  /** `auditEntries` lost their personal data. As many `personal_data.purged` entries as `lists` list their ids. */
  'user.purged': { auditEntries: number; lists: number };
  'personal_data.purged': { entries: string[] };
  'data.exported': { since: string | null };
  /** Users of another system. Each of them has a `user.created` with the id of the run. */
  'import.started': { importId: string; source: string; dryRun: boolean };
  'import.finished': { importId: string; source: string; dryRun: boolean } & ImportCounts;
  /** The ids of a source, by the operator: an import from it creates the users again. */
  'import.forgotten': { source: string; users: number };
  /** All users, by the operator. */
  'export.created': { withHashes: boolean; since: string | null };
  /** An imported hash was replaced by one of our own. `from`: its algorithm. */
  'password.rehashed': { from: string };
  /** Does not tell whether the address is taken: users read their own entries. */
  'email.change_requested': { addressHash: string; result: 'accepted' | 'withheld' };
  'email.change_refused': { reason: 'unknown_token' | 'user_inactive' | 'address_taken' | 'registration_pending' };
  'email.changed': { through: 'confirmation' | 'disowned'; formerAddressHash: string };
  'session.disown_refused': { reason: 'unknown_token' };
  'account.recovered': {
    /** What was added since then was removed. */
    since: string;
    sessions: number;
    passkeys: number;
    authenticatorApp: boolean;
    backupCodes: boolean;
    identities: number;
    apiKeys: number;
    phones: number;
    password: boolean;
  };
  /** `first`: the account had none. */
  'password.set': { through: 'invitation' | 'reset' | 'change' | 'first' };
  'password.reset_requested': { addressHash: string; result: 'sent' | 'withheld' | 'no_account' };
  'password.set_refused': { reason: 'unknown_token' };
  'login.refused': {
    /** Absent where the method of sign-in is disabled. */
    addressHash?: string;
    reason:
      | 'unknown_address'
      | 'wrong_password'
      | 'unverified'
      | 'suspended'
      | 'changed_meanwhile'
      | 'locked'
      | 'source_limited'
      | 'method_disabled'
      | 'captcha'
      | 'risk'
      | 'hook';
    /** After a valid proof. */
    risk?: RiskAssessment;
    country?: string;
  };
  /** `accepted`: a phone, whose message may be withheld. Users read their own entries. */
  'code.requested': {
    addressHash?: string;
    channel: 'EMAIL' | 'SMS';
    purpose: 'SIGN_IN' | 'SECOND_STEP' | 'REAUTHENTICATION' | 'PHONE';
    result: 'sent' | 'withheld' | 'no_account' | 'accepted';
  };
  /** At a second step, the refusal of a code is an `mfa.code_refused`. */
  'code.refused': {
    addressHash?: string;
    channel: 'EMAIL' | 'SMS';
    reason: CodeRefusal;
  };
  'captcha.refused': { action: string; provider: string; reason: CaptchaReason };
  /** At most one entry a minute and instance. `problem`: a fixed text, or the error code of the service. */
  'captcha.provider_unavailable': { provider: string; problem: string };
  'session.started': {
    methods: string[];
    rememberMe: boolean;
    device: 'trusted' | 'familiar' | 'new';
    userAgent: 'given' | 'missing';
    /** The slug, after a sign-in with a provider. */
    provider?: string;
    risk?: RiskAssessment;
    /** ISO 3166-1 alpha-2; absent: not known. */
    country?: string;
    /** What a hook has narrowed. */
    permissionsLimit?: string[];
    sessionSeconds?: number;
  };
  'session.refreshed': { generation: number };
  'session.refresh_refused': { reason: 'unknown' | 'revoked' | 'expired' | 'user_inactive' | 'not_issued' };
  'session.reauthenticated': { methods: string[]; assurance: string; generation: number };
  'session.ended': { reason: RevocationReason };
  'reauthentication.refused': { reason: 'wrong_password' | 'wrong_code' | 'locked' };
  'identity.linked': { provider: string; through: 'sign_in' | 'proposal' | 'session' | 'sign_up' | 'import' };
  'identity.unlinked': { provider: string };
  /** `fields`: the names of the members that were given or changed. */
  'provider.created': { slug: string; fields: string[] };
  'provider.updated': { slug: string; fields: string[] };
  'provider.deleted': { slug: string; fields: string[] };
  /** `problems`: their codes; none: the gateway can use the provider. */
  'provider.tested': { slug: string; problems: string[] };
  'federated.refused': {
    provider: string;
    reason: FederatedReason | 'IDENTITY_TAKEN' | 'SUSPENDED';
  };
  'mfa.enrollment_begun': { method: 'TOTP' | 'PASSKEY' };
  'mfa.enabled': { method: 'TOTP' | 'PASSKEY'; passkeyId?: string };
  'mfa.disabled': { method: 'TOTP' | 'PASSKEY'; passkeyId?: string };
  'mfa.challenged': { methods: string[]; risk?: RiskAssessment; country?: string };
  'mfa.ticket_refused': { reason: 'unknown_ticket' };
  'mfa.code_refused': {
    method: 'TOTP' | 'BACKUP_CODE' | 'PASSKEY' | 'EMAIL_CODE' | 'SMS_CODE';
    during: 'sign_in' | 'session' | 'enrollment';
    reason: 'wrong_code' | 'locked';
  };
  'phone.added': { phoneId: string; country: string; factor: boolean };
  /** Whether codes to it are a second factor. With the last other factor that ends by itself: see `mfa.disabled`. */
  'phone.updated': { phoneId: string; factor: boolean };
  'phone.removed': { phoneId: string };
  'phone.refused': { reason: PhoneRefusal };
  'sms.sent': { country: string };
  /** `taken`: the number belongs to another account. `number`: too many messages to it. */
  'sms.withheld': { country: string; reason: 'budget' | 'prefix' | 'paused' | 'number' | 'taken' };
  /** Few codes to the prefix (a country and four digits) were entered. */
  'sms.prefix_paused': { country: string; prefix: string; until: string };
  'backup_code.used': { remaining: number };
  'backup_codes.regenerated': { count: number };
  /** Without a ticket: the refusal of a passkey for a ticket is an `mfa.code_refused`. */
  'passkey.refused': { during: 'sign_in' | 'registration' | 'session'; reason: PasskeyRefusal };
  'passkey.confirmed': { passkeyId: string };
  'passkey.renamed': { passkeyId: string };
  'passkey.confirmation_refused': { reason: 'unknown_token' };
  'passkey.clone_suspected': { passkeyId: string; counter: number; presentedCounter: number };
  'guesses.stopped': { at: 'password' | 'second_factor'; lockedUntil: string };
  'account.locked': { addressHash: string; lockedUntil: string };
  'account.unlocked': { through: 'password_reset' } | ({ through: 'administrator' } & Change<{ locks: LockKind[] }>);
  'device.trust_lost': { deviceId: string };
  'token.reuse_detected': { presentedGeneration: number; generation: number };
  /** By the first instance that found a new timeline: a standby became the primary. */
  'database.failover_observed': { timeline: number };
  /** `apiKeyId` of a service account's key: the target is the service account; of a personal key: its user. */
  'api_key.created': { apiKeyId: string; scopes: string[]; expiresAt: string };
  'api_key.rotated': { apiKeyId: string; overlapUntil: string };
  'api_key.updated': { apiKeyId: string; fields: string[] };
  'api_key.revoked': { apiKeyId: string; by: 'owner' | 'administrator' | 'eviction' };
  /** At most one entry per source, key, reason and minute; `count` is the number of refused requests. */
  'api_key.refused': { reason: KeyRefusal; count: number };
  /** The key was in the address of a request. At most one entry per source, key and minute; `count` as above. */
  'api_key.exposed': { apiKeyId: string; count: number };
  'service_account.created': { role: string };
  'service_account.suspended': Record<string, never>;
  'service_account.reactivated': Record<string, never>;
  'service_account.deleted': Record<string, never>;
  /** The public keys of `private_key_jwt`: how many there are now. */
  'service_account.keys_set': { keys: number };
  'client_secret.created': { clientSecretId: string; expiresAt: string | null };
  'client_secret.revoked': { clientSecretId: string };
  'client_token.issued': { scopes: string[] };
  'client_token.revoked': Record<string, never>;
  /** Of the address, only the host: the rest can hold a secret of the receiver. */
  'webhook.created': { events: string[]; host: string };
  'webhook.updated': { events: string[]; host: string; fields: string[] };
  'webhook.deleted': { events: string[]; host: string };
  'webhook.secret_rotated': { host: string; overlapUntil: string };
  'webhook.disabled': { host: string; reason: DisabledReason };
  /** The oldest deliveries were given up, because more than 10,000 waited. */
  'webhook.backlog_dropped': { count: number };
  'webhook.tested': { deliveryId: string };
  'webhook.redelivered': { deliveryId: string };
  /** A hook has refused. `reason` is the hook's. */
  'policy.refused': { point: string; reason: string | null };
  /** A hook gave no usable answer. At most one entry per point and minute. */
  'hook.failed': { point: string; problem: string };
  'audit_key.created': { kid: string };
  'signing_key.created': { kid: string };
  'signing_key.rotated': { from: string; to: string };
  'signing_key.revoked': { kid: string; state: 'next' | 'active' | 'retired'; replacedBy: string | null };
}

export type AuditAction = keyof AuditDetails;

export type AuditEvent = {
  [Action in AuditAction]: {
    action: Action;
    details: AuditDetails[Action];
    outcome?: AuditOutcome;
    actorId?: string | null;
    target?: {
      type:
        | 'user'
        | 'session'
        | 'registration'
        | 'signing_key'
        | 'audit_key'
        | 'role'
        | 'provider'
        | 'service_account'
        | 'webhook';
      id: string;
    };
    sessionId?: string | null;
    /** The user of the session that is the target, for the event about it. */
    sessionOwnerId?: string;
    /** The API key that a program called with. The details name it. */
    apiKeyId?: string | null;
    /** Written by an administrator. */
    reason?: string | null;
  };
}[AuditAction];
