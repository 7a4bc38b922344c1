/**
 * Erases deleted accounts that can no longer be restored, with all personal data of their owners. The address is free
 * afterwards. Audit entries stay, without their personal data.
 */
import { MailToken } from '../../persistence/access/mail-token.ts';
import { deleteMailsTo, purgePersonalData } from '../../persistence/accounts/personal-data.ts';
import { User, type UserStatus } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { Phone } from '../../persistence/factors/phone.ts';
import { SmsMessage } from '../../persistence/sms/sms-message.ts';
import { eraseMessagesAbout } from '../../persistence/webhooks/deliveries.ts';
import { unlockSignIn } from '../attempts/sign-in-locks.ts';
import { secondsAfter } from '../clock.ts';
import { hashesOf } from '../factors/phones.ts';
import { lockUser } from '../locked-user.ts';
import { systemCaller } from '../operator.ts';
import { type Transaction, transact } from '../transaction.ts';
import type { AccountDeps } from './deps.ts';
import { personOf } from './person.ts';

const batchSize = 100;
/** Ids in one audit entry: about 10 kB. */
const listSize = 250;

/** @returns the number of erased accounts */
export async function purgeDeletedAccounts(deps: AccountDeps): Promise<number> {
  const { em, clock, settings } = deps;
  const before = secondsAfter(clock.now(), -settings.softDeleteRetentionSeconds);
  const due = { status: 'DELETED', deletedAt: { $lt: before } } as const;
  let purged = 0;
  for (;;) {
    const users = await em.fork().find(User, due, { fields: ['id'], limit: batchSize });
    for (const { id } of users) purged += (await purge(deps, id, due)) ? 1 : 0;
    if (users.length < batchSize) return purged;
  }
}

/** @returns false when another instance erased the account, or it was restored meanwhile */
function purge(
  deps: AccountDeps,
  userId: string,
  due: { status: UserStatus; deletedAt: { $lt: Date } },
): Promise<boolean> {
  return transact<boolean>(deps, systemCaller('retention'), async (transaction) => {
    const { tx, now } = transaction;
    const user = await lockUser(tx, userId, due);
    if (!user) return false;
    const person = await personOf(tx, deps.keyRing, user);
    const entryIds = await purgePersonalData(tx, person);
    await deleteMailsTo(tx, person);
    await eraseMessagesAbout(tx, userId, now);
    await deleteSms(deps, tx, userId);
    await unlockSignIn(deps, tx, user.email);
    await tx.nativeDelete(MailToken, { user: userId });
    await tx.nativeDelete(User, { id: userId });
    recordPurge(transaction, userId, entryIds);
    return true;
  });
}

async function deleteSms(deps: AccountDeps, tx: EntityManager, userId: string): Promise<void> {
  const phones = await tx.find(Phone, { user: userId });
  if (phones.length > 0) await tx.nativeDelete(SmsMessage, { phoneHash: hashesOf(deps, phones) });
}

/** The check of the trail (audit/purges.ts) accepts missing personal data of the listed entries only. */
function recordPurge({ audit }: Transaction, userId: string, entryIds: readonly string[]): void {
  const target = { type: 'user', id: userId } as const;
  const lists = Math.ceil(entryIds.length / listSize);
  audit({ action: 'user.purged', target, details: { auditEntries: entryIds.length, lists } });
  for (let start = 0; start < entryIds.length; start += listSize) {
    const entries = entryIds.slice(start, start + listSize);
    audit({ action: 'personal_data.purged', target, details: { entries } });
  }
}
