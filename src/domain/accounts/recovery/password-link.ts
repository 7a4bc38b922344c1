/** The link of a mail that sets a password: a reset or an invitation. Reading it changes nothing, because scanners of mails open links. */
import { MailToken, type MailTokenPurpose } from '../../../persistence/access/mail-token.ts';
import { User } from '../../../persistence/accounts/user.ts';
import { hashMailToken } from '../../../security/tokens/mail-tokens.ts';
import type { Unit } from '../../transaction.ts';

export const passwordTokens: readonly MailTokenPurpose[] = ['INVITATION', 'PASSWORD_RESET'];

/** @returns the user whose password the token sets; null for a token that is unknown, used or expired */
export async function findPasswordOwner({ em, clock }: Unit, tokenHash: Buffer): Promise<User | null> {
  const live = { tokenHash, purpose: [...passwordTokens], usedAt: null, expiresAt: { $gt: clock.now() } };
  const fork = em.fork();
  const token = await fork.findOne(MailToken, live);
  return token && fork.findOne(User, { id: token.user.id, status: { $ne: 'DELETED' } });
}

/** What the page of the link shows, and what password managers store as the user name. @returns null as above */
export async function readPasswordLink(unit: Unit, token: string): Promise<{ email: string } | null> {
  const tokenHash = hashMailToken(token);
  const owner = tokenHash && (await findPasswordOwner(unit, tokenHash));
  return owner && { email: owner.email };
}
