/** Confirms a pending registration with the token of its mail, which creates the account. */
import { linkSeconds } from '../../../mail/mail.ts';
import { findAnswer, storeAnswer } from '../../../persistence/access/mail-token-answers.ts';
import { addressLockName } from '../../../persistence/accounts/addresses.ts';
import { Registration } from '../../../persistence/accounts/registration.ts';
import { insertUser, type SpentRegistration, spendRegistration } from '../../../persistence/accounts/registrations.ts';
import { User } from '../../../persistence/accounts/user.ts';
import type { EntityManager } from '../../../persistence/entity-manager.ts';
import { serialiseBy } from '../../../persistence/named-locks.ts';
import { hashMailToken, mintMailToken } from '../../../security/tokens/mail-tokens.ts';
import { storeMailToken } from '../../access/mail-tokens.ts';
import { noActor } from '../../audit/record.ts';
import type { Caller } from '../../caller.ts';
import { secondsAfter } from '../../clock.ts';
import { Refusal } from '../../errors.ts';
import { addIdentity as linkIdentity } from '../../identities/links.ts';
import { unsealIdentity } from '../../identities/sealed.ts';
import { newId } from '../../ids.ts';
import { type Transaction, transact } from '../../transaction.ts';
import type { AccountDeps } from '../deps.ts';

/** @throws Refusal INVALID_TOKEN */
export async function verifyEmail(unit: AccountDeps, caller: Caller, token: string): Promise<void> {
  const tokenHash = hashMailToken(token);
  if (!tokenHash) throw new Refusal('INVALID_TOKEN', { detail: 'malformed' });
  await transact<null>(unit, caller, async (transaction) => {
    const { tx, now } = transaction;
    // Serialises two links of one address: each would lock the registration that the other deletes.
    const named = await tx.findOne(Registration, { tokenHash });
    if (named) await serialiseBy(tx, addressLockName(named.email));
    const registration = await spendRegistration(tx, tokenHash, now);
    if (registration) return createUser(unit, transaction, registration, tokenHash);
    // A retried request gets the answer of the first one.
    if (await findAnswer(tx, { tokenHash, purpose: 'verifyEmail', now })) return null;
    return refuse(transaction, 'unknown_token');
  });
}

async function createUser(
  unit: AccountDeps,
  transaction: Transaction,
  registration: SpentRegistration,
  tokenHash: Buffer,
): Promise<Refusal | null> {
  const { tx, now } = transaction;
  const userId = newId(now);
  if (!(await insertApplicant(tx, registration, userId, now))) return refuse(transaction, 'address_taken');
  await tx.nativeDelete(Registration, { email: registration.email });
  await storeAnswer(tx, { tokenHash, purpose: 'verifyEmail', userId, now });
  const hasIdentity = await addIdentity(unit, transaction, registration, userId);
  const hasWayIn =
    registration.passwordHash !== null || hasIdentity || unit.settings.signInMethods.includes('EMAIL_CODE');
  if (registration.contested || !hasWayIn) await mailChoice(transaction, userId, registration);
  recordConfirmation(transaction, registration, userId);
  return null;
}

/** @returns false when the address is taken */
function insertApplicant(tx: EntityManager, registration: SpentRegistration, id: string, now: Date): Promise<boolean> {
  return insertUser(tx, {
    ...registration,
    ...(registration.contested && { passwordHash: null, displayName: null }),
    id,
    emailVerifiedAt: now,
    role: 'USER',
    status: 'ACTIVE',
    now,
  });
}

/** @returns false without an identity, and when it can no longer be linked */
async function addIdentity(
  unit: AccountDeps,
  transaction: Transaction,
  { id, identitySealed, contested }: SpentRegistration,
  userId: string,
): Promise<boolean> {
  if (!identitySealed || contested) return false;
  const identity = unsealIdentity(unit, identitySealed, id);
  if (!(await linkIdentity(unit, transaction, userId, identity))) return false;
  const owner = { actorId: userId, sessionId: null, target: { type: 'user', id: userId } } as const;
  transaction.audit({
    action: 'identity.linked',
    ...owner,
    details: { provider: identity.provider, through: 'sign_up' },
  });
  return true;
}

function recordConfirmation({ audit }: Transaction, { id, contested }: SpentRegistration, userId: string): void {
  const owner = { actorId: userId, sessionId: null, target: { type: 'user', id: userId } } as const;
  audit({ action: 'registration.confirmed', ...owner, details: { registrationId: id, contested } });
  audit({ action: 'user.created', ...owner, details: { role: 'USER', through: 'registration' } });
}

/** Mails a link to choose a password: the click must not confirm a password that an attacker chose. */
async function mailChoice({ tx, now, mail }: Transaction, userId: string, { email, locale }: SpentRegistration) {
  const { token, tokenHash } = mintMailToken();
  const lifeSeconds = linkSeconds.choose_password;
  const variables = { token, expiresAt: secondsAfter(now, lifeSeconds).toISOString() };
  await mail({ kind: 'choose_password', to: email, locale, variables });
  storeMailToken(tx, tx.getReference(User, userId), { purpose: 'PASSWORD_RESET', tokenHash, lifeSeconds }, now);
}

function refuse({ audit }: Transaction, reason: 'address_taken' | 'unknown_token'): Refusal {
  audit({
    action: 'registration.confirmation_refused',
    outcome: 'FAILURE',
    ...noActor,
    details: { reason },
  });
  return new Refusal('INVALID_TOKEN', { detail: reason });
}
