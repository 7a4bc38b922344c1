/**
 * Imports a user at the first sign-in: the hook `importUser` asks the former system about an address that has no account
 * here. The former system checks the password; its user is created with that password, hashed by Postern.
 */
import { findAccount } from '../../../persistence/accounts/accounts-by-address.ts';
import { maxPasswordUnits } from '../../../security/bounded-text.ts';
import { keyedHash } from '../../../security/keys/keyed-hash.ts';
import { createPending, hashForRegistration } from '../../accounts/registration/pending.ts';
import type { Caller } from '../../caller.ts';
import { continueOrRefuse } from '../../hooks/decide.ts';
import type { UserElsewhere } from '../../hooks/user-elsewhere.ts';
import { newId } from '../../ids.ts';
import { operatorCaller } from '../../operator.ts';
import type { Credentials } from '../../sign-in/imported-proof.ts';
import { displayNameProblems, normaliseDisplayName } from '../../text/display-name.ts';
import { normaliseEmail } from '../../text/email-address.ts';
import { localeProblems, normaliseLocale } from '../../text/locale.ts';
import { importBatch } from './batch.ts';
import type { ImportDeps, ImportRun } from './run.ts';

/** The namespace of the external ids that the hook gives. */
const source = 'hook';

/**
 * Call it outside transactions, without a place at the gate of the hashes.
 * @param credentials of an address without an account
 * @returns whether to check the password again: the user was created, here or by a parallel sign-in
 * @throws Refusal SERVICE_UNAVAILABLE; HashGateFull
 */
export async function importAtSignIn(deps: ImportDeps, caller: Caller, credentials: Credentials): Promise<boolean> {
  const { email, password } = credentials;
  // Directories accept an empty password as an anonymous sign-in (RFC 4513 5.1.2).
  if (password === '' || password.length > maxPasswordUnits) return false;
  const { askedUsers, keyRing } = deps;
  const aboutAddress = keyedHash(keyRing, source, email).toString('base64url');
  const aboutPassword = keyedHash(keyRing, source, email, password).toString('base64url');
  const known = askedUsers.answerTo(aboutAddress) ?? askedUsers.answerTo(aboutPassword);
  if (known !== null) return known;
  return askedUsers.once(aboutPassword, async () => {
    const answer = await ask(deps, caller, credentials);
    // The former system may accept another password. A failure says nothing.
    if (answer !== 'failed')
      askedUsers.remember(answer === 'no_user' ? aboutAddress : aboutPassword, answer === 'created');
    return answer === 'created';
  });
}

type Answer = 'created' | 'no_user' | 'wrong_password' | 'failed';

async function ask(deps: ImportDeps, caller: Caller, credentials: Credentials): Promise<Answer> {
  const { email, password } = credentials;
  const result = await deps.hooks.call('importUser', { email, password });
  if (result === null) return 'no_user';
  if ('problem' in result) return failed(deps, caller, result.problem);
  if (result.allowed === null) return 'wrong_password';
  const { user } = result.allowed;
  if (user === null) return 'no_user';
  if (user.email !== null && normaliseEmail(user.email) !== email)
    return failed(deps, caller, 'user: has another address');
  const isProven = user.emailVerified || deps.settings.emailVerification === 'off';
  return isProven ? create(deps, caller, credentials, user) : register(deps, caller, credentials, user);
}

async function failed(deps: ImportDeps, caller: Caller, problem: string): Promise<Answer> {
  await continueOrRefuse(deps, caller, 'importUser', problem);
  return 'failed';
}

/** The client of the sign-in is on the audit trail; the operator's hook has the authority. */
async function create(
  deps: ImportDeps,
  caller: Caller,
  { email, password }: Credentials,
  { externalId, ...user }: UserElsewhere,
): Promise<Answer> {
  const passwordHash = await deps.hasher.hash(password);
  const run: ImportRun = {
    ...{ id: newId(deps.clock.now()), source, onConflict: 'SKIP', isDryRun: false, defaultRole: 'USER' },
    ...{ invite: false, lockTimeoutMs: null },
  };
  // Its keyed hash, where the former system has no other id: it stays known after the account is purged.
  const id = externalId ?? keyedHash(deps.keyRing, source, email).toString('base64url');
  const operator = { ...operatorCaller(), client: caller.client };
  const [result] = await importBatch(deps, operator, run, [{ ...user, externalId: id, email, passwordHash }]);
  // Another instance has created the account, or another person owns the address by now.
  if (result?.outcome === 'CREATED' || result?.reason === 'EMAIL_TAKEN') return 'created';
  // Otherwise the account was purged, or has another address since.
  if (result?.reason === 'ALREADY_IMPORTED') return (await findAccount(deps.em, email)) ? 'created' : 'no_user';
  return failed(deps, caller, `user: ${result?.reason}`);
}

/** The password proves nothing about the mailbox: the link in its mail creates the account. */
async function register(
  deps: ImportDeps,
  caller: Caller,
  { email, password }: Credentials,
  user: UserElsewhere,
): Promise<Answer> {
  const displayName = normaliseDisplayName(user.displayName);
  const locale = normaliseLocale(user.locale);
  if ([...displayNameProblems(displayName, ''), ...localeProblems(locale, '')].length > 0)
    return failed(deps, caller, 'user: INVALID_FIELD');
  const passwordHash = await hashForRegistration(deps, email, password);
  // The sign-in that follows the confirmation is assessed.
  await createPending(deps, caller, { email, displayName, locale, passwordHash, identity: null }, {});
  return 'created';
}
