/**
 * The probation of new passkeys. A passkey that is added after the first day of the account signs in alone only after
 * 24 hours, or after its owner confirmed it by mail: an attacker with one sign-in must not gain a permanent way in before
 * the owner has read the mail. During probation the passkey is a second factor beside the password.
 */
import { linkSeconds } from '../../mail/mail.ts';
import { MailToken } from '../../persistence/access/mail-token.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { confirmPasskey as confirm } from '../../persistence/factors/passkeys.ts';
import { hashMailToken, mintMailToken } from '../../security/tokens/mail-tokens.ts';
import { noActor } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { Refusal, secondsUntil } from '../errors.ts';
import type { LockedUser } from '../locked-user.ts';
import { type Transaction, transact, type Unit } from '../transaction.ts';

export const passkeyProbationSeconds = linkSeconds.passkey_confirm;

export interface Probation {
  aloneFrom: Date | null;
  confirmationHash: Buffer | null;
}

/** Mails the owner the token that ends the probation of a new passkey, where it has one. */
export async function beginProbation(
  { tx, now, mail }: Transaction,
  { client }: Caller,
  user: LockedUser,
): Promise<Probation> {
  if (now < secondsAfter(user.createdAt, passkeyProbationSeconds)) return { aloneFrom: null, confirmationHash: null };
  const aloneFrom = secondsAfter(now, passkeyProbationSeconds);
  // An attacker may read mail at the new address: while the owner of the old one can object, only time ends probation.
  if (await isAddressContested(tx, user, now)) return { aloneFrom, confirmationHash: null };
  const { token, tokenHash: confirmationHash } = mintMailToken();
  const variables = { token, addedAt: now.toISOString(), ipAddress: client.ipAddress };
  await mail({ kind: 'passkey_confirm', to: user.email, locale: user.locale, variables });
  return { aloneFrom, confirmationHash };
}

/** Whether a former owner of the account can still take back the address (accounts/recovery/report-not-me.ts). */
async function isAddressContested(tx: EntityManager, user: LockedUser, now: Date): Promise<boolean> {
  const live = { usedAt: null, expiresAt: { $gt: now } };
  const other = { user: user.id, purpose: 'EMAIL_CHANGE_NOT_ME', email: { $ne: user.email }, ...live } as const;
  return (await tx.count(MailToken, other)) > 0;
}

/** Ends the probation at once. A repeated call gives the same answer. @throws Refusal INVALID_TOKEN */
export async function confirmPasskey(unit: Unit, caller: Caller, token: string): Promise<void> {
  const hash = hashMailToken(token);
  await transact<void>(unit, caller, async ({ tx, now, audit }) => {
    const since = secondsAfter(now, -passkeyProbationSeconds);
    const passkey = hash && (await confirm(tx, { hash, since, now }));
    if (!passkey) {
      const details = { reason: 'unknown_token' } as const;
      audit({ action: 'passkey.confirmation_refused', outcome: 'FAILURE', ...noActor, details });
      return new Refusal('INVALID_TOKEN');
    }
    if (passkey.isFirst) {
      const target = { type: 'user', id: passkey.userId } as const;
      audit({ action: 'passkey.confirmed', ...noActor, target, details: { passkeyId: passkey.id } });
    }
    return undefined;
  });
}

/**
 * Only a caller that has proven possession of the passkey learns that it is on probation.
 * @param path of the response in the input
 */
export function onProbation(aloneFrom: Date, now: Date, path: string): Refusal {
  const message =
    'This passkey was added recently. Sign in with the password and use the passkey as the second step, follow the link in the mail about it, or wait for the seconds in extensions.retryAfter.';
  return new Refusal('INVALID_CREDENTIALS', {
    fields: [{ path, code: 'PASSKEY_UNCONFIRMED', message }],
    retryAfterSeconds: secondsUntil(aloneFrom, now),
    detail: 'unconfirmed',
  });
}
