/**
 * Judges a proven sign-in of an active account before its session starts (README.md, steps 8 and 10). The judgement goes
 * into the ticket or the session, and into their audit entries.
 */
import type { SignInUser } from '../../persistence/sessions/sign-in-user.ts';
import type { Attempt } from '../attempts/attempt.ts';
import type { Caller } from '../caller.ts';
import { placeOf } from '../place.ts';
import type { Circumstances, Location } from '../risk/circumstances.ts';
import { noLimits, type SessionLimits } from '../sessions/start.ts';
import type { SignInDeps } from './deps.ts';
import type { Claim, SignInProof } from './proof.ts';
import { needsSecondStep } from './second-step.ts';
import { askBeforeSession, demandsSecondStep, waitsForHooks } from './sign-in-hooks.ts';
import { type AssessedSignIn, actOnRisk, assessSignIn, waitsForRisk } from './sign-in-risk.ts';

/** Without settings, everything but `secondStep` and `risk` is null. */
export interface Judgement extends Circumstances, SessionLimits {
  /** Whether a second step is due: the account has a factor that is unproven, or a rule or hook demands the step. */
  secondStep: boolean;
}

export interface Judge {
  /** Whether `judge` may wait for another server: then it runs outside any transaction. */
  readonly waits: boolean;
  /**
   * Judges once: later calls return the first judgement.
   * @returns null when the user has another address or role than the one that was judged
   * @throws Refusal FORBIDDEN, CAPTCHA_REQUIRED, REFUSED_BY_POLICY, SERVICE_UNAVAILABLE
   */
  judge(user: SignInUser, proven: SignInProof): Promise<Judgement | null>;
}

/** One for each proof. */
export function judgeOf(
  unit: SignInDeps,
  caller: Caller,
  claim: Claim,
  { failsAtManyAccounts = false }: Pick<Attempt, 'failsAtManyAccounts'>,
): Judge {
  let first: { user: SignInUser; judgement: Promise<Judgement> } | null = null;
  return {
    waits: waitsForHooks(unit, claim) || waitsForRisk(unit, claim),
    async judge(user, proven) {
      first ??= { user, judgement: judge(unit, { caller, claim, user, proven, failsAtManyAccounts }) };
      const judgement = await first.judgement;
      return first.user.email === user.email && first.user.role === user.role ? judgement : null;
    },
  };
}

async function judge(unit: SignInDeps, signIn: AssessedSignIn): Promise<Judgement> {
  const { claim, user, proven } = signIn;
  const risk = claim.judged ? claim.judged.risk : await assessSignIn(unit, signIn);
  const isRisky = !claim.judged && (await actOnRisk(unit, signIn, risk));
  const circumstances = { risk, location: locationOf(unit, signIn.caller) };
  const hooked = { ...signIn, circumstances };
  const isHooked = !claim.judged && (await demandsSecondStep(unit, hooked));
  const isDemanded = isRisky || isHooked;
  const secondStep = !claim.judged && needsSecondStep(user, proven, { isDemanded });
  const limits = secondStep ? noLimits : await askBeforeSession(unit, hooked);
  return { ...circumstances, ...limits, secondStep };
}

function locationOf({ locate }: SignInDeps, { client }: Caller): Location | null {
  const place = placeOf(locate, client);
  return place?.country ? { country: place.country, city: place.city } : null;
}
