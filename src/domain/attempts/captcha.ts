/** Demands a captcha: verifies the token of the request and spends it. captcha-due.ts decides when one is due. */
import { type CaptchaService, CaptchaUnavailable } from '../../outbound/captcha/captcha-service.ts';
import { spendToken } from '../../persistence/access/spent-tokens.ts';
import { expiryOf, type ProofOfWork, type Solution } from '../../security/proof-of-work.ts';
import { spentTokenHash } from '../../security/tokens/spent-token.ts';
import { noActor } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { type CaptchaReason, Refusal } from '../errors.ts';
import { transact, type Unit } from '../transaction.ts';

/** What a captcha is solved for. A token is accepted for one of them. */
export type CaptchaAction = 'REGISTER' | 'LOGIN' | 'PASSWORD_RESET' | 'CODE_LOGIN';

/** ALTCHA is proof of work, which the gateway itself verifies. */
export type CaptchaProvider = 'ALTCHA' | 'TURNSTILE' | 'HCAPTCHA' | 'RECAPTCHA';

export interface CaptchaSettings {
  provider: CaptchaProvider;
  /** Null: the provider has none. */
  siteKey: string | null;
  /** The number of failures after which an action needs a captcha. Absent: it needs none. */
  dueAfter: Readonly<Partial<Record<CaptchaAction, number>>>;
  /** While the hosted service is away: proof of work takes its place, or no captcha is asked. */
  outage: 'altcha' | 'allow';
}

export interface CaptchaVerifiers {
  proofOfWork: ProofOfWork;
  /** Null: the provider is ALTCHA. */
  service: CaptchaService | null;
}

export interface CaptchaDeps extends Unit {
  settings: { captcha: CaptchaSettings | null };
  captchaVerifiers: CaptchaVerifiers;
  metrics: { captcha(outcome: string): void };
}

/** UTF-16 units of the header. */
export const maxCaptchaTokenUnits = 4096;

/** At least the lifetime of the tokens of the hosted services: two to five minutes. */
const hostedTokenSeconds = 600;

/**
 * Does nothing without CAPTCHA.
 * @throws Refusal CAPTCHA_REQUIRED, SERVICE_BUSY
 */
export async function assertCaptcha(deps: CaptchaDeps, caller: Caller, action: CaptchaAction): Promise<void> {
  const { captcha } = deps.settings;
  if (captcha === null || caller.client.captchaPassed) return;
  const verdict = await verify(deps, caller, captcha, action);
  deps.metrics.captcha(verdict.toLowerCase());
  if (verdict === 'PASSED') {
    caller.client.captchaPassed = true;
    return;
  }
  await transact<never>(deps, caller, async ({ audit }) => {
    const details = { action, provider: captcha.provider, reason: verdict };
    audit({ action: 'captcha.refused', outcome: 'DENIED', ...noActor, details });
    return new Refusal('CAPTCHA_REQUIRED', { reason: verdict });
  });
}

/** Whether the hosted service verifies no tokens at the moment. */
export async function isServiceAway(
  deps: CaptchaDeps,
  caller: Caller,
  { provider }: CaptchaSettings,
): Promise<boolean> {
  const problem = (await deps.captchaVerifiers.service?.problem()) ?? null;
  if (problem !== null) await recordOutage(deps, caller, provider, problem);
  return problem !== null;
}

async function verify(
  deps: CaptchaDeps,
  caller: Caller,
  captcha: CaptchaSettings,
  action: CaptchaAction,
): Promise<'PASSED' | CaptchaReason> {
  const { proofOfWork, service } = deps.captchaVerifiers;
  const { captchaToken: token } = caller.client;
  const isOpenInOutage = captcha.outage === 'allow';
  if (token === null) {
    // Without its service, a client has no token.
    return isOpenInOutage && (await isServiceAway(deps, caller, captcha)) ? 'PASSED' : 'MISSING';
  }
  if (token.length > maxCaptchaTokenUnits) return 'INVALID';
  // A challenge of this deployment is genuine even when another instance saw the outage for which it was made.
  const solution = proofOfWork.open(token, action);
  if (solution) return verifySolution(deps, solution);
  if (service === null) return 'INVALID';
  if (!(await spend(deps, captcha.provider, token, secondsAfter(deps.clock.now(), hostedTokenSeconds))))
    return 'INVALID';
  try {
    return await service.verify(token, action);
  } catch (error) {
    if (!(error instanceof CaptchaUnavailable)) throw error;
    await recordOutage(deps, caller, captcha.provider, error.message);
    return isOpenInOutage ? 'PASSED' : 'MISSING';
  }
}

/** The challenge is spent before the derivation: parallel requests with one solution cost one derivation. */
async function verifySolution(deps: CaptchaDeps, solution: Solution): Promise<'PASSED' | CaptchaReason> {
  const expiresAt = expiryOf(solution);
  if (expiresAt <= deps.clock.now()) return 'EXPIRED';
  // By the nonce: the same solution can be written in many ways, and a challenge has many solutions.
  const spendChallenge = () => spend(deps, 'ALTCHA', solution.parameters.nonce, expiresAt);
  const isSolved = await deps.captchaVerifiers.proofOfWork.isSolved(solution, spendChallenge);
  return isSolved ? 'PASSED' : 'INVALID';
}

function spend({ em }: CaptchaDeps, provider: CaptchaProvider, id: string, expiresAt: Date): Promise<boolean> {
  return spendToken(em, spentTokenHash('captcha', provider, id), expiresAt);
}

async function recordOutage(
  deps: CaptchaDeps,
  caller: Caller,
  provider: CaptchaProvider,
  problem: string,
): Promise<void> {
  if (!deps.captchaVerifiers.service?.takeReport()) return;
  await transact<void>(deps, caller, async ({ audit }) => {
    audit({ action: 'captcha.provider_unavailable', outcome: 'FAILURE', ...noActor, details: { provider, problem } });
  });
}
