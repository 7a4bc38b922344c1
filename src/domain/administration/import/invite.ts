/**
 * Mails imported users a link to choose a password. The mails are spread over time: mail providers block senders of sudden
 * floods, and other mails are sent between them.
 */
import { insertInvitationMails, insertInvitationTokens } from '../../../persistence/accounts/import.ts';
import { findLastPlannedMail } from '../../../persistence/mail/outbox.ts';
import { serialiseBy } from '../../../persistence/named-locks.ts';
import type { Transaction } from '../../transaction.ts';
import { newInvitation } from '../invitation-link.ts';
import type { ImportDeps } from './run.ts';

interface Invited {
  id: string;
  email: string;
  locale: string | null;
}

/** Twenty a second. */
const pauseMs = 50;

/**
 * Invites after the users that earlier batches and other imports have invited. Call it last: other imports wait until the
 * transaction ends.
 * @returns the ids of the users whose address has reached its limit of mails
 */
export async function inviteUsers(
  { outbox }: ImportDeps,
  { tx, now }: Transaction,
  users: readonly Invited[],
): Promise<ReadonlySet<string>> {
  if (users.length === 0) return new Set();
  await serialiseBy(tx, 'import invitations');
  const last = await findLastPlannedMail(tx, 'invitation');
  const begin = Math.max(now.getTime(), last?.getTime() ?? 0);
  const invitations = users.map((user, index) => {
    const dueAt = new Date(begin + (index + 1) * pauseMs);
    const { mail, token } = newInvitation(user, dueAt);
    return { userId: user.id, token, ...outbox.prepare(mail, dueAt) };
  });
  const max = Math.min(...invitations.map((each) => each.max));
  const rows = invitations.map(({ row }) => row);
  const sent = await insertInvitationMails(tx, rows, max);
  const isSent = ({ row }: { row: { id: string } }) => sent.has(row.id);
  await insertInvitationTokens(
    tx,
    invitations.filter(isSent).map(({ token }) => token),
  );
  return new Set(invitations.filter((each) => !isSent(each)).map(({ userId }) => userId));
}
