/** Forgets the habits of a user, for example after a relocation. The account is then learned again. */
import { AccountHabits } from '../../persistence/risk/account-habits.ts';
import type { Caller } from '../caller.ts';
import type { Unit } from '../transaction.ts';
import { changeUser, type Instruction, undeleted } from './user-change.ts';
import type { ManagedUser } from './users.ts';

/** @throws Refusal NOT_FOUND, FORBIDDEN, CONFLICT, BAD_USER_INPUT */
export function resetRiskHistory(unit: Unit, caller: Caller, instruction: Instruction): Promise<ManagedUser> {
  const demands = { action: 'risk.history_reset', of: undeleted, toOneself: false, leaves: false } as const;
  return changeUser(unit, caller, instruction, demands, async ({ tx, user, audit }) => {
    await tx.nativeDelete(AccountHabits, { user: user.id });
    audit({ action: 'risk.history_reset', details: {} });
    return null;
  });
}
