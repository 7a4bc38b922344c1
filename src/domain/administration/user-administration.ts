/**
 * What administrators do to users. Each is one transaction under the user's lock, with its audit entry; who may do it
 * to whom is judged there, and a refusal is written before it is thrown. Nobody sees or chooses another's password.
 */
import { Role } from '../../persistence/access/role.ts';
import { User, type UserStatus } from '../../persistence/accounts/user.ts';
import { type EntityManager, LockMode } from '../../persistence/entity-manager.ts';
import { type Authority, authorityOf, grantProblem, outranks, refusalFor } from '../access/authority.ts';
import { mailWithNotMe } from '../access/not-me.ts';
import { PasswordResets } from '../accounts/password-resets.ts';
import { isLastSuperAdmin, restore, softDelete, stateBySelf } from '../accounts/user-deletion.ts';
import { forgetProofAttempts } from '../attempts/proof-attempts.ts';
import { unlockSignIn } from '../attempts/sign-in-locks.ts';
import {
  type AuditAction,
  type AuditEvent,
  type Denial,
  type LockKind,
  lockKinds,
  recordByViewer,
} from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import type { DomainDependencies } from '../dependencies.ts';
import { Refusal } from '../errors.ts';
import { endMfaTickets, removeSecondFactors } from '../factors/second-factors.ts';
import { isId } from '../ids.ts';
import { revokeSessions } from '../sessions/revoke.ts';
import { normaliseReason, reasonProblems } from '../text/reason.ts';
import { type InvitationRequest, Invitations, mailLimit } from './invitations.ts';
import { lockRole, unknownRole } from './roles.ts';
import { type ManagedUser, Users } from './users.ts';

/** Whom it is about, and why it is done. */
export interface Instruction {
  userId: string;
  reason?: string | null | undefined;
}

/** What a change asks of its target. */
interface Demands {
  action: AuditAction;
  /** The states that it begins in; in others it is a CONFLICT. */
  of: readonly UserStatus[];
  /** Whether one may do it to oneself. What needs a password or a code elsewhere must not be had here without. */
  toOneself: boolean;
  /** Whether the user can no longer administer everything afterwards. */
  leaves: boolean;
}

/** A change under way. */
interface Change {
  tx: EntityManager;
  caller: Caller;
  now: Date;
  user: User;
  authority: Authority;
  reason: string | null;
  record(event: AuditEvent): void;
}

/** Why it was not done; null: it was. */
type Problem = Denial | Refusal | null;

const present: readonly UserStatus[] = ['ACTIVE', 'SUSPENDED', 'INVITED'];
const superAdmin = 'SUPER_ADMIN';

/** All may throw Refusal NOT_FOUND, FORBIDDEN, CONFLICT and BAD_USER_INPUT. */
export class UserAdministration {
  readonly #deps: DomainDependencies;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
  }

  /** @throws Refusal EMAIL_TAKEN, RATE_LIMITED */
  async create(caller: Caller, request: InvitationRequest): Promise<ManagedUser> {
    return new Users(this.#deps).byId(await new Invitations(this.#deps).invite(caller, request));
  }

  /** Bites on the user's next request. */
  setRole(caller: Caller, { role: name, ...instruction }: Instruction & { role: string }): Promise<ManagedUser> {
    const leaves = name !== superAdmin;
    const demands = { action: 'user.role_changed', of: present, toOneself: true, leaves } as const;
    return this.#change(caller, instruction, demands, async ({ tx, user, authority, now, record }) => {
      const role = await lockRole(tx, name);
      if (!role) return unknownRole(tx);
      const problem = grantProblem(authority, role);
      if (problem) return problem;
      const before = user.role.name;
      if (before === role.name) return null;
      Object.assign(user, { role, updatedAt: now });
      record({ action: 'user.role_changed', details: { before: { role: before }, after: { role: role.name } } });
      return null;
    });
  }

  /** Ends every session at once. */
  suspend(caller: Caller, instruction: Instruction): Promise<ManagedUser> {
    const demands = { action: 'user.suspended', of: ['ACTIVE', 'INVITED'], toOneself: false, leaves: true } as const;
    return this.#change(caller, instruction, demands, async ({ tx, user, now, record }) => {
      const before = { status: user.status };
      Object.assign(user, { status: 'SUSPENDED', suspendedAt: now, updatedAt: now });
      record({ action: 'user.suspended', details: { before, after: { status: 'SUSPENDED' } } });
      await endMfaTickets(tx, user.id);
      await revokeSessions(tx, caller, { user }, 'suspended', now);
      return null;
    });
  }

  reactivate(caller: Caller, instruction: Instruction): Promise<ManagedUser> {
    const demands = { action: 'user.reactivated', of: ['SUSPENDED'], toOneself: false, leaves: false } as const;
    return this.#change(caller, instruction, demands, async ({ user, now, record }) => {
      const before = { status: user.status };
      const status = stateBySelf(user);
      Object.assign(user, { status, suspendedAt: null, updatedAt: now });
      record({ action: 'user.reactivated', details: { before, after: { status } } });
      return null;
    });
  }

  /** Lifts the locks that wrong passwords and codes have led to. Not one's own: that would allow unlimited guesses. */
  unlock(caller: Caller, instruction: Instruction): Promise<ManagedUser> {
    const demands = { action: 'account.unlocked', of: present, toOneself: false, leaves: false } as const;
    return this.#change(caller, instruction, demands, async ({ tx, user, record }) => {
      const lifted: Record<LockKind, boolean> = {
        sign_in: await unlockSignIn(this.#deps, tx, user.email),
        password: await forgetProofAttempts(this.#deps, tx, 'password', user.id),
        second_factor: await forgetProofAttempts(this.#deps, tx, 'second_factor', user.id),
      };
      const locks = lockKinds.filter((kind) => lifted[kind]);
      await endMfaTickets(tx, user.id);
      const change = { before: { locks }, after: { locks: [] } };
      record({ action: 'account.unlocked', details: { through: 'administrator', ...change } });
      return null;
    });
  }

  /** For a while it can be taken back; sessions and links end at once. */
  delete(caller: Caller, instruction: Instruction): Promise<ManagedUser> {
    const demands = { action: 'user.deleted', of: present, toOneself: false, leaves: true } as const;
    return this.#change(caller, instruction, demands, async ({ tx, user, reason }) => {
      await softDelete(tx, this.#deps, user, { caller, reason });
      return null;
    });
  }

  /** Brings back what the user was before. A link that an invitation carried is dead: send another. */
  restore(caller: Caller, instruction: Instruction): Promise<ManagedUser> {
    const demands = { action: 'user.restored', of: ['DELETED'], toOneself: false, leaves: false } as const;
    return this.#change(caller, instruction, demands, async ({ tx, user, reason }) =>
      (await restore(tx, this.#deps, user, { caller, reason })) ? null : conflict('the time to restore it is over'),
    );
  }

  /** Mails the user a link to choose a password: a reset, or another invitation. @throws Refusal RATE_LIMITED */
  sendLink(caller: Caller, instruction: Instruction): Promise<ManagedUser> {
    const demands = { action: 'user.link_sent', of: present, toOneself: true, leaves: false } as const;
    return this.#change(caller, instruction, demands, async ({ tx, user, record }) => {
      const isInvited = user.status === 'INVITED';
      const sent = isInvited
        ? await new Invitations(this.#deps).mail(tx, user)
        : await new PasswordResets(this.#deps).mailToken(tx, user, null);
      const kind = isInvited ? 'invitation' : 'password_reset';
      record({ action: 'user.link_sent', details: { kind, result: sent ? 'sent' : 'withheld' } });
      return sent ? null : mailLimit();
    });
  }

  /**
   * For somebody who has lost it all: the password alone signs them in again. Whoever has the lost device may be signed
   * in with it, so every session ends.
   * @throws Refusal MFA_NOT_ENABLED
   */
  resetSecondFactors(caller: Caller, instruction: Instruction): Promise<ManagedUser> {
    const demands = { action: 'user.mfa_reset', of: present, toOneself: false, leaves: false } as const;
    return this.#change(caller, instruction, demands, async ({ tx, user, now, record }) => {
      if (!user.mfaEnabledAt) return new Refusal('MFA_NOT_ENABLED');
      await removeSecondFactors(tx, user, now);
      user.updatedAt = now;
      await forgetProofAttempts(this.#deps, tx, 'second_factor', user.id);
      record({ action: 'user.mfa_reset', details: { before: { secondFactor: true }, after: { secondFactor: false } } });
      await revokeSessions(tx, caller, { user }, 'revoked_by_admin', now);
      const change = { method: 'ALL', changedAt: now.toISOString(), ipAddress: null } as const;
      await mailWithNotMe(this.#deps, tx, { user, sessionId: null }, (token, reader) => {
        return { kind: 'mfa_disabled', ...reader, variables: { token, ...change } };
      });
      return null;
    });
  }

  revokeSessions(caller: Caller, instruction: Instruction): Promise<ManagedUser> {
    const demands = { action: 'user.sessions_revoked', of: present, toOneself: true, leaves: false } as const;
    return this.#change(caller, instruction, demands, async ({ tx, user, now, record }) => {
      await endMfaTickets(tx, user.id);
      const count = await revokeSessions(tx, caller, { user }, 'revoked_by_admin', now);
      const change = { before: { sessions: count }, after: { sessions: 0 } };
      record({ action: 'user.sessions_revoked', details: change });
      return null;
    });
  }

  async #change(
    caller: Caller,
    instruction: Instruction,
    demands: Demands,
    work: (change: Change) => Promise<Problem>,
  ): Promise<ManagedUser> {
    const reason = normaliseReason(instruction.reason);
    const fields = reasonProblems(reason);
    if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
    if (!isId(instruction.userId)) throw new Refusal('NOT_FOUND');
    const userId = instruction.userId.toLowerCase();
    const now = this.#deps.clock.now();
    const problem = await this.#deps.em.fork().transactional(async (tx) => {
      // All who can administer everything before the user alone: in one order nobody waits in a ring.
      const isLast = demands.leaves && (await isLastSuperAdmin(tx, userId));
      const user = await tx.findOne(User, { id: userId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (!user) return new Refusal('NOT_FOUND');
      const record = (event: AuditEvent) =>
        recordByViewer(tx, caller, now, { ...event, target: { type: 'user', id: userId }, reason });
      const authority = await authorityOf(tx, caller);
      const found =
        (await denialOf(tx, caller, authority, user, { ...demands, isLast })) ??
        (demands.of.includes(user.status) ? null : conflict(`the user is ${user.status}`)) ??
        (await work({ tx, caller, now, user, authority, reason, record }));
      if (typeof found !== 'string') return found;
      const details = { attempted: demands.action, reason: found };
      record({ action: 'administration.refused', outcome: 'DENIED', details });
      return refusalFor(found);
    });
    if (problem) throw problem;
    return new Users(this.#deps).byId(userId);
  }
}

async function denialOf(
  tx: EntityManager,
  caller: Caller,
  authority: Authority,
  user: User,
  { isLast, toOneself }: { isLast: boolean; toOneself: boolean },
): Promise<Denial | null> {
  const { rank } = await tx.findOneOrFail(Role, { name: user.role.name });
  if (!outranks(authority, rank)) return 'rank';
  if (isLast) return 'last_super_admin';
  return user.id === caller.viewer?.id && !toOneself ? 'own_account' : null;
}

function conflict(detail: string): Refusal {
  return new Refusal('CONFLICT', { detail });
}
