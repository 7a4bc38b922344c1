/** The sign-in funnel: one list of steps for all ways of signing in. README.md explains the order. */
import type { UserStatus } from '../../persistence/accounts/user.ts';
import type { Delivery } from '../../persistence/sign-in/mfa-ticket.ts';
import { type Attempt, withAttempt } from '../attempts/attempt.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { useIdentity } from '../identities/links.ts';
import { lockUser } from '../locked-user.ts';
import { type AuthSession, issueTokens } from '../sessions/auth-session.ts';
import { findSigningIn } from '../sessions/new-device.ts';
import { type StartedSession, startSession, startSessionAtOnce } from '../sessions/start.ts';
import { transact } from '../transaction.ts';
import type { SignInDeps } from './deps.ts';
import type { Claim, CommonReason, Proof, Rejected } from './proof.ts';
import { issueTicket, type MfaChallenge, needsSecondStep } from './second-step.ts';

/** A session, the token by which its device is known at the next sign-in, and how the tokens travel. */
export type SignedIn = AuthSession & { deviceToken: string; delivery: Delivery };

/** A user can change while the proof is checked (a parallel sign-in renews the password hash): it is then checked again. */
const maxRounds = 3;

/** @throws Refusal the refusals of the proof, TOO_MANY_ATTEMPTS, RATE_LIMITED, SERVICE_BUSY, IDENTITY_TAKEN */
export async function signIn<Reason, Claimed extends Claim>(
  unit: SignInDeps,
  caller: Caller,
  proof: Proof<Reason, Claimed>,
): Promise<SignedIn | MfaChallenge> {
  const reserved = await proof.reserve();
  return withAttempt(unit.em, reserved, async (attempt) => {
    for (let round = 1; ; round += 1) {
      const claim = await proof.prove(attempt);
      if ('rejected' in claim) return proof.reject(claim.rejected, attempt, null);
      const result =
        (await startAtOnce(unit, caller, proof, claim, attempt)) ??
        (await challengeOrStart(unit, caller, proof, claim, attempt));
      const outcome = result && 'state' in result ? await openSession(unit, caller, claim, result) : result;
      if (outcome && 'rejected' in outcome) return proof.reject(outcome.rejected, attempt, claim);
      if (outcome) return settle(unit, attempt, outcome);
      if (round === maxRounds) return proof.reject('changed_meanwhile', attempt, claim);
    }
  });
}

/** For proofs of a second step, which never get a challenge. */
export async function signInToEnd<Reason, Claimed extends Claim>(
  unit: SignInDeps,
  caller: Caller,
  proof: Proof<Reason, Claimed>,
): Promise<SignedIn> {
  const outcome = await signIn(unit, caller, proof);
  if ('ticket' in outcome) throw new Error('a proven second step must not be asked for again');
  return outcome;
}

/**
 * The frequent case: an active user whose claim holds, without a second factor. One read and one write.
 * @returns null in every other case, and when the user changed between the two
 */
async function startAtOnce<Reason, Claimed extends Claim>(
  unit: SignInDeps,
  caller: Caller,
  proof: Proof<Reason, Claimed>,
  claim: Claimed,
  attempt: Attempt,
): Promise<StartedSession | null> {
  if (!proof.holds) return null;
  const { userId, options } = claim;
  const { trustedDevice } = options;
  const user = await findSigningIn(unit.em, caller, { userId, trustedDevice }, unit.clock.now());
  const proven = user?.status === 'ACTIVE' && !user.hasSecondFactor ? proof.holds(user, claim) : null;
  if (!user || !proven) return null;
  return attempt.succeedWith((settlements) =>
    startSessionAtOnce(unit, caller, user, { ...options, ...proven }, settlements),
  );
}

/** @returns null when the user changed since the proof */
async function challengeOrStart<Reason, Claimed extends Claim>(
  unit: SignInDeps,
  caller: Caller,
  proof: Proof<Reason, Claimed>,
  claim: Claimed,
  attempt: Attempt,
): Promise<StartedSession | MfaChallenge | Rejected<Reason | CommonReason> | null> {
  return transact<StartedSession | MfaChallenge | Rejected<Reason | CommonReason> | null>(
    unit,
    caller,
    async (transaction) => {
      const user = await lockUser(transaction.tx, claim.userId);
      if (!user || !canProve(user.status)) return null;
      const proven = await proof.spend(transaction, user, claim, attempt);
      if (!proven || proven instanceof Refusal || 'rejected' in proven) return proven;
      if (user.status === 'SUSPENDED') return { rejected: 'suspended' };
      if (needsSecondStep(user, proven)) return issueTicket(unit, transaction, user, claim, proven);
      const { identity, ...start } = proven;
      const taken = identity ? await useIdentity(unit, transaction, caller, user, identity) : null;
      if (taken) return taken;
      const provider = identity ? { provider: identity.provider } : {};
      return startSession(unit, transaction, caller, user, { ...claim.options, ...start, ...provider });
    },
  );
}

/** Suspended users learn the state of their account, but only with a valid proof. */
function canProve(status: UserStatus): boolean {
  return status === 'ACTIVE' || status === 'SUSPENDED';
}

async function openSession(
  unit: SignInDeps,
  caller: Caller,
  { userId, delivery }: Claim,
  { state, deviceId }: StartedSession,
): Promise<SignedIn> {
  unit.metrics.signIn('succeeded');
  const deviceToken = unit.deviceTokens.mint(userId, unit.clock.now(), deviceId);
  return { ...(await issueTokens(unit, caller, state, state.generation)), deviceToken, delivery };
}

async function settle<Outcome extends SignedIn | MfaChallenge>(
  { em, metrics }: SignInDeps,
  attempt: Attempt,
  outcome: Outcome,
): Promise<Outcome> {
  await attempt.succeed(em);
  if ('ticket' in outcome) metrics.signIn('challenged');
  return outcome;
}
