/**
 * Requests a change of address: mails a token to the new address and a warning to the present one. The operation is
 * neutral: neither the answer nor the caller's mails, audit entries and export tell whether the new address is taken.
 */
import { linkSeconds } from '../../mail/mail.ts';
import { MailToken } from '../../persistence/access/mail-token.ts';
import { ownerOf } from '../../persistence/accounts/addresses.ts';
import { keyedHash } from '../../security/keys/keyed-hash.ts';
import { mintMailToken } from '../../security/tokens/mail-tokens.ts';
import { storeMailToken } from '../access/mail-tokens.ts';
import { type Caller, type Viewer, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { type LockedUser, lockViewer } from '../locked-user.ts';
import { normaliseEmail } from '../text/email-address.ts';
import { type Transaction, transact, type Unit } from '../transaction.ts';
import { storeAddressToken } from './address.ts';
import type { AccountDeps } from './deps.ts';
import { newAddressProblems } from './new-address.ts';

/** What both mails say about the request. */
interface Requested {
  sessionId: string;
  ipAddress: string | null;
}

/** @throws Refusal UNAUTHENTICATED, BAD_USER_INPUT */
export async function requestEmailChange(deps: AccountDeps, caller: Caller, newEmailText: string): Promise<void> {
  const viewer = viewerOf(caller);
  const newEmail = await checked(deps, newEmailText, viewer);
  const requested = { sessionId: viewer.session.id, ipAddress: caller.client.ipAddress };
  await transact<void>(deps, caller, async (transaction) => {
    const { tx, now, audit } = transaction;
    const user = await lockViewer(tx, viewer, now);
    const accepted = await mailNewAddress(deps, transaction, user, newEmail, requested);
    if (accepted) await warnOldAddress(transaction, user, newEmail, requested);
    audit({
      action: 'email.change_requested',
      target: { type: 'user', id: user.id },
      details: {
        addressHash: keyedHash(deps.keyRing, newEmail).toString('base64url'),
        result: accepted ? 'accepted' : 'withheld',
      },
    });
  });
}

/**
 * Replaces the earlier token, unless the mail limit of the address is reached. A taken address gets no mail, and its
 * token is never sent; the rest of the work is the same.
 */
async function mailNewAddress(
  { outbox }: Unit,
  { tx, now, mail }: Transaction,
  user: LockedUser,
  email: string,
  { sessionId, ipAddress }: Requested,
): Promise<boolean> {
  const owner = await ownerOf(tx, email, now);
  const isFree = owner === null || owner.userId === user.id;
  const { token, tokenHash } = mintMailToken();
  const variables = { token, requestedAt: now.toISOString(), ipAddress };
  const confirmation = { kind: 'email_change_confirm', to: email, locale: user.locale, variables } as const;
  if (!(await (isFree ? mail(confirmation) : outbox.pretend(tx, confirmation, now)))) return false;
  await tx.nativeDelete(MailToken, { user, purpose: 'EMAIL_CHANGE' });
  const lifeSeconds = linkSeconds.email_change_confirm;
  storeMailToken(tx, user, { purpose: 'EMAIL_CHANGE', email, sessionId, tokenHash, lifeSeconds }, now);
  return true;
}

async function warnOldAddress(
  transaction: Transaction,
  user: LockedUser,
  newEmail: string,
  { sessionId, ipAddress }: Requested,
): Promise<void> {
  const { now, mail } = transaction;
  const token = storeAddressToken(transaction, user, sessionId);
  const variables = { token, newEmail, requestedAt: now.toISOString(), ipAddress };
  await mail({ kind: 'email_change_requested', to: user.email, locale: user.locale, variables });
}

async function checked(deps: AccountDeps, text: string, viewer: Viewer): Promise<string> {
  const path = 'input.newEmail';
  const email = normaliseEmail(text);
  const fields = await newAddressProblems(deps, email, path);
  if (email === null || fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  if (email !== viewer.email) return email;
  throw new Refusal('BAD_USER_INPUT', {
    fields: [{ path, code: 'UNCHANGED', message: 'This is already your address. Enter another one.' }],
  });
}
