/**
 * Whose an address is. Besides the address of an account, it is the one that an account has just changed away from: for
 * as long as its owner can say "this was not me", nobody else gets it.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { takeTurns } from '../take-turns.ts';

export interface AddressOwner {
  userId: string;
  locale: string | null;
  /** PostgreSQL's text; null: the account is not deleted. */
  deletedAt: string | null;
}

export async function ownerOf(em: EntityManager, email: string, now: Date): Promise<AddressOwner | null> {
  const [row] = await em.execute<AddressOwner[]>(
    `select id as "userId", locale, deleted_at as "deletedAt" from users where email = :email
     union all
     select u.id, u.locale, u.deleted_at from mail_tokens t join users u on u.id = t.user_id
     where t.email = :email and t.purpose = 'EMAIL_CHANGE_NOT_ME' and t.used_at is null and t.expires_at > :now`,
    { email, now },
  );
  return row ?? null;
}

/** Those who want one address wait for each other, whether they make an account of it or change theirs to it. */
export function addressTurn(email: string): string {
  return `address:${email}`;
}

/** Holds the address for the user until the transaction ends. @returns false when it is somebody else's */
export async function claimAddress(
  em: EntityManager,
  claim: { userId: string; email: string; now: Date },
): Promise<boolean> {
  await takeTurns(em, addressTurn(claim.email));
  const owner = await ownerOf(em, claim.email, claim.now);
  return owner === null || owner.userId === claim.userId;
}
