/**
 * A passkey that was added after the account's first day signs in alone only after 24 hours, or once its mail was
 * confirmed: an attacker who had one sign-in must not have a way of their own before the owner has read the mail. Until
 * then it is a second factor beside the password.
 */
import { linkSeconds } from '../../mail/mail.ts';
import { MailToken } from '../../persistence/access/mail-token.ts';
import type { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { confirmPasskey } from '../../persistence/factors/passkeys.ts';
import { hashMailToken, mintMailToken } from '../../security/tokens/mail-tokens.ts';
import { recordAudit } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { Refusal } from '../errors.ts';
import type { FactorDeps } from './deps.ts';

export const passkeyProbationSeconds = linkSeconds.passkey_confirm;

export interface Probation {
  aloneFrom: Date | null;
  confirmationHash: Buffer | null;
}

/** Mails the owner the token that ends the probation of a new passkey, where it has one. */
export async function beginProbation(
  { clock, outbox }: FactorDeps,
  tx: EntityManager,
  { client }: Caller,
  user: User,
): Promise<Probation> {
  const now = clock.now();
  if (now < secondsAfter(user.createdAt, passkeyProbationSeconds)) return { aloneFrom: null, confirmationHash: null };
  const aloneFrom = secondsAfter(now, passkeyProbationSeconds);
  // The attacker may read mail at the new address: until the owner of the old one can no longer object, only time ends it.
  if (await isAddressContested(tx, user, now)) return { aloneFrom, confirmationHash: null };
  const { token, tokenHash: confirmationHash } = mintMailToken();
  const variables = { token, addedAt: now.toISOString(), ipAddress: client.ipAddress };
  await outbox.enqueue(tx, { kind: 'passkey_confirm', to: user.email, locale: user.locale, variables }, now);
  return { aloneFrom, confirmationHash };
}

/** Whether the account can still be taken back to another address (email-changes.ts). */
async function isAddressContested(tx: EntityManager, user: User, now: Date): Promise<boolean> {
  const live = { usedAt: null, expiresAt: { $gt: now } };
  const other = { user: user.id, purpose: 'EMAIL_CHANGE_NOT_ME', email: { $ne: user.email }, ...live } as const;
  return (await tx.count(MailToken, other)) > 0;
}

/** Ends the probation. A repeated call gives the same answer. @throws Refusal INVALID_TOKEN */
export async function endProbation({ em, clock }: FactorDeps, caller: Caller, token: string): Promise<void> {
  const now = clock.now();
  const hash = hashMailToken(token);
  const since = secondsAfter(now, -passkeyProbationSeconds);
  const confirmed = await em.fork().transactional(async (tx) => {
    const passkey = hash && (await confirmPasskey(tx, { hash, since, now }));
    if (passkey?.isFirst) {
      recordAudit(tx, caller.client, now, {
        action: 'passkey.confirmed',
        target: { type: 'user', id: passkey.userId },
        details: { passkeyId: passkey.id },
      });
    } else if (!passkey) {
      recordAudit(tx, caller.client, now, {
        action: 'passkey.confirmation_refused',
        outcome: 'FAILURE',
        details: { reason: 'unknown_token' },
      });
    }
    return passkey !== null;
  });
  if (!confirmed) throw new Refusal('INVALID_TOKEN');
}

/** Only callers who have proven that they hold the passkey learn that it is on probation. */
export function onProbation(aloneFrom: Date, now: Date): Refusal {
  const message =
    'This passkey was added recently. Sign in with the password and use the passkey as the second step, follow the link in the mail about it, or wait for the seconds in extensions.retryAfter.';
  return new Refusal('INVALID_CREDENTIALS', {
    fields: [{ path: 'input.response', code: 'PASSKEY_UNCONFIRMED', message }],
    retryAfterSeconds: Math.ceil((aloneFrom.getTime() - now.getTime()) / 1000),
    detail: 'unconfirmed',
  });
}
