/** Finds the recipient of mails about a key: its owner, or the creator of its service account. */
import { User } from '../../persistence/accounts/user.ts';
import type { ApiKey } from '../../persistence/applications/api-key.ts';
import { ServiceAccount } from '../../persistence/applications/service-account.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';

export interface KeyRecipient {
  to: string;
  locale: string | null;
  /** Its name; null for a key of a user. */
  serviceAccount: string | null;
}

/** @returns null when the user is not active, and for a service account of the operator */
export async function recipientOf(tx: EntityManager, key: ApiKey): Promise<KeyRecipient | null> {
  const account = key.serviceAccount ? await tx.findOneOrFail(ServiceAccount, { id: key.serviceAccount.id }) : null;
  const id = key.user?.id ?? account?.createdBy ?? null;
  const user = id === null ? null : await tx.findOne(User, { id, status: 'ACTIVE' });
  return user && { to: user.email, locale: user.locale ?? null, serviceAccount: account?.name ?? null };
}
