/** Signs in to the account of a link proposal with a proof of its own, and links the identity. */
import { useTicket } from '../../persistence/identities/flows.ts';
import { readAssertion } from '../../security/factors/assertion.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { assertMethodEnabled } from '../factors/sign-in-methods.ts';
import { findProposal, proposalHash, usedIdentity } from '../identities/redeem.ts';
import type { UsedIdentity } from '../identities/sealed.ts';
import type { SignInDeps } from './deps.ts';
import { passkeyProof } from './passkey-proof.ts';
import { leavingGate, passwordProof } from './password-proof.ts';
import type { Claim, Proof } from './proof.ts';
import type { MfaChallenge } from './second-step.ts';
import { type SignedIn, signIn } from './sign-in.ts';
import { checkedOptions, type SignInOptions } from './sign-in-options.ts';

export interface AcceptedLink extends SignInOptions {
  ticket: string;
  password?: string | null | undefined;
  /** `AuthenticationResponseJSON`, unchecked. */
  passkey?: unknown;
}

/**
 * A wrong proof leaves the ticket valid.
 * @throws Refusal FORBIDDEN, INVALID_TOKEN, IDENTITY_TAKEN, BAD_USER_INPUT without exactly one proof, and the refusals of `login`
 *   and `loginWithPasskey`
 */
export async function acceptLink(
  unit: SignInDeps,
  caller: Caller,
  { ticket, password, passkey, ...given }: AcceptedLink,
): Promise<SignedIn | MfaChallenge> {
  if ((password == null) === (passkey == null)) throw oneProofNeeded();
  await assertMethodEnabled(unit, caller, 'FEDERATED');
  await assertMethodEnabled(unit, caller, password == null ? 'PASSKEY' : 'PASSWORD');
  const options = checkedOptions(given);
  const proven = await findProposal(unit, 'link', ticket);
  const { email } = proven.profile;
  if (email === null) throw new Error('a proposal to link has an address');
  const link = { ticket, email, identity: usedIdentity(proven, 'proposal') };
  if (password == null) {
    const proof = passkeyProof(unit, caller, { assertion: readAssertion(passkey), ...options });
    return signIn(unit, caller, linking(proof, link));
  }
  const proof = passwordProof(unit, caller, { email, password, ...options });
  return unit.hasher.admit((leave) => signIn(unit, caller, linking(leavingGate(proof, leave), link)));
}

/** The same proof, which also uses the ticket. It proves the account of the address only. */
function linking<Reason, Claimed extends Claim>(
  { reserve, prove, spend, reject }: Proof<Reason, Claimed>,
  { ticket, email, identity }: { ticket: string; email: string; identity: UsedIdentity },
): Proof<Reason, Claimed> {
  return {
    reserve,
    prove,
    reject,
    async spend(transaction, user, claim, attempt) {
      const proven = await spend(transaction, user, claim, attempt);
      if (!proven || proven instanceof Refusal || 'rejected' in proven) return proven;
      if (user.email !== email) return new Refusal('INVALID_CREDENTIALS', { detail: 'another account' });
      const { tx, now } = transaction;
      const ticketHash = proposalHash('link', ticket);
      const isUsed = ticketHash !== null && (await useTicket(tx, { ticketHash, now }));
      return isUsed ? { ...proven, identity } : new Refusal('INVALID_TOKEN', { detail: 'used meanwhile' });
    },
  };
}

function oneProofNeeded(): Refusal {
  const message = 'Send the password or the passkey of the account.';
  return new Refusal('BAD_USER_INPUT', { fields: [{ path: 'input', code: 'REQUIRED', message }] });
}
