/** Assesses a proven sign-in, and takes the actions that stop it: refusal, captcha, second step. */
import type { SignInUser } from '../../persistence/sessions/sign-in-user.ts';
import { keyedHash } from '../../security/keys/keyed-hash.ts';
import { assertCaptcha } from '../attempts/captcha.ts';
import { noActor } from '../audit/record.ts';
import type { Caller, RiskAssessment } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { placeOf } from '../place.ts';
import { assess } from '../risk/assess.ts';
import { riskDetails } from '../risk/details.ts';
import { transact } from '../transaction.ts';
import type { SignInDeps } from './deps.ts';
import type { Claim, SignInProof } from './proof.ts';
import { needsSecondStep } from './second-step.ts';

export interface AssessedSignIn {
  caller: Caller;
  claim: Claim;
  user: SignInUser;
  proven: SignInProof;
  failsAtManyAccounts: boolean;
}

/** Only actions wait for another server, or write. The answer to a ticket is not assessed again. */
export function waitsForRisk({ settings }: SignInDeps, { judged }: Claim): boolean {
  return settings.risk.mode === 'act' && !judged;
}

/** @returns null with RISK=off */
export function assessSignIn(unit: SignInDeps, signIn: AssessedSignIn): Promise<RiskAssessment | null> {
  const { caller, claim, user, proven, failsAtManyAccounts } = signIn;
  const isTrustedDevice = claim.options.trustedDevice !== null;
  // With a captcha, the client repeats the call: not where its first call has used up a ticket or a challenge.
  const isRepeatable = proven.identity === undefined && proven.methods.every((method) => method === 'PASSWORD');
  const possible = {
    captcha: unit.settings.captcha !== null && isRepeatable && !isTrustedDevice,
    secondStep: needsSecondStep(user, proven, { isDemanded: true }),
  };
  const { lookUpPassword } = claim;
  const look = lookUpPassword && { lookUpPassword };
  return assess(unit, caller, { user, isTrustedDevice, failsAtManyAccounts, possible, ...look });
}

/**
 * Does nothing while RISK is not `act`.
 * @returns whether a second step is demanded
 * @throws Refusal FORBIDDEN, CAPTCHA_REQUIRED, SERVICE_BUSY
 */
export async function actOnRisk(
  unit: SignInDeps,
  signIn: AssessedSignIn,
  risk: RiskAssessment | null,
): Promise<boolean> {
  if (unit.settings.risk.mode !== 'act' || risk === null) return false;
  if (risk.action === 'REFUSE') {
    await recordRefusal(unit, signIn, risk, 'risk');
    throw new Refusal('FORBIDDEN', { reason: 'LOCATION_NOT_ALLOWED' });
  }
  if (risk.action === 'CAPTCHA') await demandCaptcha(unit, signIn, risk);
  return risk.action === 'SECOND_STEP';
}

async function demandCaptcha(unit: SignInDeps, signIn: AssessedSignIn, risk: RiskAssessment): Promise<void> {
  try {
    await assertCaptcha(unit, signIn.caller, 'LOGIN');
  } catch (error) {
    if (error instanceof Refusal && error.code === 'CAPTCHA_REQUIRED')
      await recordRefusal(unit, signIn, risk, 'captcha');
    throw error;
  }
}

async function recordRefusal(
  unit: SignInDeps,
  { caller, user }: AssessedSignIn,
  risk: RiskAssessment,
  reason: 'risk' | 'captcha',
): Promise<void> {
  unit.metrics.signIn(reason);
  const place = placeOf(unit.locate, caller.client);
  const addressHash = keyedHash(unit.keyRing, user.email).toString('base64url');
  await transact<void>(unit, caller, async ({ audit }) => {
    const details = { addressHash, reason, ...riskDetails(risk, place) };
    audit({ action: 'login.refused', outcome: 'DENIED', ...noActor, details });
  });
}
