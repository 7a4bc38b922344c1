/** What mails there are and what each one needs to know. Wording is templates.ts, sending is worker.ts. */
import type { EntityManager } from '../persistence/entity-manager.ts';

export interface MailVariables {
  verify_email: { token: string; requestedAt: string; ipAddress: string | null };
  already_registered: { requestedAt: string; ipAddress: string | null };
  password_changed: { changedAt: string; ipAddress: string | null };
  password_reset: { token: string; requestedAt: string; ipAddress: string | null };
  account_locked: { lockedUntil: string; ipAddress: string | null };
  new_sign_in: {
    token: string;
    signedInAt: string;
    ipAddress: string | null;
    userAgent: string | null;
    deviceName: string | null;
  };
  token_reuse_detected: { detectedAt: string; ipAddress: string | null; deviceName: string | null };
}

export type MailKind = keyof MailVariables;

export type Mail = { [Kind in MailKind]: { kind: Kind; to: string; variables: MailVariables[Kind] } }[MailKind];

/** The domain's side of the mail room: a mail is decided on in a transaction and leaves after its commit. */
export interface Outbox {
  /**
   * Adds the mail to the transaction of `em`, unless the address has had its share of this kind for now.
   * @returns whether it will be sent
   */
  enqueue(em: EntityManager, mail: Mail, now: Date): Promise<boolean>;
  /** Does the same work for a mail that nobody will get. */
  pretend(em: EntityManager, mail: Pick<Mail, 'kind' | 'to'>, now: Date): Promise<void>;
}
