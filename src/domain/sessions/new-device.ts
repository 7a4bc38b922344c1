/** Recognises the device of a sign-in, and mails the user about a new one. */
import type { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { type RevocationReason, TokenFamily } from '../../persistence/sessions/token-family.ts';
import { mailWithNotMe } from '../access/not-me.ts';
import type { AuditDetails } from '../audit/actions.ts';
import type { Caller } from '../caller.ts';
import { networkOf } from '../source.ts';
import type { Transaction, Unit } from '../transaction.ts';

/** Sessions that were revoked for these reasons may have been an attacker's. */
const suspectReasons: RevocationReason[] = ['disowned', 'reuse_detected'];

type Device = AuditDetails['session.started']['device'];

/**
 * No mail is due for a trusted device in a network where the user signed in before, nor for a user agent that signed in
 * from this network before.
 */
export async function recogniseDevice(
  tx: EntityManager,
  { client }: Caller,
  user: User,
  trustedDevice: string | null,
): Promise<Device> {
  const network = networkOf(client.ipAddress);
  const looks = trustedDevice ? {} : { userAgent: client.userAgent };
  const own = { $or: [{ revokedReason: null }, { revokedReason: { $nin: suspectReasons } }] };
  const seen = (await tx.count(TokenFamily, { user, network, ...looks, ...own })) > 0;
  if (!seen) return 'new';
  return trustedDevice ? 'trusted' : 'familiar';
}

/** The mail has a token that revokes the session. */
export async function mailNewDevice(
  unit: Unit,
  { tx, now }: Transaction,
  { client }: Caller,
  user: User,
  family: TokenFamily,
): Promise<void> {
  const signIn = {
    signedInAt: now.toISOString(),
    ipAddress: client.ipAddress,
    userAgent: client.userAgent,
    deviceName: family.deviceName ?? null,
  };
  await mailWithNotMe(unit, tx, { user, sessionId: family.id }, (token, reader) => {
    return { kind: 'new_sign_in', ...reader, variables: { token, ...signIn } };
  });
}
