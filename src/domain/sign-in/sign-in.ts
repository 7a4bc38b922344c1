/** The sign-in funnel: one list of steps for all ways of signing in. README.md explains the order. */
import { isDeepStrictEqual } from 'node:util';
import type { UserStatus } from '../../persistence/accounts/user.ts';
import type { Delivery } from '../../persistence/sign-in/mfa-ticket.ts';
import { type Attempt, withAttempt } from '../attempts/attempt.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { useIdentity } from '../identities/links.ts';
import { type LockedUser, lockUser } from '../locked-user.ts';
import { type AuthSession, issueTokens } from '../sessions/auth-session.ts';
import { isStillProven } from '../sessions/factor-proof.ts';
import { findSigningIn } from '../sessions/new-device.ts';
import { type StartedSession, startSession, startSessionAtOnce } from '../sessions/start.ts';
import { type Transaction, transact } from '../transaction.ts';
import type { SignInDeps } from './deps.ts';
import { type Judge, judgeOf } from './judgement.ts';
import type { Claim, CommonReason, Proof, Rejected, SignInProof } from './proof.ts';
import { issueTicket, type MfaChallenge, needsSecondStep } from './second-step.ts';

/** A session, the token by which its device is known at the next sign-in, and how the tokens travel. */
export type SignedIn = AuthSession & { deviceToken: string; delivery: Delivery };

/** One round of the list: from the proof to the session. */
interface Round<Reason, Claimed extends Claim> extends Judge {
  unit: SignInDeps;
  caller: Caller;
  proof: Proof<Reason, Claimed>;
  claim: Claimed;
  attempt: Attempt;
}

type Outcome<Reason> = StartedSession | MfaChallenge | Rejected<Reason | CommonReason>;

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
      const run = { unit, caller, proof, claim, attempt, ...judgeOf(unit, caller, claim, attempt) };
      const result = (await startAtOnce(run)) ?? (await spendAndStart(run));
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
 * The frequent case: an active user whose claim holds, without a second step. One read and one write.
 * @returns null in every other case, and when the user changed between the two
 */
async function startAtOnce<Reason, Claimed extends Claim>(run: Round<Reason, Claimed>): Promise<StartedSession | null> {
  const { unit, caller, proof, claim, attempt, judge } = run;
  if (!proof.holds) return null;
  const user = await findSigningIn(unit.em, caller, signingIn(claim), unit.clock.now());
  const proven = user?.status === 'ACTIVE' && !user.hasSecondFactor ? proof.holds(user, claim) : null;
  if (!user || !proven) return null;
  const judgement = await judge(user, proven);
  if (!judgement || judgement.secondStep) return null;
  return attempt.succeedWith((settlements) =>
    startSessionAtOnce(unit, caller, user, { ...claim.options, ...proven, ...judgement }, settlements),
  );
}

/**
 * Spends the proof under the lock of the user, and starts the session in the same transaction. Where judging waits for
 * another server, the first transaction ends before it, and another one starts the session if the user is unchanged.
 * @returns null when the user changed since the proof
 */
async function spendAndStart<Reason, Claimed extends Claim>(
  run: Round<Reason, Claimed>,
): Promise<Outcome<Reason> | null> {
  const { unit, caller, proof, claim, attempt, judge, waits } = run;
  const spent = await transact<Outcome<Reason> | Spent | null>(unit, caller, async (transaction) => {
    const user = await lockUser(transaction.tx, claim.userId);
    if (!user || !canProve(user.status)) return null;
    const proven = await proof.spend(transaction, user, claim, attempt);
    if (!proven || proven instanceof Refusal || 'rejected' in proven) return proven;
    if (user.status === 'SUSPENDED') return { rejected: 'suspended' };
    return waits ? { proven, standing: standingOf(user) } : challengeOrStart(run, transaction, user, proven);
  });
  if (!spent || !('standing' in spent)) return spent;
  const { proven, standing } = spent;
  const seen = await findSigningIn(unit.em, caller, signingIn(claim), unit.clock.now());
  if (!seen) return null;
  if (!(await judge(seen, proven))) return null;
  return transact<Outcome<Reason> | null>(unit, caller, async (transaction) => {
    const user = await lockUser(transaction.tx, claim.userId);
    const isUnchanged = user && isDeepStrictEqual(standingOf(user), standing);
    if (!isUnchanged || !(await isStillProven(transaction.tx, proven.factor))) return null;
    return challengeOrStart(run, transaction, user, proven);
  });
}

/** A proof that is spent, and the state of its user then. */
interface Spent {
  proven: SignInProof;
  standing: ReturnType<typeof standingOf>;
}

/** What a proof depends on. A parallel sign-in changes none of it. */
function standingOf({ status, email, passwordHash, mfaEnabledAt }: LockedUser) {
  return { status, email, passwordHash: passwordHash ?? null, mfaEnabledAt: mfaEnabledAt ?? null };
}

async function challengeOrStart<Reason, Claimed extends Claim>(
  { unit, caller, claim, judge }: Round<Reason, Claimed>,
  transaction: Transaction,
  locked: LockedUser,
  proven: SignInProof,
): Promise<StartedSession | MfaChallenge | Refusal | null> {
  const user = await findSigningIn(transaction.tx, caller, signingIn(claim), transaction.now);
  if (!user) throw new Error('the locked user does not exist');
  const judgement = await judge(user, proven);
  if (!judgement) return null;
  const isDue = judgement.secondStep || needsSecondStep(user, proven);
  // The answer to a ticket gets no further ticket: the account got a factor meanwhile.
  if (isDue)
    return claim.judged
      ? null
      : issueTicket(unit, transaction, caller, locked, { claim, proven, risk: judgement.risk });
  const { identity, ...start } = proven;
  const taken = identity ? await useIdentity(unit, transaction, caller, locked, identity) : null;
  if (taken) return taken;
  const provider = identity ? { provider: identity.provider } : {};
  return startSession(unit, transaction, caller, {
    locked,
    user,
    start: { ...claim.options, ...start, ...provider, ...judgement },
  });
}

function signingIn({ userId, options: { trustedDevice } }: Claim) {
  return { userId, trustedDevice };
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
