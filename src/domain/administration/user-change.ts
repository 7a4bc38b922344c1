/**
 * The frame of every change that administrators make to a user: one transaction under the user's lock, with its audit
 * entry. It checks the rank of both users and the state of the target. A refused change is recorded before it is refused.
 */
import { Role } from '../../persistence/access/role.ts';
import type { UserStatus } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { type Authority, authorityOf, outranks, refusalFor } from '../access/authority.ts';
import { isLastSuperAdmin } from '../accounts/user-deletion.ts';
import type { AuditAction, AuditEvent, Denial } from '../audit/actions.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { isId } from '../ids.ts';
import { type LockedUser, lockUser } from '../locked-user.ts';
import { normaliseReason, reasonProblems } from '../text/reason.ts';
import { type Transaction, transact, type Unit } from '../transaction.ts';
import { type ManagedUser, userById } from './users.ts';

/** The target of a change, and the administrator's reason. */
export interface Instruction {
  userId: string;
  reason?: string | null | undefined;
}

/** The conditions of a change. */
export interface Requirements {
  action: AuditAction;
  /** The states of the target in which the change is possible; other states are a CONFLICT. */
  of: readonly UserStatus[];
  /** Whether administrators may make the change to themselves: not where their own account requires a password or a code. */
  toOneself: boolean;
  /** Whether the change takes the rights of SUPER_ADMIN from the target: the last one must keep them. */
  leaves: boolean;
}

/** Its `audit` adds the target and the reason. */
export interface UserChange extends Transaction {
  user: LockedUser;
  authority: Authority;
}

/** The result of a change; null: it was made. A `Denial` is recorded. */
export type Problem = Denial | Refusal | null;

/** Every state except DELETED. */
export const undeleted: readonly UserStatus[] = ['ACTIVE', 'SUSPENDED', 'INVITED'];

/** @throws Refusal NOT_FOUND, FORBIDDEN, CONFLICT, BAD_USER_INPUT, and what the work returns */
export async function changeUser(
  unit: Unit,
  caller: Caller,
  instruction: Instruction,
  demands: Requirements,
  work: (change: UserChange) => Promise<Problem>,
): Promise<ManagedUser> {
  const { userId, reason } = checked(instruction);
  await transact<null>(unit, caller, async (transaction) => {
    const { tx } = transaction;
    // Locks every SUPER_ADMIN before the user alone. Another order could deadlock.
    const isLast = demands.leaves && (await isLastSuperAdmin(tx, userId));
    const user = await lockUser(tx, userId);
    if (!user) return new Refusal('NOT_FOUND');
    const target = { type: 'user', id: userId } as const;
    const audit = (event: AuditEvent) => transaction.audit({ target, reason, ...event });
    const authority = await authorityOf(tx, caller);
    const problem =
      (await denialOf(tx, caller, authority, user, { ...demands, isLast })) ??
      (demands.of.includes(user.status) ? null : conflict(`the user is ${user.status}`)) ??
      (await work({ ...transaction, audit, user, authority }));
    if (typeof problem !== 'string') return problem;
    const details = { attempted: demands.action, reason: problem };
    audit({ action: 'administration.refused', outcome: 'DENIED', details });
    return refusalFor(problem);
  });
  return userById(unit, userId);
}

export function conflict(detail: string): Refusal {
  return new Refusal('CONFLICT', { detail });
}

function checked(instruction: Instruction): { userId: string; reason: string | null } {
  const reason = normaliseReason(instruction.reason);
  const fields = reasonProblems(reason);
  if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  if (!isId(instruction.userId)) throw new Refusal('NOT_FOUND');
  return { userId: instruction.userId.toLowerCase(), reason };
}

async function denialOf(
  tx: EntityManager,
  caller: Caller,
  authority: Authority,
  user: LockedUser,
  { isLast, toOneself }: { isLast: boolean; toOneself: boolean },
): Promise<Denial | null> {
  const { rank } = await tx.findOneOrFail(Role, { name: user.role.name });
  if (!outranks(authority, rank)) return 'rank';
  if (isLast) return 'last_super_admin';
  return user.id === caller.viewer?.id && !toOneself ? 'own_account' : null;
}
