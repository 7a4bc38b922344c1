/** Mails the owners of keys a week before the expiry, and when it has come. */
import { ApiKey } from '../../persistence/applications/api-key.ts';
import { findExpiringKeys } from '../../persistence/applications/expiring-keys.ts';
import { LockMode } from '../../persistence/entity-manager.ts';
import { systemCaller } from '../operator.ts';
import { transact, type Unit } from '../transaction.ts';
import { recipientOf } from './key-recipient.ts';

const noticeSeconds = 7 * 24 * 60 * 60;
const batchSize = 100;

/** A mail that its limit withholds is tried again by the next call. */
export async function sendExpiryMails(unit: Unit): Promise<void> {
  const { em, clock } = unit;
  let after: string | undefined;
  for (;;) {
    const ids = await findExpiringKeys(em, { now: clock.now(), noticeSeconds, limit: batchSize, after });
    for (const id of ids) await mailAbout(unit, id);
    if (ids.length < batchSize) return;
    after = ids.at(-1);
  }
}

/** Under the lock of the key: of several instances, one sends the mail. */
function mailAbout(unit: Unit, id: string): Promise<void> {
  return transact<void>(unit, systemCaller('api-keys'), async ({ tx, now, mail }) => {
    const key = await tx.findOne(ApiKey, { id, revokedAt: null }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    const kind = key && dueMail(key, now);
    if (!kind) return;
    const recipient = await recipientOf(tx, key);
    const { name, expiresAt } = key;
    const isSettled =
      recipient === null ||
      (await mail({
        kind,
        to: recipient.to,
        locale: recipient.locale,
        variables: { name, serviceAccount: recipient.serviceAccount, expiresAt: expiresAt.toISOString() },
      }));
    if (isSettled) key.expiryMailedAt = now;
  });
}

function dueMail({ expiresAt, expiryMailedAt }: ApiKey, now: Date): 'api_key_expiring' | 'api_key_expired' | null {
  if (expiresAt > now) return expiryMailedAt ? null : 'api_key_expiring';
  return expiryMailedAt && expiryMailedAt >= expiresAt ? null : 'api_key_expired';
}
