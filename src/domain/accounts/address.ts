/** Changes the address of a user under their lock, and keeps the link that restores the previous one. */
import type { KeyRing } from '../../security/keys/key-ring.ts';
import { keyedHash } from '../../security/keys/keyed-hash.ts';
import { mintMailToken } from '../../security/tokens/mail-tokens.ts';
import { storeMailToken } from '../access/mail-tokens.ts';
import { notMeSeconds, ownSession } from '../access/not-me.ts';
import type { AuditDetails } from '../audit/actions.ts';
import type { Caller } from '../caller.ts';
import type { LockedUser } from '../locked-user.ts';
import type { Transaction } from '../transaction.ts';

export interface NewAddress {
  caller: Caller;
  user: LockedUser;
  /** Claimed in this transaction. */
  email: string;
  through: AuditDetails['email.changed']['through'];
}

export function setAddress(
  { keyRing }: { keyRing: KeyRing },
  { now, audit }: Transaction,
  { caller, user, email, through }: NewAddress,
): void {
  const formerAddressHash = keyedHash(keyRing, user.email).toString('base64url');
  Object.assign(user, { email, emailVerifiedAt: now, updatedAt: now });
  audit({
    action: 'email.changed',
    actorId: user.id,
    target: { type: 'user', id: user.id },
    sessionId: ownSession(caller, user),
    details: { through, formerAddressHash },
  });
}

/** @param sessionId the session that requested the change @returns a token that restores the present address */
export function storeAddressToken({ tx, now }: Transaction, user: LockedUser, sessionId: string | null): string {
  const { token, tokenHash } = mintMailToken();
  const { email } = user;
  const kept = { purpose: 'EMAIL_CHANGE_NOT_ME', email, sessionId, tokenHash, lifeSeconds: notMeSeconds } as const;
  storeMailToken(tx, user, kept, now);
  return token;
}
