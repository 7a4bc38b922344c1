/**
 * Finds the owner of an address. An account owns its address, and its former one while the owner can report the change as
 * not theirs.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { serialiseBy } from '../named-locks.ts';

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

/** The lock that serialises registrations and changes to one address. */
export function addressLockName(email: string): string {
  return `address:${email}`;
}

/** Holds the address for the user until the transaction ends. @returns false when another user owns it */
export async function claimAddress(
  em: EntityManager,
  claim: { userId: string; email: string; now: Date },
): Promise<boolean> {
  await serialiseBy(em, addressLockName(claim.email));
  const owner = await ownerOf(em, claim.email, claim.now);
  return owner === null || owner.userId === claim.userId;
}
