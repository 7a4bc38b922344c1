/** Whether a sign-in comes from where its user was before, and the mail that tells them when it does not. */

import type { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { type RevocationReason, TokenFamily } from '../../persistence/sessions/token-family.ts';
import { mailWithNotMe } from '../access/not-me.ts';
import type { AuditDetails } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { networkOf } from '../source.ts';
import type { SessionDeps } from './deps.ts';

/** Sessions that ended like this may have been somebody else's. */
const notTheOwners: RevocationReason[] = ['disowned', 'reuse_detected'];

type Device = AuditDetails['session.started']['device'];

/**
 * A trusted device in a network it was seen in, or a browser that looks like one that signed in from there, is
 * nothing to write to the owner about.
 */
export async function recogniseDevice(
  tx: EntityManager,
  { client }: Caller,
  user: User,
  trustedDevice: string | null,
): Promise<Device> {
  const network = networkOf(client.ipAddress);
  const looks = trustedDevice ? {} : { userAgent: client.userAgent };
  const own = { $or: [{ revokedReason: null }, { revokedReason: { $nin: notTheOwners } }] };
  const seen = (await tx.count(TokenFamily, { user, network, ...looks, ...own })) > 0;
  if (!seen) return 'new';
  return trustedDevice ? 'trusted' : 'familiar';
}

/** Mails the user what signed in, with a token that ends the session again. */
export async function tellNewDevice(
  deps: SessionDeps,
  tx: EntityManager,
  { client }: Caller,
  user: User,
  family: TokenFamily,
): Promise<void> {
  const signIn = {
    signedInAt: deps.clock.now().toISOString(),
    ipAddress: client.ipAddress,
    userAgent: client.userAgent,
    deviceName: family.deviceName ?? null,
  };
  await mailWithNotMe(deps, tx, { user, sessionId: family.id }, (token, reader) => {
    return { kind: 'new_sign_in', ...reader, variables: { token, ...signIn } };
  });
}
