/** Asks a hook that decides, and applies its answer: a refusal is recorded, and a failure follows the hook's policy. */
import type { AuditEvent } from '../audit/actions.ts';
import { noActor } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { Refusal, spreadSeconds } from '../errors.ts';
import { type Transaction, transact, type Unit } from '../transaction.ts';
import type { Hooks } from './hooks.ts';
import type { HookAnswers, HookInputs, HookPoint } from './points.ts';

export interface HookDeps extends Unit {
  hooks: Hooks;
}

/**
 * Call it outside transactions: a hook may take as long as its deadline.
 * @param about the target of the entry about a refusal, and what else is recorded with it
 * @returns null where there is no hook, and after a failure that does not matter
 * @throws Refusal REFUSED_BY_POLICY, SERVICE_UNAVAILABLE
 */
export async function decide<Point extends HookPoint>(
  deps: HookDeps,
  caller: Caller,
  point: Point,
  data: HookInputs[Point],
  about: { target?: AuditEvent['target']; dryRun?: boolean; onRefusal?(audit: Transaction['audit']): void } = {},
): Promise<HookAnswers[Point] | null> {
  const result = await deps.hooks.call(point, data, about);
  if (result === null) return null;
  if ('problem' in result) return continueOrRefuse(deps, caller, point, result.problem);
  const { allowed, reason, message } = result;
  if (allowed !== null) return allowed;
  return transact<never>(deps, caller, async ({ audit }) => {
    audit(policyRefused(point, reason, about.target));
    about.onRefusal?.(audit);
    return new Refusal('REFUSED_BY_POLICY', { policy: { reason, message } });
  });
}

/** What the policy of the hook says about its failure. @throws Refusal SERVICE_UNAVAILABLE */
export async function continueOrRefuse(
  deps: HookDeps,
  caller: Caller,
  point: HookPoint,
  problem: string,
): Promise<null> {
  await recordFailure(deps, caller, point, problem);
  if (deps.hooks.continuesAfterFailure(point)) return null;
  throw new Refusal('SERVICE_UNAVAILABLE', { retryAfterSeconds: spreadSeconds(), detail: `hook ${point}` });
}

/** Only an inviter acts as a signed-in caller: other points are about users who are not signed in yet. */
export function policyRefused(point: HookPoint, reason: string | null, target?: AuditEvent['target']): AuditEvent {
  const actor = point === 'beforeInvite' ? {} : noActor;
  return {
    action: 'policy.refused',
    outcome: 'DENIED',
    ...actor,
    ...(target && { target }),
    details: { point, reason },
  };
}

/** At most one entry a minute: a hook that is down fails at each call. */
export async function recordFailure(deps: HookDeps, caller: Caller, point: HookPoint, problem: string): Promise<void> {
  if (!deps.hooks.isFailureDue(point)) return;
  await transact<void>(deps, caller, async ({ audit }) =>
    audit({ action: 'hook.failed', outcome: 'FAILURE', ...noActor, details: { point, problem } }),
  );
}
