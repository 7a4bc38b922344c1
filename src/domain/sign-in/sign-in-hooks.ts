/** Asks the operator's hooks about a sign-in. They can refuse it, demand a second step and narrow the session; never more. */
import type { SignInUser } from '../../persistence/sessions/sign-in-user.ts';
import { keyedHash } from '../../security/keys/keyed-hash.ts';
import { noActor } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { decide, policyRefused } from '../hooks/decide.ts';
import type { HookAnswers, HookClient, HookInputs } from '../hooks/points.ts';
import { newId } from '../ids.ts';
import type { Circumstances } from '../risk/circumstances.ts';
import { methodsOf } from '../sessions/factor-proof.ts';
import { noLimits, type SessionLimits } from '../sessions/start.ts';
import { type Transaction, transact } from '../transaction.ts';
import type { SignInDeps } from './deps.ts';
import type { Claim, SignInProof } from './proof.ts';

export interface HookedSignIn {
  caller: Caller;
  claim: Claim;
  user: SignInUser;
  proven: SignInProof;
  circumstances: Circumstances;
}

export function waitsForHooks({ hooks }: SignInDeps, { judged }: Claim): boolean {
  return hooks.has('beforeSession', 'customizeClaims') || (!judged && hooks.has('beforeSignIn'));
}

/** @throws Refusal REFUSED_BY_POLICY, SERVICE_UNAVAILABLE */
export async function demandsSecondStep(unit: SignInDeps, signIn: HookedSignIn): Promise<boolean> {
  if (!unit.hooks.has('beforeSignIn')) return false;
  const { user, proven, circumstances } = signIn;
  const { methods } = provenBy(proven);
  const answer = await ask(unit, signIn, 'beforeSignIn', {
    user: { ...hookUser(user), hasSecondFactor: user.hasSecondFactor },
    method: methods[0] ?? 'PASSWORD',
    provider: proven.identity?.provider ?? null,
    client: hookClient(signIn),
    risk: circumstances.risk,
  });
  const isDemanded = answer?.requireSecondStep ?? false;
  if (isDemanded && !user.hasSecondFactor && proven.factor === null && methods.includes('EMAIL_CODE'))
    return refuseWithoutStep(unit, signIn);
  return isDemanded;
}

/** Two codes from one mailbox are one factor. @throws Refusal REFUSED_BY_POLICY */
function refuseWithoutStep(unit: SignInDeps, { caller, user }: HookedSignIn): Promise<never> {
  const reason = 'SECOND_STEP_UNAVAILABLE';
  return transact<never>(unit, caller, async ({ audit }) => {
    audit(policyRefused('beforeSignIn', reason, { type: 'user', id: user.id }));
    recordRefusal(unit, user, audit);
    return new Refusal('REFUSED_BY_POLICY', { policy: { reason, message: null } });
  });
}

function recordRefusal(unit: SignInDeps, { email }: SignInUser, audit: Transaction['audit']): void {
  unit.metrics.signIn('hook');
  const addressHash = keyedHash(unit.keyRing, email).toString('base64url');
  audit({ action: 'login.refused', outcome: 'DENIED', ...noActor, details: { addressHash, reason: 'hook' } });
}

/** @throws Refusal REFUSED_BY_POLICY, SERVICE_UNAVAILABLE */
export async function askBeforeSession(unit: SignInDeps, signIn: HookedSignIn): Promise<SessionLimits> {
  const limits = await askAboutSession(unit, signIn);
  if (!unit.hooks.has('customizeClaims')) return limits;
  const sessionId = newId(unit.clock.now());
  const session = { id: sessionId, ...provenBy(signIn.proven) };
  const answer = await ask(unit, signIn, 'customizeClaims', { user: hookUser(signIn.user), session });
  return { ...limits, sessionId, claimsExt: answer?.ext ?? null };
}

async function askAboutSession(unit: SignInDeps, signIn: HookedSignIn): Promise<SessionLimits> {
  if (!unit.hooks.has('beforeSession')) return noLimits;
  const { user, proven, circumstances } = signIn;
  const answer = await ask(unit, signIn, 'beforeSession', {
    user: hookUser(user),
    ...provenBy(proven),
    client: hookClient(signIn),
    risk: circumstances.risk,
  });
  return { ...noLimits, permissionsLimit: answer?.permissions ?? null, sessionSeconds: answer?.sessionTtl ?? null };
}

function ask<Point extends 'beforeSignIn' | 'beforeSession' | 'customizeClaims'>(
  unit: SignInDeps,
  { caller, user }: HookedSignIn,
  point: Point,
  data: HookInputs[Point],
): Promise<HookAnswers[Point] | null> {
  return decide(unit, caller, point, data, {
    target: { type: 'user', id: user.id },
    onRefusal: (audit) => recordRefusal(unit, user, audit),
  });
}

function provenBy({ methods, factor }: SignInProof) {
  return { methods: methodsOf(methods, factor), assurance: factor ? ('AAL2' as const) : ('AAL1' as const) };
}

function hookUser({ id, email, role }: SignInUser) {
  return { id, email, role };
}

function hookClient({ caller: { client }, claim, circumstances }: HookedSignIn): HookClient {
  const { deviceName, trustedDevice } = claim.options;
  const { ipAddress, userAgent } = client;
  return {
    ipAddress,
    userAgent,
    deviceName,
    isTrustedDevice: trustedDevice !== null,
    location: circumstances.location,
  };
}
