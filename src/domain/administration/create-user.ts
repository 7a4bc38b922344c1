/** Creates users for administrators. The user gets a mail with a link to choose a password. */
import type { Role } from '../../persistence/access/role.ts';
import { insertUser } from '../../persistence/accounts/registrations.ts';
import { User } from '../../persistence/accounts/user.ts';
import { type Authority, authorityOf, grantProblem, grantsPower, refusalFor } from '../access/authority.ts';
import { ordinaryRole } from '../access/permissions.ts';
import type { Denial } from '../audit/actions.ts';
import { type Caller, isRecent, type Standing } from '../caller.ts';
import { Refusal } from '../errors.ts';
import type { HookDeps } from '../hooks/decide.ts';
import { newId } from '../ids.ts';
import { displayNameProblems, normaliseDisplayName } from '../text/display-name.ts';
import { invalidEmail, normaliseEmail } from '../text/email-address.ts';
import { type Transaction, transact } from '../transaction.ts';
import { askBeforeInvite } from './before-invite.ts';
import { mailInvitation, mailLimit } from './invitation-link.ts';
import { lockRole, unknownRole } from './roles.ts';
import { type ManagedUser, userById } from './users.ts';

export interface InvitationRequest {
  email: string;
  displayName?: string | null | undefined;
  role: string;
}

type Invited = Omit<InvitationRequest, 'displayName'> & { displayName: string | null };

/**
 * A role other than USER is granted to the user, so the caller needs the rights to grant it.
 * @throws Refusal FORBIDDEN, REAUTHENTICATION_REQUIRED for a role above USER without a recent authentication,
 *   BAD_USER_INPUT, REFUSED_BY_POLICY, EMAIL_TAKEN, RATE_LIMITED when the mail limit of the address is reached
 */
export async function createUser(unit: HookDeps, caller: Caller, request: InvitationRequest): Promise<ManagedUser> {
  const invited = checked(request);
  await askBeforeInvite(unit, caller, invited);
  const id = await transact<string>(unit, caller, async (transaction) => {
    const { tx, audit } = transaction;
    const role = await lockRole(tx, request.role);
    if (!role) return unknownRole(tx);
    const denial = denialOf(await authorityOf(tx, caller), role, caller.viewer?.standing);
    if (!denial) return invite(transaction, invited);
    const details = { attempted: 'user.created', reason: denial };
    audit({ action: 'administration.refused', outcome: 'DENIED', details });
    return refusalFor(denial);
  });
  return userById(unit, id);
}

/** @returns the id of the user @throws Refusal RATE_LIMITED: without the mail, the account would be unusable */
async function invite(transaction: Transaction, { email, displayName, role }: Invited): Promise<string | Refusal> {
  const { tx, now, audit } = transaction;
  const id = newId(now);
  const state = { status: 'INVITED', passwordHash: null, emailVerifiedAt: null } as const;
  if (!(await insertUser(tx, { id, email, displayName, role, now, ...state }))) return new Refusal('EMAIL_TAKEN');
  audit({ action: 'user.created', target: { type: 'user', id }, details: { role, through: 'administrator' } });
  if (!(await mailInvitation(transaction, await tx.findOneOrFail(User, { id })))) throw mailLimit();
  return id;
}

/** @param standing absent for a program, which never authenticates recently */
function denialOf(authority: Authority, role: Role, standing: Standing | undefined): Denial | null {
  const isOrdinary = role.name === ordinaryRole.name;
  if (!isOrdinary && !authority.permissions.includes('roles:assign')) return 'missing_permission';
  const problem = grantProblem(authority, role);
  if (problem) return problem;
  return isOrdinary || !grantsPower(role) || (standing && isRecent(standing)) ? null : 'no_recent_proof';
}

/** @throws Refusal BAD_USER_INPUT with every problem */
function checked(request: InvitationRequest): Invited {
  const email = normaliseEmail(request.email);
  const displayName = normaliseDisplayName(request.displayName);
  const fields = [
    ...(email === null ? [invalidEmail('input.email')] : []),
    ...displayNameProblems(displayName, 'input.displayName'),
  ];
  if (email === null || fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return { email, displayName, role: request.role };
}
