/** Finds and writes identities. An identity belongs to one user: of several concurrent callers one gets it. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { UserStatus } from '../accounts/user.ts';

export interface IdentityKey {
  issuer: string;
  subject: string;
}

/** @returns the user that the identity belongs to, or null */
export async function findIdentityOwner(
  em: EntityManager,
  { issuer, subject }: IdentityKey,
): Promise<{ userId: string; status: UserStatus } | null> {
  const [row] = await em.execute<{ userId: string; status: UserStatus }[]>(
    `select u.id as "userId", u.status from identities i join users u on u.id = i.user_id
     where i.issuer = :issuer and i.subject = :subject`,
    { issuer, subject },
  );
  return row ?? null;
}

export interface NewIdentity extends IdentityKey {
  id: string;
  userId: string;
  providerId: string;
  email: string | null;
  tokensSealed: Buffer | null;
  now: Date;
}

/** @returns false when another caller was first */
export async function insertIdentity(em: EntityManager, identity: NewIdentity): Promise<boolean> {
  const rows = await em.execute<{ made: number }[]>(
    `insert into identities (id, user_id, provider_id, issuer, subject, email, tokens_sealed, linked_at, last_used_at)
     values (:id, :userId, :providerId, :issuer, :subject, :email, :tokensSealed, :now, :now)
     on conflict (issuer, subject) do nothing returning 1 as made`,
    identity,
  );
  return rows.length === 1;
}

/**
 * Records a use, and the address that the provider names now. Tokens of an earlier use are removed.
 * @returns the id; null: it does not belong to the user
 */
export async function touchIdentity(
  em: EntityManager,
  used: IdentityKey & { userId: string; email: string | null; now: Date },
): Promise<string | null> {
  const [row] = await em.execute<{ id: string }[]>(
    `update identities set last_used_at = :now, email = :email, tokens_sealed = null
     where issuer = :issuer and subject = :subject and user_id = :userId returning id`,
    used,
  );
  return row?.id ?? null;
}

export async function storeTokens(em: EntityManager, stored: { id: string; tokensSealed: Buffer }): Promise<void> {
  await em.execute('update identities set tokens_sealed = :tokensSealed where id = :id', stored);
}
