/** Mails about what was done to an account, with a link that takes it back: "this was not me" (disowning.ts). */
import type { MailOf, NotMeKind } from '../../mail/mail.ts';
import type { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { mintMailToken } from '../../security/tokens/mail-tokens.ts';
import type { Caller } from '../caller.ts';
import type { Unit } from '../transaction.ts';
import { keepMailToken } from './mail-tokens.ts';

/** Owners who read their mail once a week are still in time. */
export const notMeSeconds = 7 * 24 * 60 * 60;

export type Reader = Pick<MailOf<NotMeKind>, 'to' | 'locale'>;

/**
 * Adds the mail and its token to the transaction, unless the address has had its share of this kind for now.
 * @param sessionId the session that did it; null: none did, and the link ends every session
 */
export async function mailWithNotMe(
  { clock, outbox }: Pick<Unit, 'clock' | 'outbox'>,
  tx: EntityManager,
  { user, sessionId }: { user: User; sessionId: string | null },
  mailOf: (token: string, reader: Reader) => MailOf<NotMeKind>,
): Promise<void> {
  const now = clock.now();
  const { token, tokenHash } = mintMailToken();
  if (!(await outbox.enqueue(tx, mailOf(token, { to: user.email, locale: user.locale }), now))) return;
  keepMailToken(tx, user, { purpose: 'NOT_ME', sessionId, tokenHash, lifeSeconds: notMeSeconds }, now);
}

/** The session that the caller asks through, when it is the user's. */
export function ownSession({ viewer }: Caller, user: User): string | null {
  return viewer?.id === user.id ? viewer.session.id : null;
}
