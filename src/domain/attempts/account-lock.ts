/** Counts and records that failed sign-ins locked an account, and mails its owner. */
import { User } from '../../persistence/accounts/user.ts';
import { keyedHash } from '../../security/keys/keyed-hash.ts';
import { noActor } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import type { Transaction } from '../transaction.ts';
import type { AttemptDeps } from './deps.ts';

export async function recordAccountLock(
  { outbox, keyRing, metrics }: AttemptDeps,
  { tx, now, audit, mail }: Transaction,
  { client }: Caller,
  { email, lockedUntil }: { email: string; lockedUntil: Date },
): Promise<void> {
  metrics.accountLocked();
  // Outside the identity map: comparing a loaded user at the flush would make known addresses slower.
  const fields = ['id', 'status', 'locale'] as const;
  const user = await tx.findOne(User, { email }, { fields, disableIdentityMap: true });
  audit({
    action: 'account.locked',
    outcome: 'DENIED',
    ...noActor,
    ...(user && { target: { type: 'user', id: user.id } }),
    details: { addressHash: keyedHash(keyRing, email).toString('base64url'), lockedUntil: lockedUntil.toISOString() },
  });
  if (user?.status !== 'ACTIVE') {
    // Executes the statements of a known account, so that the failure that locks takes as long.
    await outbox.pretend(tx, { kind: 'account_locked', to: email }, now);
    return;
  }
  const variables = { lockedUntil: lockedUntil.toISOString(), ipAddress: client.ipAddress };
  await mail({ kind: 'account_locked', to: email, locale: user.locale, variables });
}
