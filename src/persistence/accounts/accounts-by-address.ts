/**
 * Reads what neutral operations need about an address, by plain SQL: building entities would make the answers for known
 * addresses measurably slower.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../statement.ts';
import type { UserStatus } from './user.ts';

export interface AddressAccount {
  id: string;
  email: string;
  locale: string | null;
  status: UserStatus;
  /** PostgreSQL's text; null: the account is not deleted. */
  deletedAt: string | null;
}

/** @param email normalised. @returns null for users that have not accepted their invitation, too */
export async function findAccount(em: EntityManager, email: string): Promise<AddressAccount | null> {
  const [row] = await em.execute<AddressAccount[]>(
    `select id, email, locale, status, deleted_at as "deletedAt" from users
     where email = ? and status <> 'INVITED'`,
    [email],
  );
  return row ?? null;
}

/** A password that an address can be tried with. */
export interface StoredPassword {
  /** Null: of a registration whose address is not confirmed. */
  userId: string | null;
  status: UserStatus | null;
  /** Null: the user has no password. */
  passwordHash: string | null;
}

const passwords = {
  name: 'passwords_of_address',
  text: `select id as "userId", status, password_hash as "passwordHash" from users where email = $1
    union all
    select null, null, password_hash from registrations where email = $1 and expires_at > $2
      and not exists (select from users where email = $1)`,
};

/** @returns the password of the account, or those of the pending registrations. @param email normalised */
export function findPasswords(em: EntityManager, email: string, now: Date): Promise<StoredPassword[]> {
  return query<StoredPassword>(em, passwords, [email, now]);
}

/**
 * The account that a code in the mail of the address opens. An unverified address may have been entered by another person,
 * who must have no way into the account.
 * @param email normalised
 */
export async function findCodeAccount(
  em: EntityManager,
  email: string,
): Promise<{ id: string; locale: string | null } | null> {
  const [row] = await em.execute<{ id: string; locale: string | null }[]>(
    `select id, locale from users u where email = :email and status = 'ACTIVE' and (email_verified_at is not null
       or password_hash is null and not exists (select from passkeys where user_id = u.id)
         and not exists (select from identities where user_id = u.id))`,
    { email },
  );
  return row ?? null;
}
