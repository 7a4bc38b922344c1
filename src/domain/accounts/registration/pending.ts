/**
 * Stores a registration until its address is confirmed. The operation is neutral: the answer and the database work are
 * the same for a taken and a free address, and only a reader of the mailbox learns which it is.
 */
import { linkSeconds, type MailOf } from '../../../mail/mail.ts';
import { type AddressOwner, addressLockName, ownerOf } from '../../../persistence/accounts/addresses.ts';
import { Registration } from '../../../persistence/accounts/registration.ts';
import { contestRegistrations, deleteRegistrations } from '../../../persistence/accounts/registrations.ts';
import type { EntityManager } from '../../../persistence/entity-manager.ts';
import { serialiseBy } from '../../../persistence/named-locks.ts';
import type { KeyRing } from '../../../security/keys/key-ring.ts';
import { keyedHash } from '../../../security/keys/keyed-hash.ts';
import { mintMailToken } from '../../../security/tokens/mail-tokens.ts';
import { noActor } from '../../audit/record.ts';
import type { Caller } from '../../caller.ts';
import { secondsAfter } from '../../clock.ts';
import { sealIdentity, type UsedIdentity } from '../../identities/sealed.ts';
import { newId } from '../../ids.ts';
import { sourceOf } from '../../source.ts';
import { type Transaction, transact } from '../../transaction.ts';
import { deletedAccountMail } from '../deleted-account-mail.ts';
import type { AccountDeps } from '../deps.ts';
import type { RegistrationRisk } from './registration-risk.ts';

export interface Applicant {
  email: string;
  displayName: string | null;
  locale: string | null;
  /** Null: the applicant signs in with the identity. */
  passwordHash: string | null;
  identity: UsedIdentity | null;
}

type Result = 'pending' | 'address_taken' | 'withheld';

/** Live registrations of one address from one network, and from all. Past the limit the oldest of the busiest network is removed. */
const maxPendingOfSource = 3;
const maxPending = 12;

export async function createPending(
  deps: AccountDeps,
  caller: Caller,
  applicant: Applicant,
  risk: RegistrationRisk,
): Promise<void> {
  const turn = addressLockName(applicant.email);
  const create = () =>
    transact<void>(deps, caller, async (transaction) => {
      await serialiseBy(transaction.tx, turn);
      const result = await answerByMail(deps, transaction, applicant, caller.client.ipAddress);
      const addressHash = keyedHash(deps.keyRing, applicant.email).toString('base64url');
      transaction.audit({ action: 'registration.requested', ...noActor, details: { addressHash, result, ...risk } });
    });
  await deps.addressQueue.run(turn, create);
}

/** Registrations of one address share a salt, so that signing in compares with all of them at the cost of one hash. */
export async function hashForRegistration(deps: AccountDeps, email: string, password: string): Promise<string> {
  const emails = [email, placeholderAddress(deps.keyRing, email)];
  const earlier = await deps.em.fork().findOne(Registration, { email: { $in: emails }, passwordHash: { $ne: null } });
  return deps.hasher.hash(password, earlier?.passwordHash ?? undefined);
}

/** Registrations of a taken address are stored under this name, which no mail and no account can have. */
export function placeholderAddress(keyRing: KeyRing, email: string): string {
  return `${keyedHash(keyRing, 'shadow', email).toString('base64url')}@taken.invalid`;
}

/**
 * Executes the same statements for a taken and a free address. A different password makes every live registration of the
 * address contested; so does a password reset (recovery/request-password-reset.ts). A later registration is contested as
 * well.
 */
async function answerByMail(
  deps: AccountDeps,
  { tx, now, mail }: Transaction,
  applicant: Applicant,
  ipAddress: string | null,
): Promise<Result> {
  const { keyRing, sealer } = deps;
  const source = sourceOf(ipAddress);
  const sourceHash = keyedHash(keyRing, 'registration', source);
  const id = newId(now);
  const { token, tokenHash } = mintMailToken();
  const expiresAt = secondsAfter(now, linkSeconds.verify_email);
  const owner = await ownerOf(tx, applicant.email, now);
  const email = owner ? placeholderAddress(keyRing, applicant.email) : applicant.email;
  const live = await findLive(tx, email, now);
  const { identity, ...person } = applicant;
  const { passwordHash } = person;
  const identityHash = identity && keyedHash(keyRing, 'identity', identity.issuer, identity.subject);
  const contested = live.some((one) => one.contested || !hasSecret(one, passwordHash, identityHash));
  await contestRegistrations(tx, { email, passwordHash, identityHash, now });
  const requested = { requestedAt: now.toISOString(), ipAddress };
  const answer = owner
    ? mailToOwner(deps, owner, applicant.email, requested)
    : mailToApplicant(applicant, { token, ...requested, expiresAt: expiresAt.toISOString() });
  const sent = await mail(answer, { type: 'registration', source });
  const own = live.filter((one) => one.sourceHash && sourceHash.equals(one.sourceHash));
  if (!sent && own.length >= maxPendingOfSource) return owner ? 'address_taken' : 'withheld';
  // The number of earlier registrations is the same for a taken and a free address, and so is this statement.
  const surplus = surplusOf(live, own);
  if (surplus.length > 0) await deleteRegistrations(tx, surplus);
  const tokenSealed = sealer.seal(Buffer.from(token), id);
  const identitySealed = identity && sealIdentity(deps, identity, id);
  const kept = {
    ...person,
    identityHash,
    identitySealed,
    email,
    ipAddress,
    sourceHash,
    tokenHash,
    tokenSealed,
    contested,
  };
  tx.persist(tx.create(Registration, { id, ...kept, createdAt: now, expiresAt }));
  return owner ? 'address_taken' : 'pending';
}

/** Whether the reader of the mail of this registration chose the same secret. */
function hasSecret(
  { passwordHash, identityHash }: Registration,
  password: string | null,
  identity: Buffer | null,
): boolean {
  if ((passwordHash ?? null) !== password) return false;
  return identity === null ? identityHash == null : identityHash != null && identity.equals(identityHash);
}

/** Newest first. */
function findLive(tx: EntityManager, email: string, now: Date): Promise<Registration[]> {
  const orderBy = { createdAt: 'desc', id: 'desc' } as const;
  return tx.find(Registration, { email, expiresAt: { $gt: now } }, { orderBy, disableIdentityMap: true });
}

function mailToApplicant({ email: to, locale }: Applicant, variables: MailOf<'verify_email'>['variables']) {
  return { kind: 'verify_email', to, locale, variables } as const;
}

function mailToOwner(
  deps: AccountDeps,
  { locale, deletedAt }: AddressOwner,
  to: string,
  requested: { requestedAt: string; ipAddress: string | null },
) {
  if (deletedAt === null) return { kind: 'already_registered', to, locale, variables: requested } as const;
  return deletedAccountMail(deps, { to, locale, deletedAt, requested });
}

/** @param live newest first @param own those of the requesting network @returns the ids to delete before one is added */
function surplusOf(live: readonly Registration[], own: readonly Registration[]): string[] {
  if (own.length >= maxPendingOfSource) return own.slice(maxPendingOfSource - 1).map(({ id }) => id);
  if (live.length < maxPending) return [];
  const bySource = [
    ...Map.groupBy(live, ({ sourceHash }) => sourceHash && Buffer.from(sourceHash).toString('hex')).values(),
  ];
  const largest = bySource.reduce((most, some) => (some.length > most.length ? some : most));
  return largest.slice(-1).map(({ id }) => id);
}
