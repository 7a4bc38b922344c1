/** Signs in with a passkey, in place of a password or as the answer to the ticket of `login`. */
import { Passkey } from '../../persistence/factors/passkey.ts';
import type { Delivery } from '../../persistence/sign-in/mfa-ticket.ts';
import { type Assertion, assertionOptions, readAssertion } from '../../security/factors/assertion.ts';
import { type Caller, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { issueChallenge, type Occasion } from '../factors/passkey-challenges.ts';
import type { PasskeyCeremony } from '../factors/passkey-registration.ts';
import { relyingPartyOf } from '../factors/relying-party.ts';
import { assertMethodEnabled } from '../factors/sign-in-methods.ts';
import { displayNameProblems, normaliseDisplayName } from '../text/display-name.ts';
import type { SignInDeps } from './deps.ts';
import { reauthenticationOf } from './own-passkey.ts';
import { passkeyProof } from './passkey-proof.ts';
import { findTicket } from './second-step.ts';
import { type SignedIn, signInToEnd } from './sign-in.ts';
import { ticketProof } from './ticket-proof.ts';
import { alone, secondStepOf, usePasskey } from './use-passkey.ts';

export interface PasskeyLogin {
  /** Of `login`; null: the passkey replaces the password. */
  ticket?: string | null | undefined;
  /** `AuthenticationResponseJSON`, unchecked. */
  response: unknown;
  /** With a ticket, the options that `login` was called with apply instead of these. */
  rememberMe?: boolean | undefined;
  deviceName?: string | null | undefined;
  delivery?: Delivery | undefined;
}

export interface PasskeyPurpose {
  /** Of `login`: the passkey is the second step. */
  ticket: string | null;
  /** The passkey authenticates the session of the caller again. */
  reauthenticate: boolean;
}

/**
 * Without a ticket and a session the answer is the same for all callers: it tells nothing about any account.
 * @throws Refusal FORBIDDEN, INVALID_MFA_TICKET, UNAUTHENTICATED, BAD_USER_INPUT, MFA_NOT_ENABLED when the account has no passkey
 */
export async function beginPasskeyLogin(
  unit: SignInDeps,
  caller: Caller,
  purpose: PasskeyPurpose,
): Promise<PasskeyCeremony> {
  const em = unit.em.fork();
  const { occasion, userId } = await occasionOf(unit, caller, purpose);
  const known = userId === null ? null : await em.find(Passkey, { user: userId });
  if (known?.length === 0) throw new Refusal('MFA_NOT_ENABLED');
  const { challenge, expiresAt } = await issueChallenge(em, unit.clock.now(), occasion);
  // After a password, possession is enough; alone, the passkey has to be two factors.
  const userVerification = purpose.ticket === null ? 'required' : 'discouraged';
  const options = await assertionOptions(relyingPartyOf(unit), { challenge, known, userVerification });
  return { options, expiresAt };
}

/** `userId`: the user whose passkeys are accepted; null: the user chooses among all of this site. */
async function occasionOf(
  unit: SignInDeps,
  caller: Caller,
  { ticket, reauthenticate }: PasskeyPurpose,
): Promise<{ occasion: Occasion; userId: string | null }> {
  if (ticket !== null && reauthenticate) {
    const message = 'Send either a ticket or `reauthenticate: true`.';
    throw new Refusal('BAD_USER_INPUT', { fields: [{ path: 'input.reauthenticate', code: 'TOO_MANY', message }] });
  }
  if (reauthenticate) return { occasion: reauthenticationOf(caller), userId: viewerOf(caller).id };
  if (ticket === null) {
    await assertMethodEnabled(unit, caller, 'PASSKEY');
    return { occasion: alone, userId: null };
  }
  const found = await findTicket(unit, caller, ticket);
  return { occasion: secondStepOf(found), userId: found.user.id };
}

/**
 * @throws Refusal FORBIDDEN, INVALID_CREDENTIALS, ACCOUNT_SUSPENDED, BAD_USER_INPUT; with a ticket INVALID_MFA_TICKET,
 *   INVALID_MFA_CODE, TOO_MANY_ATTEMPTS, SERVICE_BUSY
 */
export async function loginWithPasskey(unit: SignInDeps, caller: Caller, request: PasskeyLogin): Promise<SignedIn> {
  const { ticket, response, rememberMe = false, delivery = 'BEARER' } = request;
  const assertion = readAssertion(response);
  if (ticket != null) return answerTicket(unit, caller, ticket, assertion);
  await assertMethodEnabled(unit, caller, 'PASSKEY');
  const deviceName = normaliseDisplayName(request.deviceName);
  const fields = displayNameProblems(deviceName, 'input.deviceName');
  if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  const options = { rememberMe, deviceName, delivery };
  return signInToEnd(unit, caller, passkeyProof(unit, caller, { assertion, ...options }));
}

async function answerTicket(
  unit: SignInDeps,
  caller: Caller,
  ticket: string,
  assertion: Assertion | null,
): Promise<SignedIn> {
  const found = await findTicket(unit, caller, ticket);
  const proof = ticketProof(unit, caller, found, 'PASSKEY', async (transaction, user) => {
    const used = assertion && (await usePasskey(unit, transaction, caller, user, assertion, secondStepOf(found)));
    const factor = used && 'passkey' in used ? { method: 'PASSKEY' as const, id: used.passkey.id } : null;
    return factor && { methods: [], factor };
  });
  return signInToEnd(unit, caller, proof);
}
