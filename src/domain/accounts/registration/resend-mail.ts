/** Sends the mail of a pending registration again. The operation is neutral. */
import { addressLockName } from '../../../persistence/accounts/addresses.ts';
import { Registration } from '../../../persistence/accounts/registration.ts';
import { serialiseBy } from '../../../persistence/named-locks.ts';
import { keyedHash } from '../../../security/keys/keyed-hash.ts';
import { noActor } from '../../audit/record.ts';
import type { Caller } from '../../caller.ts';
import { Refusal } from '../../errors.ts';
import { newId } from '../../ids.ts';
import { invalidEmail, normaliseEmail } from '../../text/email-address.ts';
import { transact } from '../../transaction.ts';
import type { AccountDeps } from '../deps.ts';
import { remailRegistration } from './mail.ts';

/**
 * With a password: renews the registration that has it. Without one: sends the mail of the oldest registration again and
 * renews none, because the caller may own none of them.
 * @throws Refusal BAD_USER_INPUT, SERVICE_BUSY
 */
export async function resendVerificationEmail(
  deps: AccountDeps,
  caller: Caller,
  { email: emailText, password = null }: { email: string; password?: string | null | undefined },
): Promise<void> {
  const email = normaliseEmail(emailText);
  if (email === null) throw new Refusal('BAD_USER_INPUT', { fields: [invalidEmail('input.email')] });
  const wantedId = await findRegistrationId(deps, email, password);
  const { ipAddress } = caller.client;
  await transact<void>(deps, caller, async (transaction) => {
    const { tx, now, audit } = transaction;
    await serialiseBy(tx, addressLockName(email));
    const wanted = { email, expiresAt: { $gt: now }, id: wantedId ?? newId(now) };
    const pending = await tx.findOne(Registration, wanted, { disableIdentityMap: true });
    const request = { email, pending, renew: password !== null, ipAddress };
    const result = await remailRegistration(deps, transaction, request);
    const addressHash = keyedHash(deps.keyRing, email).toString('base64url');
    audit({ action: 'registration.mail_requested', ...noActor, details: { addressHash, result } });
  });
}

/** @returns undefined without a live registration, or without one that has the password */
async function findRegistrationId(
  { em, clock, hasher }: AccountDeps,
  email: string,
  password: string | null,
): Promise<string | undefined> {
  const live = { email, expiresAt: { $gt: clock.now() } };
  const oldestFirst = { createdAt: 'asc', id: 'asc' } as const;
  const candidates = await em.fork().find(Registration, live, { orderBy: oldestFirst });
  if (password === null) return candidates[0]?.id;
  const withPassword = candidates.flatMap(({ id, passwordHash }) => (passwordHash == null ? [] : { id, passwordHash }));
  const hashes = withPassword.map(({ passwordHash }) => passwordHash);
  return withPassword[await hasher.verify(hashes, password)]?.id;
}
