/** Decides when a failed mail is retried, and when it fails permanently. Pure. */
import { linkSeconds, type Mail } from './mail.ts';

export interface DeliveryProblem {
  /** The code of the error: its text may quote the mail, or the mail server's credentials. */
  code: string;
  /**
   * `refused`: the server rejects this mail permanently (RFC 5321 4.2.1, 5yz). `deferred`: it rejects this mail for now.
   * `away`: it is unavailable, or rejects this gateway. `internal`: an error in this gateway, before any connection.
   */
  nature: 'refused' | 'deferred' | 'away' | 'internal';
}

const firstRetrySeconds = 15;
/** A recovered server should get its mails soon; a server that defers a mail needs longer pauses. */
const longestRetrySeconds = { deferred: 3600, away: 300, internal: 3600 };
const day = 24 * 60 * 60;
/** For an error in this gateway: long enough for a new version to send the mail. */
const giveUpSeconds = { deferred: 3 * day, away: 3 * day, internal: 30 * day };

/** The time after which a mail is not sent, because its link or code has expired. Null: it is useful at any time. */
export function lastUseOf(mail: Mail): Date | null {
  switch (mail.kind) {
    case 'password_reset':
    case 'email_change_confirm':
      return new Date(Date.parse(mail.variables.requestedAt) + linkSeconds[mail.kind] * 1000);
    case 'sign_in_code':
    case 'second_step_code':
      return new Date(Date.parse(mail.variables.requestedAt) + linkSeconds.sign_in_code * 1000);
    case 'verify_email':
    case 'choose_password':
    case 'invitation':
      return new Date(mail.variables.expiresAt);
    default:
      return null;
  }
}

/**
 * @param attempts so far
 * @param lastUseAt the time after which the mail is useless; null: unknown
 * @returns null when there is no next attempt
 */
export function nextAttemptAt(
  { createdAt, attempts, lastUseAt }: { createdAt: Date; attempts: number; lastUseAt: Date | null },
  { nature }: DeliveryProblem,
  now: Date,
): Date | null {
  if (nature === 'refused') return null;
  const delaySeconds = Math.min(firstRetrySeconds * 2 ** (attempts - 1), longestRetrySeconds[nature]);
  const next = now.getTime() + delaySeconds * 1000;
  const last = Math.min(
    createdAt.getTime() + giveUpSeconds[nature] * 1000,
    lastUseAt?.getTime() ?? Number.POSITIVE_INFINITY,
  );
  return next >= last ? null : new Date(next);
}
