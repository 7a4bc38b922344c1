/**
 * The end of a deleted account: once it can no longer be restored, everything about its owner goes, and its address is
 * free. The audit trail keeps what happened, without whom and where from.
 */

import { deleteMailsTo, purgePersonalData } from '../../persistence/accounts/personal-data.ts';
import { User } from '../../persistence/accounts/user.ts';
import { type EntityManager, LockMode } from '../../persistence/entity-manager.ts';
import { unlockSignIn } from '../attempts/sign-in-locks.ts';
import { operatorClient, recordAudit } from '../audit/record.ts';
import { secondsAfter } from '../clock.ts';
import type { DomainDependencies } from '../dependencies.ts';
import { personOf } from './person.ts';

const batchSize = 100;
/** Ids in one audit entry: about 10 kB. */
const listSize = 250;

/** @returns how many accounts went */
export async function purgeDeletedAccounts(deps: DomainDependencies): Promise<number> {
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

/** @returns false when another instance was faster, or the account was restored meanwhile */
async function purge(deps: DomainDependencies, userId: string, due: object): Promise<boolean> {
  const now = deps.clock.now();
  return deps.em.fork().transactional(async (tx) => {
    const user = await tx.findOne(User, { id: userId, ...due }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!user) return false;
    const person = await personOf(tx, deps.keyRing, user);
    const entryIds = await purgePersonalData(tx, person);
    await deleteMailsTo(tx, person);
    await unlockSignIn(deps, tx, user.email);
    await tx.nativeDelete(User, { id: userId });
    recordPurge(tx, now, userId, entryIds);
    return true;
  });
}

/** The check of the trail (audit-purges.ts) accepts missing personal data of the listed entries only. */
function recordPurge(tx: EntityManager, now: Date, userId: string, entryIds: readonly string[]): void {
  const client = operatorClient('retention');
  const target = { type: 'user', id: userId } as const;
  const lists = Math.ceil(entryIds.length / listSize);
  recordAudit(tx, client, now, { action: 'user.purged', target, details: { auditEntries: entryIds.length, lists } });
  for (let start = 0; start < entryIds.length; start += listSize) {
    const entries = entryIds.slice(start, start + listSize);
    recordAudit(tx, client, now, { action: 'personal_data.purged', target, details: { entries } });
  }
}
