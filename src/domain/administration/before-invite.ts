/** Asks the hook `beforeInvite` before an administrator or a program creates a user. */
import { type Caller, viewerOf } from '../caller.ts';
import { decide, type HookDeps } from '../hooks/decide.ts';
import type { HookInputs } from '../hooks/points.ts';

/** Call it outside transactions. @throws Refusal REFUSED_BY_POLICY, SERVICE_UNAVAILABLE */
export async function askBeforeInvite(
  unit: HookDeps,
  caller: Caller,
  invited: Omit<HookInputs['beforeInvite'], 'inviter'>,
  options: { dryRun?: boolean } = {},
): Promise<void> {
  await decide(unit, caller, 'beforeInvite', { inviter: inviterOf(caller), ...invited }, options);
}

function inviterOf(caller: Caller): HookInputs['beforeInvite']['inviter'] {
  const { machine } = caller;
  return machine ? { id: machine.ownerId, kind: 'service_account' } : { id: viewerOf(caller).id, kind: 'user' };
}
