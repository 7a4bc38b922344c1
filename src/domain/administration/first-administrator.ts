/** Invites the first administrator of a new development gateway, whose link appears at the terminal. */
import { MailToken } from '../../persistence/access/mail-token.ts';
import { insertUser } from '../../persistence/accounts/registrations.ts';
import { User } from '../../persistence/accounts/user.ts';
import { newId } from '../ids.ts';
import { operatorCaller } from '../operator.ts';
import { type Transaction, transact, type Unit } from '../transaction.ts';
import { type InvitationLink, storeInvitation } from './invitation-link.ts';

const role = 'SUPER_ADMIN';

/** Reserved by RFC 2606: no mail server has it. */
export const firstAdministrator = 'admin@example.com';

/**
 * Until the invitation is accepted, each call replaces its link.
 * @returns null when there is another SUPER_ADMIN
 */
export function inviteFirstAdministrator(unit: Unit): Promise<InvitationLink | null> {
  return transact<InvitationLink | null>(unit, operatorCaller(), async (transaction) => {
    const { tx } = transaction;
    const [first, ...others] = await tx.find(User, { role, deletedAt: null }, { limit: 2 });
    if (others.length > 0) return null;
    if (!first) return createInvited(transaction);
    return first.email === firstAdministrator && first.status === 'INVITED' ? inviteAgain(transaction, first) : null;
  });
}

/** @returns null when another process was faster, or the address belongs to another account */
async function createInvited({ tx, now, audit }: Transaction): Promise<InvitationLink | null> {
  const id = newId(now);
  const state = { status: 'INVITED', passwordHash: null, emailVerifiedAt: null, displayName: null } as const;
  if (!(await insertUser(tx, { id, email: firstAdministrator, role, now, ...state }))) return null;
  audit({ action: 'user.created', target: { type: 'user', id }, details: { role, through: 'command_line' } });
  return storeInvitation({ tx, now }, tx.getReference(User, id));
}

async function inviteAgain({ tx, now, audit }: Transaction, user: User): Promise<InvitationLink> {
  await tx.nativeDelete(MailToken, { user, purpose: 'INVITATION' });
  audit({
    action: 'user.link_sent',
    target: { type: 'user', id: user.id },
    details: { kind: 'invitation', result: 'sent' },
  });
  return storeInvitation({ tx, now }, user);
}
