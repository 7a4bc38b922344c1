/** The token of the link that lets a user choose a new password. A user has one at a time. */
import { linkSeconds } from '../../../mail/mail.ts';
import { MailToken } from '../../../persistence/access/mail-token.ts';
import { insertResetToken } from '../../../persistence/access/mail-tokens.ts';
import type { User } from '../../../persistence/accounts/user.ts';
import type { EntityManager } from '../../../persistence/entity-manager.ts';
import { serialiseBy } from '../../../persistence/named-locks.ts';
import { mintMailToken } from '../../../security/tokens/mail-tokens.ts';
import { secondsAfter } from '../../clock.ts';
import { newId } from '../../ids.ts';
import type { Transaction } from '../../transaction.ts';

/** The fields of a user that a mail to them needs. */
export type Reader = Pick<User, 'id' | 'email' | 'locale'>;

/**
 * Mails the user a token and replaces the earlier token.
 * @param ipAddress of the request, for the mail; null: the mail names none
 * @returns false when the mail is withheld; the earlier token still works
 */
export async function mailResetToken(
  { tx, now, mail }: Transaction,
  { id, email, locale }: Reader,
  ipAddress: string | null,
): Promise<boolean> {
  const { token, tokenHash } = mintMailToken();
  await serialiseResets(tx, id);
  const variables = { token, requestedAt: now.toISOString(), ipAddress };
  if (!(await mail({ kind: 'password_reset', to: email, locale, variables }))) return false;
  await replaceResetToken(tx, { userId: id, tokenHash, now });
  return true;
}

/** Serialises the requests of one user until the transaction ends. */
export async function serialiseResets(tx: EntityManager, userId: string): Promise<void> {
  await serialiseBy(tx, `password-reset:${userId}`);
}

export async function replaceResetToken(
  tx: EntityManager,
  { userId, tokenHash, now }: { userId: string; tokenHash: Buffer; now: Date },
): Promise<void> {
  await tx.nativeDelete(MailToken, { user: userId, purpose: 'PASSWORD_RESET' });
  const expiresAt = secondsAfter(now, linkSeconds.password_reset);
  await insertResetToken(tx, { id: newId(now), userId, tokenHash, now, expiresAt });
}
