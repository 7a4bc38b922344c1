/** When a mail that did not go is tried again, and when it is given up. Pure. */
import { linkSeconds, type Mail } from './mail.ts';

export interface DeliveryProblem {
  /** Of the error: its text may quote the mail, or the mail server's credentials. */
  code: string;
  /**
   * `refused`: the server does not want this mail, and will not (RFC 5321 4.2.1, 5yz).
   * `deferred`: it does not want this mail now. `away`: it is not there, or refuses this gateway.
   * `internal`: an error of this gateway, before the mail server was asked.
   */
  nature: 'refused' | 'deferred' | 'away' | 'internal';
}

const firstRetrySeconds = 15;
/** A server that is back should get its mails soon; one that defers a mail should not be pestered. */
const longestRetrySeconds = { deferred: 3600, away: 300, internal: 3600 };
const day = 24 * 60 * 60;
/** Of an error of this gateway long enough for a new version to send the mail. */
const giveUpSeconds = { deferred: 3 * day, away: 3 * day, internal: 30 * day };

/** After this a mail is not sent: the link that it is about is dead. Null: it is worth reading whenever it comes. */
export function outlivedAt(mail: Mail): Date | null {
  switch (mail.kind) {
    case 'password_reset':
    case 'email_change_confirm':
      return new Date(Date.parse(mail.variables.requestedAt) + linkSeconds[mail.kind] * 1000);
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
 * @param lastUseAt after which it would be of no use; null when that is not known
 * @returns null when there is no next time
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
