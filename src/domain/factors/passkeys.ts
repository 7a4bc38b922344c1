/** A user's passkeys: registering one, taking one away, and which there are. Signing in with them is passkey-sign-in.ts. */

import type { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { Passkey } from '../../persistence/factors/passkey.ts';
import { insertPasskey } from '../../persistence/factors/passkeys.ts';
import { lockProvenSessions } from '../../persistence/factors/second-factors.ts';
import {
  type Attestation,
  type CeremonyOptions,
  type NewCredential,
  readAttestation,
  registrationOptions,
  verifyAttestation,
} from '../../security/factors/webauthn.ts';
import { type PasskeyRefusal, recordByViewer } from '../audit/record.ts';
import { type Caller, type Viewer, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { isId, newId } from '../ids.ts';
import { lockViewer } from '../locked-user.ts';
import { isUnproven } from '../sessions/factor-proof.ts';
import { displayNameProblems, normaliseDisplayName } from '../text/display-name.ts';
import { issueBackupCodes } from './backup-codes.ts';
import type { FactorDeps } from './deps.ts';
import { factorAdded, factorRemoved } from './factor-changes.ts';
import { type Challenge, issueChallenge, redeemChallenge } from './passkey-challenges.ts';
import { beginProbation, endProbation } from './passkey-probation.ts';
import { relyingPartyOf } from './relying-party.ts';
import { countBackupCodes } from './second-factors.ts';

/** What a browser needs for asking an authenticator. */
export interface PasskeyCeremony {
  options: CeremonyOptions;
  expiresAt: Date;
}

export interface PasskeyView {
  id: string;
  name: string;
  createdAt: Date;
  lastUsedAt: Date | null;
  backedUp: boolean;
  /** From when on it signs in without a password; null: since it was added. */
  aloneFrom: Date | null;
}

export interface AddedPasskey {
  passkey: PasskeyView;
  /** For the only time; null when the user has some already. */
  backupCodes: string[] | null;
}

type Outcome = AddedPasskey | { refused: PasskeyRefusal };

const maxPasskeys = 10;

export class Passkeys {
  readonly #deps: FactorDeps;

  constructor(deps: FactorDeps) {
    this.#deps = deps;
  }

  /** @returns the oldest first */
  async listOf(userId: string): Promise<PasskeyView[]> {
    const passkeys = await this.#deps.em.fork().find(Passkey, { user: userId }, { orderBy: { id: 'asc' } });
    return passkeys.map(viewOf);
  }

  /**
   * @param accountName what authenticators shall call the account; null: its address
   * @throws Refusal UNAUTHENTICATED, BAD_USER_INPUT, CONFLICT when they have as many as one may have
   */
  async beginRegistration(caller: Caller, accountName: string | null): Promise<PasskeyCeremony> {
    const { em } = this.#deps;
    const viewer = viewerOf(caller);
    const name = normaliseDisplayName(accountName);
    const fields = displayNameProblems(name, 'input.accountName');
    if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
    const known = await em.fork().find(Passkey, { user: viewer.id });
    if (known.length >= maxPasskeys) throw tooMany();
    const { challenge, expiresAt } = await em.fork().transactional(async (tx) => {
      const target = { type: 'user', id: viewer.id } as const;
      const details = { method: 'PASSKEY' } as const;
      recordByViewer(tx, caller, this.#deps.clock.now(), { action: 'mfa.enrollment_begun', target, details });
      return this.#issue(tx, viewer);
    });
    const user = { id: viewer.id, name: name ?? viewer.email, displayName: viewer.displayName ?? '' };
    return { options: await registrationOptions(relyingPartyOf(this.#deps), { challenge, user, known }), expiresAt };
  }

  /**
   * Lifts the session to AAL2.
   * @param response `RegistrationResponseJSON`, as it came
   * @throws Refusal UNAUTHENTICATED, BAD_USER_INPUT, INVALID_MFA_CODE, MFA_ALREADY_ENABLED when the passkey is known,
   *   REAUTHENTICATION_REQUIRED, CONFLICT
   */
  async confirmRegistration(caller: Caller, request: { response: unknown; name: string }): Promise<AddedPasskey> {
    const viewer = viewerOf(caller);
    const name = checkedName(request.name);
    const attestation = readAttestation(request.response);
    const credential = attestation && (await verifyAttestation(relyingPartyOf(this.#deps), attestation));
    const outcome = await this.#deps.em.fork().transactional(async (tx): Promise<Outcome> => {
      const user = await lockViewer(tx, viewer, this.#deps.clock.now());
      const added: Outcome = credential
        ? await this.#add(tx, caller, user, attestation, { ...credential, name })
        : { refused: attestation ? 'not_verified' : 'malformed' };
      if ('refused' in added) this.#recordRefusal(tx, caller, added.refused);
      return added;
    });
    if (!('refused' in outcome)) return outcome;
    throw refusalFor(outcome.refused);
  }

  /** Lets a new passkey sign in alone at once. @throws Refusal INVALID_TOKEN */
  confirm(caller: Caller, token: string): Promise<void> {
    return endProbation(this.#deps, caller, token);
  }

  /** @throws Refusal UNAUTHENTICATED, REAUTHENTICATION_REQUIRED, NOT_FOUND also for those of others */
  async remove(caller: Caller, id: string): Promise<void> {
    const viewer = viewerOf(caller);
    if (!isId(id)) throw new Refusal('NOT_FOUND');
    const problem = await this.#deps.em.fork().transactional(async (tx) => {
      const user = await lockViewer(tx, viewer, this.#deps.clock.now());
      if (await isUnproven(tx, user, viewer.session.id)) return refusalFor('unproven');
      await lockProvenSessions(tx, user.id);
      if ((await tx.nativeDelete(Passkey, { id, user: user.id })) === 0) return new Refusal('NOT_FOUND');
      await factorRemoved(this.#deps, tx, caller, user, { method: 'PASSKEY', passkeyId: id });
      return null;
    });
    if (problem) throw problem;
  }

  #issue(tx: EntityManager, { session }: Viewer): Promise<Challenge> {
    return issueChallenge(this.#deps, tx, { purpose: 'REGISTRATION', boundTo: session.id });
  }

  /** Under the user's lock. */
  async #add(
    tx: EntityManager,
    caller: Caller,
    user: User,
    { challenge }: Attestation,
    credential: NewCredential & { name: string },
  ): Promise<Outcome> {
    const { session } = viewerOf(caller);
    const occasion = { purpose: 'REGISTRATION', boundTo: session.id } as const;
    if (!(await redeemChallenge(this.#deps, tx, challenge, occasion))) return { refused: 'unknown_challenge' };
    // Another request may have changed the factors since the permission map was read.
    if (await isUnproven(tx, user, session.id)) return { refused: 'unproven' };
    if ((await tx.count(Passkey, { user: user.id })) >= maxPasskeys) return { refused: 'too_many' };
    const createdAt = this.#deps.clock.now();
    const taken = await tx.count(Passkey, { credentialId: credential.credentialId });
    if (taken > 0) return { refused: 'taken' };
    const probation = await beginProbation(this.#deps, tx, caller, user);
    const passkey = { id: newId(createdAt), userId: user.id, ...credential, ...probation, createdAt };
    if (!(await insertPasskey(tx, passkey))) return { refused: 'taken' };
    await factorAdded(this.#deps, tx, caller, user, { method: 'PASSKEY', passkeyId: passkey.id });
    const hasCodes = (await countBackupCodes(tx, user.id)) > 0;
    const backupCodes = hasCodes ? null : await issueBackupCodes(this.#deps, tx, user);
    return { passkey: viewOf(passkey), backupCodes };
  }

  #recordRefusal(tx: EntityManager, caller: Caller, reason: PasskeyRefusal): void {
    recordByViewer(tx, caller, this.#deps.clock.now(), {
      action: 'passkey.refused',
      outcome: 'FAILURE',
      target: { type: 'user', id: viewerOf(caller).id },
      details: { during: 'registration', reason },
    });
  }
}

type StoredPasskey = Omit<PasskeyView, 'lastUsedAt' | 'aloneFrom'> & Partial<Pick<Passkey, 'lastUsedAt' | 'aloneFrom'>>;

function viewOf({ id, name, createdAt, lastUsedAt, backedUp, aloneFrom }: StoredPasskey): PasskeyView {
  return { id, name, createdAt, lastUsedAt: lastUsedAt ?? null, backedUp, aloneFrom: aloneFrom ?? null };
}

/** @throws Refusal BAD_USER_INPUT */
function checkedName(text: string): string {
  const name = normaliseDisplayName(text);
  const path = 'input.name';
  const missing = { path, code: 'REQUIRED', message: 'Enter a name for the passkey.' };
  const fields = name === null ? [missing] : displayNameProblems(name, path);
  if (name === null || fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return name;
}

function refusalFor(refused: PasskeyRefusal): Refusal {
  if (refused === 'too_many') return tooMany();
  if (refused === 'unproven') return new Refusal('REAUTHENTICATION_REQUIRED', { detail: 'AAL1' });
  if (refused === 'taken') return new Refusal('MFA_ALREADY_ENABLED', { detail: 'a passkey that is known' });
  return new Refusal('INVALID_MFA_CODE', { detail: refused });
}

function tooMany(): Refusal {
  return new Refusal('CONFLICT', { detail: `${maxPasskeys} passkeys` });
}
