/**
 * Signing in with a passkey: instead of a password, or after it with the ticket of `login`. There is nothing to guess at
 * in a signature, so no lock of an account stands before the first; the second counts as the codes do (mfa-sign-in.ts).
 */

import type { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { Passkey } from '../../persistence/factors/passkey.ts';
import { usePasskey } from '../../persistence/factors/passkeys.ts';
import { type Assertion, assertionOptions, readAssertion, verifyAssertion } from '../../security/factors/webauthn.ts';
import { SignInGate } from '../attempts/sign-in-gate.ts';
import { type PasskeyRefusal, recordAudit } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { issueChallenge, type Occasion, redeemChallenge } from '../factors/passkey-challenges.ts';
import { onProbation } from '../factors/passkey-probation.ts';
import type { PasskeyCeremony } from '../factors/passkeys.ts';
import { relyingPartyOf } from '../factors/relying-party.ts';
import { SessionStarts, type SessionWishes, type SignedIn } from '../sessions/start.ts';
import { displayNameProblems, normaliseDisplayName } from '../text/display-name.ts';
import type { SignInDeps } from './deps.ts';
import { type Delivery, MfaSignIns } from './mfa-sign-in.ts';

export interface PasskeyLogin {
  /** Of `login`; null: the passkey stands alone. */
  ticket?: string | null | undefined;
  /** `AuthenticationResponseJSON`, as it came. */
  response: unknown;
  /** With a ticket, what `login` was asked for counts. */
  rememberMe?: boolean | undefined;
  deviceName?: string | null | undefined;
  delivery?: Delivery | undefined;
}

type Delivered = SignedIn & { delivery: Delivery };

const alone: Occasion = { purpose: 'SIGN_IN', boundTo: null };

export class PasskeySignIns {
  readonly #deps: SignInDeps;
  readonly #mfaSignIns: MfaSignIns;
  readonly #starts: SessionStarts;

  constructor(deps: SignInDeps) {
    this.#deps = deps;
    this.#mfaSignIns = new MfaSignIns(deps);
    this.#starts = new SessionStarts(deps);
  }

  /**
   * Without a ticket the same for everybody: it tells nothing about any account.
   * @throws Refusal INVALID_MFA_TICKET, MFA_NOT_ENABLED when the account of the ticket has no passkey
   */
  async begin(caller: Caller, ticket: string | null): Promise<PasskeyCeremony> {
    const em = this.#deps.em.fork();
    const found = ticket === null ? null : await this.#mfaSignIns.find(caller, ticket);
    const known = found && (await em.find(Passkey, { user: found.user.id }));
    if (known?.length === 0) throw new Refusal('MFA_NOT_ENABLED');
    const { challenge, expiresAt } = await issueChallenge(this.#deps, em, found ? secondStepOf(found) : alone);
    return { options: await assertionOptions(relyingPartyOf(this.#deps), { challenge, known }), expiresAt };
  }

  /**
   * @throws Refusal INVALID_CREDENTIALS, ACCOUNT_SUSPENDED, BAD_USER_INPUT; with a ticket INVALID_MFA_TICKET,
   *   INVALID_MFA_CODE, TOO_MANY_ATTEMPTS, SERVICE_BUSY
   */
  async login(caller: Caller, { ticket, response, ...wishes }: PasskeyLogin): Promise<Delivered> {
    const assertion = readAssertion(response);
    if (ticket == null) return this.#loginAlone(caller, assertion, wishes);
    return this.#mfaSignIns.complete(caller, ticket, 'PASSKEY', async (tx, user, current) => {
      const used = assertion && (await this.#use(tx, caller, user, assertion, secondStepOf(current)));
      return used && 'passkey' in used ? { method: 'PASSKEY', id: used.passkey.id } : null;
    });
  }

  async #loginAlone(
    caller: Caller,
    assertion: Assertion | null,
    { rememberMe = false, deviceName: name, delivery = 'BEARER' }: Omit<PasskeyLogin, 'ticket' | 'response'>,
  ): Promise<Delivered> {
    const { em } = this.#deps;
    const deviceName = normaliseDisplayName(name);
    const fields = displayNameProblems(deviceName, 'input.deviceName');
    if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
    if (!assertion) return this.#refuse(caller, 'malformed');
    const { credentialId } = assertion;
    const passkey = await em.fork().findOne(Passkey, { credentialId }, { populate: ['user'] });
    // Whose it is has to be the authenticator's word, too (WebAuthn 7.2, step 6).
    if (!passkey || assertion.userId !== passkey.user.id) return this.#refuse(caller, 'unknown_passkey');
    const { user } = passkey;
    if (user.status === 'SUSPENDED') return this.#refuseSuspended(caller, passkey, assertion);
    const trustedDevice = await new SignInGate(this.#deps).trustedDeviceOf(caller, user.email);
    const signedIn = await this.#start(caller, user, assertion, { rememberMe, deviceName, trustedDevice });
    return 'refused' in signedIn ? this.#refuse(caller, signedIn.refused, passkey) : { ...signedIn, delivery };
  }

  async #start(
    caller: Caller,
    { id }: User,
    assertion: Assertion,
    wishes: SessionWishes,
  ): Promise<SignedIn | { refused: PasskeyRefusal }> {
    let refused: PasskeyRefusal = 'inactive';
    const signedIn = await this.#starts.start(caller, id, async (tx, user) => {
      const used = await this.#use(tx, caller, user, assertion, alone);
      if ('refused' in used) refused = used.refused;
      return 'passkey' in used ? { ...wishes, methods: [], factor: { method: 'PASSKEY', id: used.passkey.id } } : null;
    });
    return signedIn ?? { refused };
  }

  /**
   * Under the user's lock. What it finds out stays: a challenge is spent with the answer to it, a copied key is told of.
   * @returns the user's passkey that has signed for this occasion
   */
  async #use(
    tx: EntityManager,
    caller: Caller,
    user: User,
    assertion: Assertion,
    occasion: Occasion,
  ): Promise<{ passkey: Passkey } | { refused: PasskeyRefusal }> {
    const { credentialId, userId, challenge } = assertion;
    const passkey = await tx.findOne(Passkey, { user: user.id, credentialId });
    if (!passkey || (userId !== null && userId !== user.id)) return { refused: 'unknown_passkey' };
    const { id, publicKey } = passkey;
    // Alone it stands for two factors: the key, and what unlocks it (NIST SP 800-63B 2.2).
    const userVerification = occasion.purpose === 'SIGN_IN' ? 'required' : 'discouraged';
    const use = await verifyAssertion(relyingPartyOf(this.#deps), assertion, { publicKey, userVerification });
    if (!use) return { refused: 'not_verified' };
    if (!(await redeemChallenge(this.#deps, tx, challenge, occasion))) return { refused: 'unknown_challenge' };
    const now = this.#deps.clock.now();
    if (!(await usePasskey(tx, { id, ...use, now }))) {
      await this.#tellClone(tx, caller, user, passkey, use.counter);
      return { refused: 'clone_suspected' };
    }
    const waits = occasion.purpose === 'SIGN_IN' && passkey.aloneFrom != null && passkey.aloneFrom > now;
    return waits ? { refused: 'unconfirmed' } : { passkey };
  }

  /** Two authenticators sign with one key, and they do not know of each other's counters. */
  async #tellClone(
    tx: EntityManager,
    { client }: Caller,
    user: User,
    { id: passkeyId, name, counter }: Passkey,
    presentedCounter: number,
  ): Promise<void> {
    const { clock, outbox } = this.#deps;
    const now = clock.now();
    recordAudit(tx, client, now, {
      action: 'passkey.clone_suspected',
      outcome: 'DENIED',
      target: { type: 'user', id: user.id },
      details: { passkeyId, counter, presentedCounter },
    });
    const variables = { name, detectedAt: now.toISOString(), ipAddress: client.ipAddress };
    await outbox.enqueue(tx, { kind: 'passkey_clone_suspected', to: user.email, locale: user.locale, variables }, now);
  }

  /** The state of an account is told to those only who can prove that it is theirs. */
  async #refuseSuspended(caller: Caller, passkey: Passkey, assertion: Assertion): Promise<never> {
    const judge = (tx: EntityManager) => this.#use(tx, caller, passkey.user, assertion, alone);
    const used = await this.#deps.em.fork().transactional(judge);
    return this.#refuse(caller, 'refused' in used ? used.refused : 'suspended', passkey);
  }

  async #refuse(caller: Caller, reason: PasskeyRefusal, passkey?: Passkey): Promise<never> {
    const { em, clock, metrics } = this.#deps;
    metrics.signIn(reason);
    await em.fork().transactional(async (tx) => {
      recordAudit(tx, caller.client, clock.now(), {
        action: 'passkey.refused',
        outcome: 'FAILURE',
        ...(passkey && { target: { type: 'user', id: passkey.user.id } }),
        details: { during: 'sign_in', reason },
      });
    });
    if (reason === 'unconfirmed' && passkey?.aloneFrom) throw onProbation(passkey.aloneFrom, clock.now());
    throw new Refusal(reason === 'suspended' ? 'ACCOUNT_SUSPENDED' : 'INVALID_CREDENTIALS', { detail: reason });
  }
}

function secondStepOf({ id }: { id: string }): Occasion {
  return { purpose: 'SECOND_STEP', boundTo: id };
}
