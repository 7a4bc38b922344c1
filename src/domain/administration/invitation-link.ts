/** The link with which invited users choose their password (accounts/recovery/reset-password.ts). */

import type { MailOf } from '../../mail/mail.ts';
import { MailToken, type MailTokenRow } from '../../persistence/access/mail-token.ts';
import type { User } from '../../persistence/accounts/user.ts';
import { mintMailToken } from '../../security/tokens/mail-tokens.ts';
import { mailTokenRow, storeMailToken } from '../access/mail-tokens.ts';
import { secondsAfter } from '../clock.ts';
import { Refusal } from '../errors.ts';
import type { Transaction } from '../transaction.ts';

/** Longer than other links: the user does not wait for it, and an operator may deliver it in person. */
const lifeSeconds = 7 * 24 * 60 * 60;

export interface InvitationLink {
  token: string;
  expiresAt: Date;
}

export function storeInvitation({ tx, now }: Pick<Transaction, 'tx' | 'now'>, user: User): InvitationLink {
  const { token, tokenHash } = mintMailToken();
  storeMailToken(tx, user, { purpose: 'INVITATION', tokenHash, lifeSeconds }, now);
  return { token, expiresAt: secondsAfter(now, lifeSeconds) };
}

/** A link and its mail, which starts its lifetime. */
export function newInvitation(
  { id, email, locale }: Pick<User, 'id' | 'email' | 'locale'>,
  at: Date,
): { mail: MailOf<'invitation'>; token: MailTokenRow } {
  const { token, tokenHash } = mintMailToken();
  const variables = { token, expiresAt: secondsAfter(at, lifeSeconds).toISOString() };
  return {
    mail: { kind: 'invitation', to: email, locale, variables },
    token: mailTokenRow(id, { purpose: 'INVITATION', tokenHash, lifeSeconds }, at),
  };
}

/**
 * Mails the user a link and deletes the earlier one.
 * @returns false when the mail limit of the address is reached; the earlier link still works
 */
export async function mailInvitation({ tx, now, mail }: Transaction, user: User): Promise<boolean> {
  const invitation = newInvitation(user, now);
  if (!(await mail(invitation.mail))) return false;
  await tx.nativeDelete(MailToken, { user, purpose: 'INVITATION' });
  const { userId: _, ...token } = invitation.token;
  tx.persist(tx.create(MailToken, { user, ...token }));
  return true;
}

/** The mail limit of the address is reached. Only the outbox knows until when, so the client waits for the longest time. */
export function mailLimit(): Refusal {
  return new Refusal('RATE_LIMITED', { retryAfterSeconds: 60 * 60, detail: 'the mails of a kind to one address' });
}
