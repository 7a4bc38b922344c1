/** The link with which invited users choose their password (accounts/recovery/reset-password.ts). */

import { MailToken } from '../../persistence/access/mail-token.ts';
import type { User } from '../../persistence/accounts/user.ts';
import { mintMailToken } from '../../security/tokens/mail-tokens.ts';
import { storeMailToken } from '../access/mail-tokens.ts';
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

/**
 * Mails the user a link and deletes the earlier one.
 * @returns false when the mail limit of the address is reached; the earlier link still works
 */
export async function mailInvitation({ tx, now, mail }: Transaction, user: User): Promise<boolean> {
  const { token, tokenHash } = mintMailToken();
  const variables = { token, expiresAt: secondsAfter(now, lifeSeconds).toISOString() };
  if (!(await mail({ kind: 'invitation', to: user.email, locale: user.locale, variables }))) return false;
  await tx.nativeDelete(MailToken, { user, purpose: 'INVITATION' });
  storeMailToken(tx, user, { purpose: 'INVITATION', tokenHash, lifeSeconds }, now);
  return true;
}

/** The mail limit of the address is reached. Only the outbox knows until when, so the client waits for the longest time. */
export function mailLimit(): Refusal {
  return new Refusal('RATE_LIMITED', { retryAfterSeconds: 60 * 60, detail: 'the mails of a kind to one address' });
}
