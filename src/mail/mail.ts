/** The kinds of mails and their data. wording/ has their texts; worker.ts sends them. */
import type { EntityManager } from '../persistence/entity-manager.ts';
import type { LimitedMail } from '../persistence/mail/outbox-mail.ts';
import type { RiskSignal } from '../persistence/risk/risk-assessment.ts';

export interface MailVariables {
  verify_email: { token: string; requestedAt: string; expiresAt: string; ipAddress: string | null };
  /** To the owner of an account that began without a password. */
  choose_password: { token: string; expiresAt: string };
  /** To the owner of a deleted account, when its address is registered or its password is to be reset. */
  account_is_deleted: { requestedAt: string; purgeAt: string; ipAddress: string | null };
  already_registered: { requestedAt: string; ipAddress: string | null };
  password_changed: { token: string; changedAt: string; ipAddress: string | null };
  password_reset: { token: string; requestedAt: string; ipAddress: string | null };
  account_locked: { lockedUntil: string; ipAddress: string | null };
  new_sign_in: {
    token: string;
    signedInAt: string;
    ipAddress: string | null;
    userAgent: string | null;
    deviceName: string | null;
    /** Absent: not known. */
    place?: { country: string; city: string | null };
    /** Why the sign-in is unusual. Absent: it was not assessed, or no action follows from the assessment. */
    signals?: readonly RiskSignal[];
  };
  token_reuse_detected: { detectedAt: string; ipAddress: string | null; deviceName: string | null };
  /** To the new address. */
  email_change_confirm: { token: string; requestedAt: string; ipAddress: string | null };
  /** To the old one, when the change is asked for and when it is done. */
  email_change_requested: { token: string; newEmail: string; requestedAt: string; ipAddress: string | null };
  email_changed: { token: string; newEmail: string; changedAt: string; ipAddress: string | null };
  mfa_enabled: { token: string; method: SecondFactor; changedAt: string; ipAddress: string | null };
  mfa_disabled: { token: string; method: SecondFactor | 'ALL'; changedAt: string; ipAddress: string | null };
  identity_linked: { token: string; provider: string; changedAt: string; ipAddress: string | null };
  identity_unlinked: { token: string; provider: string; changedAt: string; ipAddress: string | null };
  phone_added: { token: string; number: string; factor: boolean; changedAt: string; ipAddress: string | null };
  phone_removed: { token: string; number: string; factor: boolean; changedAt: string; ipAddress: string | null };
  backup_code_used: { token: string; remaining: number; usedAt: string; ipAddress: string | null };
  backup_codes_regenerated: { token: string; changedAt: string; ipAddress: string | null };
  /** About a passkey that cannot sign in alone yet. */
  passkey_confirm: { token: string; addedAt: string; ipAddress: string | null };
  passkey_clone_suspected: { name: string; detectedAt: string; ipAddress: string | null };
  /** After "this was not me": what was removed. */
  account_recovered: {
    passkeys: number;
    authenticatorApp: boolean;
    backupCodes: boolean;
    identities: number;
    apiKeys: number;
    phones: number;
    password: boolean;
    recoveredAt: string;
    ipAddress: string | null;
  };
  /** To the owner of a key, or to the creator of its service account. */
  api_key_expiring: { name: string; serviceAccount: string | null; expiresAt: string };
  api_key_expired: { name: string; serviceAccount: string | null; expiresAt: string };
  /** The key was in the address of a request. */
  api_key_exposed: { name: string; serviceAccount: string | null; seenAt: string; ipAddress: string | null };
  /** To the administrators of webhooks. `gone`: the endpoint answered 410; `failing`: no success for five days. */
  webhook_disabled: { host: string; description: string | null; reason: 'gone' | 'failing'; disabledAt: string };
  /** Without a link, the token is null. */
  sign_in_code: { code: string; token: string | null; requestedAt: string; ipAddress: string | null };
  /** At a second step, and inside a session. */
  second_step_code: { code: string; requestedAt: string; ipAddress: string | null };
  invitation: { token: string; expiresAt: string };
  account_deleted: { deletedAt: string; purgeAt: string; ipAddress: string | null };
  account_restored: { restoredAt: string };
}

export type SecondFactor = 'TOTP' | 'PASSKEY';

export type MailKind = keyof MailVariables;

/** The kinds that can carry a token, and so a link. */
export type LinkedKind = {
  [Kind in MailKind]: MailVariables[Kind] extends { token: string | null } ? Kind : never;
}[MailKind];

/** The kinds whose link says "this was not me" about a session. */
export type NotMeKind =
  | 'new_sign_in'
  | 'password_changed'
  | 'mfa_enabled'
  | 'mfa_disabled'
  | 'identity_linked'
  | 'identity_unlinked'
  | 'phone_added'
  | 'phone_removed'
  | 'backup_code_used'
  | 'backup_codes_regenerated';

/**
 * The lifetime of the links of a mail, in seconds: the domain gives their tokens this lifetime, the texts state it, and
 * the worker sends no mail with an expired link. An invitation has its own lifetime; "this was not me" is mainly a
 * notice, so it is sent after the expiry of its link too.
 */
export const linkSeconds = {
  verify_email: 24 * 60 * 60,
  password_reset: 60 * 60,
  choose_password: 24 * 60 * 60,
  email_change_confirm: 60 * 60,
  passkey_confirm: 24 * 60 * 60,
  sign_in_code: 10 * 60,
} as const satisfies Partial<Record<LinkedKind, number>>;

/** `locale`: the reader's language, where it is known. */
export type MailOf<Kind extends MailKind> = {
  [K in Kind]: { kind: K; to: string; locale?: string | null | undefined; variables: MailVariables[K] };
}[Kind];

export type Mail = MailOf<MailKind>;

/** Mails as the domain enqueues them: in the transaction of the change; they are sent after its commit. */
export interface Outbox {
  /**
   * Adds the mail to the transaction of `em`, unless the limit is reached.
   * @param request without it, the mails of the kind to the address are counted
   * @returns whether it will be sent
   */
  enqueue(em: EntityManager, mail: Mail, now: Date, request?: MailRequest): Promise<boolean>;
  /** Prepares the mail for a statement that inserts it with the change, within the limit of its kind. */
  prepare(mail: Mail, now: Date): LimitedMail;
  /** Executes the same statements without a mail. @returns whether a mail would be sent */
  pretend(em: EntityManager, mail: Pick<Mail, 'kind' | 'to'>, now: Date, request?: MailRequest): Promise<boolean>;
}

/**
 * An anonymous request that leads to a mail. Its mails are counted by request and not by kind: the kind depends on what
 * is stored about the address, and the limit of a neutral operation must not depend on that.
 */
export interface MailRequest {
  type: 'registration' | 'password_reset' | 'sign_in_code';
  /** The network of the request, which has its own limit: other networks cannot exhaust it. */
  source: string;
}
