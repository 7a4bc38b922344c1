/** The atomic statements of registration: using a token, claiming the address. */
import type { EntityDictionary, EntityManager } from '@mikro-orm/postgresql';
import { serialiseBy } from '../named-locks.ts';
import { addressLockName, ownerOf } from './addresses.ts';
import { Registration } from './registration.ts';

export interface SpentRegistration {
  id: string;
  email: string;
  displayName: string | null;
  locale: string | null;
  passwordHash: string | null;
  identitySealed: Buffer | null;
  contested: boolean;
}

/** Removes and returns the registration of a valid token: exactly one of several concurrent callers gets it. */
export async function spendRegistration(
  em: EntityManager,
  tokenHash: Buffer,
  now: Date,
): Promise<SpentRegistration | null> {
  const [row] = await em.execute<SpentRegistration[]>(
    `delete from registrations where token_hash = ? and expires_at > ?
     returning id, email, display_name as "displayName", locale, password_hash as "passwordHash",
       identity_sealed as "identitySealed", contested`,
    [tokenHash, now],
  );
  return row ?? null;
}

export interface RenewedToken {
  registrationId: string;
  tokenHash: Buffer;
  tokenSealed: Buffer;
  expiresAt: Date;
}

/** Changes no row where there is no such registration: neutral operations execute it in every case. */
export async function renewToken(em: EntityManager, renewed: RenewedToken): Promise<void> {
  await em.execute('update registrations set token_hash = ?, token_sealed = ?, expires_at = ? where id = ?', [
    renewed.tokenHash,
    renewed.tokenSealed,
    renewed.expiresAt,
    renewed.registrationId,
  ]);
}

/** Marks the live registrations of an address that have another password or another identity. */
export async function contestRegistrations(
  em: EntityManager,
  contest: { email: string; passwordHash: string | null; identityHash: Buffer | null; now: Date },
): Promise<void> {
  await em.execute(
    `update registrations set contested = true where email = :email and expires_at > :now
       and (password_hash is distinct from :passwordHash or identity_hash is distinct from cast(:identityHash as bytea))`,
    contest,
  );
}

/** Marks all live registrations of an address, in one round trip. @returns the oldest of them */
export async function contestAllRegistrations(
  em: EntityManager,
  { email, now }: { email: string; now: Date },
): Promise<Registration | null> {
  const [oldest] = await em.execute<EntityDictionary<Registration>[]>(
    `with contested as (update registrations set contested = true where email = ? and expires_at > ? returning *)
     select * from contested order by created_at, id limit 1`,
    [email, now],
  );
  return oldest ? em.map(Registration, oldest) : null;
}

export async function deleteRegistrations(em: EntityManager, ids: readonly string[]): Promise<void> {
  await em.execute("delete from registrations where id = any(cast(string_to_array(?, ',') as uuid[]))", [
    ids.join(','),
  ]);
}

export interface NewUser {
  id: string;
  email: string;
  emailVerifiedAt: Date | null;
  displayName: string | null;
  locale?: string | null;
  passwordHash: string | null;
  role: string;
  status: 'ACTIVE' | 'INVITED';
  now: Date;
}

/**
 * Claims the address for a new user. A unique violation would abort the transaction and contain the address in its
 * message, so the conflict is a result.
 * @returns false when the address has an owner
 */
export async function insertUser(em: EntityManager, user: NewUser): Promise<boolean> {
  await serialiseBy(em, addressLockName(user.email));
  if (await ownerOf(em, user.email, user.now)) return false;
  const rows = await em.execute<{ id: string }[]>(
    `insert into users (id, email, email_verified_at, display_name, locale, password_hash, role_name, status, created_at, updated_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (email) do nothing returning id`,
    [
      user.id,
      user.email,
      user.emailVerifiedAt,
      user.displayName,
      user.locale ?? null,
      user.passwordHash,
      user.role,
      user.status,
      user.now,
      user.now,
    ],
  );
  return rows.length === 1;
}
