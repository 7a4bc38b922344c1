/** What differs between the ways of signing in. Each method is called by one step of sign-in.ts. */
import type { SignInUser } from '../../persistence/sessions/sign-in-user.ts';
import type { Delivery } from '../../persistence/sign-in/mfa-ticket.ts';
import type { Attempt, ReservedAttempt } from '../attempts/attempt.ts';
import type { Refusal } from '../errors.ts';
import type { UsedIdentity } from '../identities/sealed.ts';
import type { LockedUser } from '../locked-user.ts';
import type { Circumstances } from '../risk/circumstances.ts';
import type { SessionOptions, SessionProof } from '../sessions/start.ts';
import type { Transaction } from '../transaction.ts';

/** The user that a proof is about, and what the caller asked for. */
export interface Claim {
  userId: string;
  options: SessionOptions;
  delivery: Delivery;
  /** How the first step was judged, for the answer to its ticket: it is not judged again. */
  judged?: Pick<Circumstances, 'risk'>;
  /** Looks up the proven password in the list of breached ones; null: the list did not answer. Absent: there is nothing to look up. */
  lookUpPassword?: () => Promise<boolean | null>;
}

/** What a way of signing in proves. */
export interface SignInProof extends SessionProof {
  /** The identity of a provider that the sign-in uses, or links before the session starts. */
  identity?: UsedIdentity;
}

export interface Rejected<Reason> {
  rejected: Reason;
}

/** Reasons that every proof knows: the state of the account forbids the sign-in, or the user changed during it. */
export type CommonReason = 'suspended' | 'changed_meanwhile';

export interface Proof<Reason, Claimed extends Claim = Claim> {
  /** Reserves an attempt in the counters of this proof. @throws Refusal TOO_MANY_ATTEMPTS, RATE_LIMITED, SERVICE_BUSY */
  reserve(): Promise<ReservedAttempt>;
  /** Proves the user, outside any transaction. */
  prove(attempt: Attempt): Promise<Claimed | Rejected<Reason>>;
  /**
   * What the claim proves, where there is nothing to spend and the user as stored still matches it; null: `spend` decides.
   */
  holds?(user: SignInUser, claim: Claimed): SessionProof | null;
  /**
   * Spends what works once, in the transaction of the session.
   * @returns null when the user changed since `prove`; a refusal when it recorded the rejection itself
   */
  spend(
    transaction: Transaction,
    user: LockedUser,
    claim: Claimed,
    attempt: Attempt,
  ): Promise<SignInProof | Rejected<Reason> | Refusal | null>;
  /**
   * Records the rejection and settles the attempt.
   * @param claim null when `prove` rejected
   * @throws Refusal the refusal for the caller
   */
  reject(reason: Reason | CommonReason, attempt: Attempt, claim: Claimed | null): Promise<never>;
}
