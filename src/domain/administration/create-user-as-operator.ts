/** Creates users for the operator at the command line. */
import { Role } from '../../persistence/access/role.ts';
import { insertUser } from '../../persistence/accounts/registrations.ts';
import { User } from '../../persistence/accounts/user.ts';
import { Refusal } from '../errors.ts';
import { newId } from '../ids.ts';
import { operatorCaller } from '../operator.ts';
import type { PasswordDeps } from '../passwords/deps.ts';
import { newPasswordProblems } from '../passwords/new-password.ts';
import { invalidEmail, normaliseEmail } from '../text/email-address.ts';
import { transact } from '../transaction.ts';
import { type InvitationLink, storeInvitation } from './invitation-link.ts';

export interface OperatorRequest {
  email: string;
  role: string;
  password: string | null;
}

export type CreatedUser = { id: string; email: string } & (InvitationLink | { token: null });

/**
 * With a password the user is active and verified, else invited: the operator delivers the link.
 * @throws Refusal BAD_USER_INPUT (fields `email`, `role`, `password`), EMAIL_TAKEN
 */
export async function createUserAsOperator(deps: PasswordDeps, request: OperatorRequest): Promise<CreatedUser> {
  const email = await checked(deps, request);
  const passwordHash = request.password === null ? null : await deps.hasher.hash(request.password);
  return transact<CreatedUser>(deps, operatorCaller(), async ({ tx, now, audit }) => {
    const id = newId(now);
    const state = passwordHash
      ? ({ status: 'ACTIVE', emailVerifiedAt: now } as const)
      : ({ status: 'INVITED', emailVerifiedAt: null } as const);
    const user = { id, email, displayName: null, passwordHash, role: request.role, now, ...state };
    if (!(await insertUser(tx, user))) return new Refusal('EMAIL_TAKEN');
    const link = passwordHash ? { token: null } : storeInvitation({ tx, now }, tx.getReference(User, id));
    audit({
      action: 'user.created',
      target: { type: 'user', id },
      details: { role: request.role, through: 'command_line' },
    });
    return { id, email, ...link };
  });
}

/** @returns the normalised address @throws Refusal BAD_USER_INPUT with every problem */
async function checked(deps: PasswordDeps, { email: emailText, role, password }: OperatorRequest): Promise<string> {
  const email = normaliseEmail(emailText);
  const roles = (await deps.em.findAll(Role, { orderBy: { rank: 'desc' } })).map(({ name }) => name);
  const context = { email: email ?? '', displayName: null };
  const unknownRole = { path: 'role', code: 'UNKNOWN_ROLE', message: `Choose one of ${roles.join(', ')}.` };
  const fields = [
    ...(email === null ? [invalidEmail('email')] : []),
    ...(roles.includes(role) ? [] : [unknownRole]),
    ...(password === null ? [] : await newPasswordProblems(deps, password, context, 'password')),
  ];
  if (email === null || fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return email;
}
