/**
 * Answers a request for a new password by mail. The operation is neutral: neither the answer nor the database work tells
 * whether the address has an account.
 */
import type { Mail } from '../../../mail/mail.ts';
import { type AddressAccount, findAccount } from '../../../persistence/accounts/accounts-by-address.ts';
import { addressLockName } from '../../../persistence/accounts/addresses.ts';
import type { Registration } from '../../../persistence/accounts/registration.ts';
import { contestAllRegistrations, renewToken } from '../../../persistence/accounts/registrations.ts';
import { serialiseBy } from '../../../persistence/named-locks.ts';
import { keyedHash } from '../../../security/keys/keyed-hash.ts';
import { mintMailToken } from '../../../security/tokens/mail-tokens.ts';
import { assertCaptchaWhenDue } from '../../attempts/captcha-due.ts';
import { noActor } from '../../audit/record.ts';
import type { Caller } from '../../caller.ts';
import { Refusal } from '../../errors.ts';
import { newId } from '../../ids.ts';
import { sourceOf } from '../../source.ts';
import { invalidEmail, normaliseEmail } from '../../text/email-address.ts';
import { type Transaction, transact } from '../../transaction.ts';
import { deletedAccountMail } from '../deleted-account-mail.ts';
import type { AccountDeps } from '../deps.ts';
import { repeatMail } from '../registration/mail.ts';
import { replaceResetToken, serialiseResets } from './reset-token.ts';

/** What is stored about the address. */
interface Stored {
  user: AddressAccount | null;
  pending: Registration | null;
}

/**
 * Mails what the owner of the address needs: a token to choose a password, the confirmation of a pending registration
 * again, or the time until which the deleted account can be restored.
 * @throws Refusal BAD_USER_INPUT, CAPTCHA_REQUIRED
 */
export async function requestPasswordReset(deps: AccountDeps, caller: Caller, emailText: string): Promise<void> {
  const email = normaliseEmail(emailText);
  if (email === null) throw new Refusal('BAD_USER_INPUT', { fields: [invalidEmail('input.email')] });
  await assertCaptchaWhenDue(deps, caller, 'PASSWORD_RESET');
  await transact<void>(deps, caller, async (transaction) => {
    const { tx, now, audit } = transaction;
    const user = await findAccount(tx, email);
    await serialiseBy(tx, addressLockName(email));
    // The caller does not know the password of the registration: a click on its mail must not confirm that password.
    const pending = await contestAllRegistrations(tx, { email, now });
    const request = { email, ipAddress: caller.client.ipAddress };
    const sent = await mailWhatIsNeeded(deps, transaction, request, { user, pending });
    const isUnknown = user === null && pending === null;
    audit({
      action: 'password.reset_requested',
      ...noActor,
      ...(user && { target: { type: 'user', id: user.id } }),
      details: {
        addressHash: keyedHash(deps.keyRing, email).toString('base64url'),
        result: sent ? 'sent' : isUnknown ? 'no_account' : 'withheld',
      },
    });
  });
}

/**
 * Executes the same statements in every case. Without an account that can sign in, and without a registration whose
 * token changes, the statements name an unused id.
 * @returns whether a mail is sent
 */
async function mailWhatIsNeeded(
  deps: AccountDeps,
  { tx, now, mail }: Transaction,
  { email, ipAddress }: { email: string; ipAddress: string | null },
  { user, pending }: Stored,
): Promise<boolean> {
  const { token, tokenHash } = mintMailToken();
  const userId = user && user.status !== 'DELETED' ? user.id : newId(now);
  await serialiseResets(tx, userId);
  const repeated = repeatMail(deps, { email, pending: user ? null : pending, renew: false }, now);
  const requested = { requestedAt: now.toISOString(), ipAddress };
  const wanted = user ? mailToUser(deps, user, token, requested) : repeated.mail;
  const unsent = { kind: 'password_reset', to: email, locale: null, variables: { token, ...requested } } as const;
  const counted = { type: 'password_reset', source: sourceOf(ipAddress) } as const;
  const isAccepted = wanted ? await mail(wanted, counted) : await deps.outbox.pretend(tx, unsent, now, counted);
  if (!isAccepted) return false;
  await replaceResetToken(tx, { userId, tokenHash, now });
  await renewToken(tx, repeated.renewed);
  return wanted !== null;
}

function mailToUser(
  deps: AccountDeps,
  { email: to, locale, deletedAt }: AddressAccount,
  token: string,
  requested: { requestedAt: string; ipAddress: string | null },
): Mail {
  if (deletedAt) return deletedAccountMail(deps, { to, locale, deletedAt, requested });
  return { kind: 'password_reset', to, locale, variables: { token, ...requested } };
}
