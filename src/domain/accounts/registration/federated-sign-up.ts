/**
 * Creates the account of a sign-up proposal. An address that the provider has verified needs no mail; for any other one a
 * registration is pending, and the answer is as neutral as that of `register`.
 */
import { addressLockName } from '../../../persistence/accounts/addresses.ts';
import { Registration } from '../../../persistence/accounts/registration.ts';
import { insertUser } from '../../../persistence/accounts/registrations.ts';
import { useTicket } from '../../../persistence/identities/flows.ts';
import { serialiseBy } from '../../../persistence/named-locks.ts';
import type { Caller } from '../../caller.ts';
import { Refusal } from '../../errors.ts';
import { assertMethodEnabled } from '../../factors/sign-in-methods.ts';
import { addIdentity } from '../../identities/links.ts';
import { findProposal, type ProvenIdentity, proposalHash, usedIdentity } from '../../identities/redeem.ts';
import { newId } from '../../ids.ts';
import { federatedProof } from '../../sign-in/federated-proof.ts';
import type { MfaChallenge } from '../../sign-in/second-step.ts';
import { type SignedIn, signIn } from '../../sign-in/sign-in.ts';
import { checkedOptions, type SignInOptions } from '../../sign-in/sign-in-options.ts';
import { displayNameProblems, normaliseDisplayName } from '../../text/display-name.ts';
import { normaliseEmail } from '../../text/email-address.ts';
import { type Transaction, transact } from '../../transaction.ts';
import type { AccountDeps } from '../deps.ts';
import { newAddressProblems } from '../new-address.ts';
import { createPending } from './pending.ts';
import type { RegistrationStatus } from './register.ts';
import { judgeRegistration } from './registration-risk.ts';
import { vetAccount } from './vet-registration.ts';

export interface FederatedSignUp extends SignInOptions {
  ticket: string;
  email?: string | null | undefined;
  displayName?: string | null | undefined;
}

interface NewAccount {
  email: string;
  /** Whether the provider has verified the address. */
  isVerified: boolean;
  displayName: string | null;
}

/**
 * @throws Refusal FORBIDDEN, INVALID_TOKEN, BAD_USER_INPUT, CONFLICT, REFUSED_BY_POLICY; EMAIL_TAKEN only where
 *   verification is off
 */
export async function finishFederatedSignUp(
  deps: AccountDeps,
  caller: Caller,
  { ticket, email, displayName, ...given }: FederatedSignUp,
): Promise<SignedIn | MfaChallenge | { status: RegistrationStatus }> {
  await assertMethodEnabled(deps, caller, 'FEDERATED');
  const options = checkedOptions(given);
  const proven = await findProposal(deps, 'sign_up', ticket);
  const account = await checkedAccount(deps, proven, { email, displayName });
  if (!account.isVerified && deps.settings.emailVerification === 'required') {
    const risk = await judgeRegistration(deps, caller, { email: account.email, isRepeatable: false });
    await spendTicket(deps, caller, ticket);
    const { email: address, displayName: name } = account;
    const applicant = { email: address, displayName: name, locale: null, passwordHash: null };
    await createPending(deps, caller, { ...applicant, identity: usedIdentity(proven, 'sign_up') }, risk);
    return { status: 'VERIFICATION_SENT' };
  }
  await vetAccount(deps, caller, { ...account, locale: null });
  const userId = await createUser(deps, caller, proven, ticket, account);
  return signIn(deps, caller, federatedProof(deps, caller, proven, { ...options, userId, through: null }));
}

async function checkedAccount(
  deps: AccountDeps,
  { profile }: ProvenIdentity,
  given: Pick<FederatedSignUp, 'email' | 'displayName'>,
): Promise<NewAccount> {
  const verified = profile.emailVerified ? profile.email : null;
  const email = given.email == null ? verified : normaliseEmail(given.email);
  const displayName = given.displayName == null ? profile.displayName : normaliseDisplayName(given.displayName);
  const missing = { path: 'input.email', code: 'REQUIRED', message: 'Enter an e-mail address.' };
  const fields = [
    ...(email === null && given.email == null ? [missing] : await newAddressProblems(deps, email, 'input.email')),
    ...displayNameProblems(displayName, 'input.displayName'),
  ];
  if (email === null || fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return { email, isVerified: email === verified, displayName };
}

async function spendTicket(deps: AccountDeps, caller: Caller, ticket: string): Promise<void> {
  await transact<void>(deps, caller, async ({ tx, now }) => {
    const ticketHash = proposalHash('sign_up', ticket);
    const isUsed = ticketHash !== null && (await useTicket(tx, { ticketHash, now }));
    return isUsed ? undefined : usedMeanwhile();
  });
}

/** @returns the id of the new user */
function createUser(
  deps: AccountDeps,
  caller: Caller,
  proven: ProvenIdentity,
  ticket: string,
  { email, isVerified, displayName }: NewAccount,
): Promise<string> {
  return transact<string>(deps, caller, async (transaction) => {
    const { tx, now } = transaction;
    const ticketHash = proposalHash('sign_up', ticket);
    if (!ticketHash || !(await useTicket(tx, { ticketHash, now }))) return usedMeanwhile();
    const id = newId(now);
    const state = { role: 'USER', status: 'ACTIVE', emailVerifiedAt: isVerified ? now : null } as const;
    // Before the user: registrations of the address are locked in this order everywhere.
    await serialiseBy(tx, addressLockName(email));
    if (!(await insertUser(tx, { id, email, displayName, passwordHash: null, ...state, now })))
      return isVerified ? new Refusal('CONFLICT', { detail: 'address taken meanwhile' }) : new Refusal('EMAIL_TAKEN');
    const identity = usedIdentity(proven, 'sign_up');
    if (!(await addIdentity(deps, transaction, id, identity))) throw new Refusal('IDENTITY_TAKEN');
    await tx.nativeDelete(Registration, { email });
    recordSignUp(transaction, id, identity.provider);
    return id;
  });
}

function recordSignUp({ audit }: Transaction, id: string, provider: string): void {
  const owner = { actorId: id, sessionId: null, target: { type: 'user', id } } as const;
  audit({ action: 'user.created', ...owner, details: { role: 'USER', through: 'registration' } });
  audit({ action: 'identity.linked', ...owner, details: { provider, through: 'sign_up' } });
}

function usedMeanwhile(): Refusal {
  return new Refusal('INVALID_TOKEN', { detail: 'used meanwhile' });
}
