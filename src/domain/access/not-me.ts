/** Mails that report a change of an account, with a link for owners who did not make it (accounts/recovery/report-not-me.ts). */
import type { MailOf, NotMeKind } from '../../mail/mail.ts';
import type { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { mintMailToken } from '../../security/tokens/mail-tokens.ts';
import type { Caller } from '../caller.ts';
import type { Unit } from '../transaction.ts';
import { type NewMailToken, storeMailToken } from './mail-tokens.ts';

/** Long enough for owners who read their mail once a week. */
export const notMeSeconds = 7 * 24 * 60 * 60;

export type Reader = Pick<MailOf<NotMeKind>, 'to' | 'locale'>;

/**
 * Adds the mail and its token to the transaction, unless the mail limit of the address is reached.
 * @param sessionId the session that made the change; null: the link revokes every session
 */
export async function mailWithNotMe(
  { clock, outbox }: Pick<Unit, 'clock' | 'outbox'>,
  tx: EntityManager,
  { user, sessionId }: { user: User; sessionId: string | null },
  mailOf: (token: string, reader: Reader) => MailOf<NotMeKind>,
): Promise<void> {
  const now = clock.now();
  const { mail, token } = notMeMail(user, sessionId, mailOf);
  if (await outbox.enqueue(tx, mail, now)) storeMailToken(tx, user, token, now);
}

/** The mail, and the token of its link. */
export function notMeMail(
  { email, locale }: Pick<User, 'email' | 'locale'>,
  sessionId: string | null,
  mailOf: (token: string, reader: Reader) => MailOf<NotMeKind>,
): { mail: MailOf<NotMeKind>; token: NewMailToken } {
  const { token, tokenHash } = mintMailToken();
  return {
    mail: mailOf(token, { to: email, locale }),
    token: { purpose: 'NOT_ME', sessionId, tokenHash, lifeSeconds: notMeSeconds },
  };
}

/** The session of the caller, if it is one of the user. */
export function ownSession({ viewer }: Caller, user: User): string | null {
  return viewer?.id === user.id ? viewer.session.id : null;
}
