/** Registers passkeys. Signing in with them is in sign-in/. */
import { Passkey } from '../../persistence/factors/passkey.ts';
import { insertPasskey } from '../../persistence/factors/passkeys.ts';
import {
  type Attestation,
  type NewCredential,
  readAttestation,
  registrationOptions,
  verifyAttestation,
} from '../../security/factors/attestation.ts';
import type { CeremonyOptions } from '../../security/factors/webauthn.ts';
import type { PasskeyRefusal } from '../audit/actions.ts';
import { type Caller, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { newId } from '../ids.ts';
import { type LockedUser, lockViewer } from '../locked-user.ts';
import { isUnproven } from '../sessions/factor-proof.ts';
import { displayNameProblems, normaliseDisplayName } from '../text/display-name.ts';
import { type Transaction, transact } from '../transaction.ts';
import { issueBackupCodes } from './backup-codes.ts';
import type { FactorDeps } from './deps.ts';
import { factorAdded } from './factor-changes.ts';
import { issueChallenge, type Occasion, redeemChallenge } from './passkey-challenges.ts';
import { beginProbation } from './passkey-probation.ts';
import { checkedPasskeyName, type PasskeyView, passkeyView } from './passkeys.ts';
import { relyingPartyOf } from './relying-party.ts';
import { countBackupCodes } from './second-factors.ts';

/** What a browser needs to ask an authenticator. */
export interface PasskeyCeremony {
  options: CeremonyOptions;
  expiresAt: Date;
}

export interface AddedPasskey {
  passkey: PasskeyView;
  /** Never shown again; null when the user already has some. */
  backupCodes: string[] | null;
}

const maxPasskeys = 10;

/**
 * @param accountName the name of the account in the authenticator; null: the e-mail address
 * @throws Refusal UNAUTHENTICATED, BAD_USER_INPUT, CONFLICT at the maximum of passkeys
 */
export async function beginPasskeyRegistration(
  unit: FactorDeps,
  caller: Caller,
  accountName: string | null,
): Promise<PasskeyCeremony> {
  const viewer = viewerOf(caller);
  const name = normaliseDisplayName(accountName);
  const fields = displayNameProblems(name, 'input.accountName');
  if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  const known = await unit.em.fork().find(Passkey, { user: viewer.id });
  if (known.length >= maxPasskeys) throw refusalFor('too_many');
  const { challenge, expiresAt } = await transact(unit, caller, async ({ tx, now, audit }) => {
    const target = { type: 'user', id: viewer.id } as const;
    audit({ action: 'mfa.enrollment_begun', target, details: { method: 'PASSKEY' } });
    return issueChallenge(tx, now, registrationOf(viewer.session));
  });
  const user = { id: viewer.id, name: name ?? viewer.email, displayName: viewer.displayName ?? '' };
  return { options: await registrationOptions(relyingPartyOf(unit), { challenge, user, known }), expiresAt };
}

/**
 * Raises the session to AAL2.
 * @param request `response`: `RegistrationResponseJSON`, unchecked
 * @throws Refusal UNAUTHENTICATED, BAD_USER_INPUT, INVALID_MFA_CODE, MFA_ALREADY_ENABLED when the passkey is known,
 *   REAUTHENTICATION_REQUIRED, CONFLICT
 */
export async function confirmPasskeyRegistration(
  unit: FactorDeps,
  caller: Caller,
  request: { response: unknown; name: string },
): Promise<AddedPasskey> {
  const viewer = viewerOf(caller);
  const name = checkedPasskeyName(request.name);
  const attestation = readAttestation(request.response);
  const credential = attestation && (await verifyAttestation(relyingPartyOf(unit), attestation));
  return transact<AddedPasskey>(unit, caller, async (transaction) => {
    const { tx, now, audit } = transaction;
    const user = await lockViewer(tx, viewer, now);
    const added = credential
      ? await add(unit, transaction, caller, user, attestation, { ...credential, name })
      : { refused: attestation ? ('not_verified' as const) : ('malformed' as const) };
    if (!('refused' in added)) return added;
    const details = { during: 'registration', reason: added.refused } as const;
    audit({ action: 'passkey.refused', outcome: 'FAILURE', target: { type: 'user', id: user.id }, details });
    return refusalFor(added.refused);
  });
}

async function add(
  unit: FactorDeps,
  transaction: Transaction,
  caller: Caller,
  user: LockedUser,
  { challenge }: Attestation,
  credential: NewCredential & { name: string },
): Promise<AddedPasskey | { refused: PasskeyRefusal }> {
  const { tx, now: createdAt } = transaction;
  const { session } = viewerOf(caller);
  if (!(await redeemChallenge(transaction, challenge, registrationOf(session)))) {
    return { refused: 'unknown_challenge' };
  }
  // A parallel request may have changed the factors since the permission map was read.
  if (await isUnproven(tx, user, session.id)) return { refused: 'unproven' };
  if ((await tx.count(Passkey, { user: user.id })) >= maxPasskeys) return { refused: 'too_many' };
  const taken = await tx.count(Passkey, { credentialId: credential.credentialId });
  if (taken > 0) return { refused: 'taken' };
  const probation = await beginProbation(transaction, caller, user);
  const passkey = { id: newId(createdAt), userId: user.id, ...credential, ...probation, createdAt };
  if (!(await insertPasskey(tx, passkey))) return { refused: 'taken' };
  await factorAdded(unit, transaction, caller, user, { method: 'PASSKEY', passkeyId: passkey.id });
  const hasCodes = (await countBackupCodes(tx, user.id)) > 0;
  return {
    passkey: passkeyView(passkey),
    backupCodes: hasCodes ? null : await issueBackupCodes(unit, transaction, user),
  };
}

function registrationOf({ id }: { id: string }): Occasion {
  return { purpose: 'REGISTRATION', boundTo: id };
}

function refusalFor(refused: PasskeyRefusal): Refusal {
  if (refused === 'too_many') return new Refusal('CONFLICT', { detail: `${maxPasskeys} passkeys` });
  if (refused === 'unproven') return new Refusal('REAUTHENTICATION_REQUIRED', { detail: 'AAL1' });
  if (refused === 'taken') return new Refusal('MFA_ALREADY_ENABLED', { detail: 'a known passkey' });
  return new Refusal('INVALID_MFA_CODE', { detail: refused });
}
