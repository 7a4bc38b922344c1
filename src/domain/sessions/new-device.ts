/** Recognises the device of a sign-in, and mails the user about a new one. */

import type { EntityManager } from '../../persistence/entity-manager.ts';
import { findSignInUser, type SignInUser } from '../../persistence/sessions/sign-in-user.ts';
import type { NewFamily, NewSession } from '../../persistence/sessions/start-session.ts';
import type { RevocationReason } from '../../persistence/sessions/token-family.ts';
import { mailTokenRow } from '../access/mail-tokens.ts';
import { notMeMail } from '../access/not-me.ts';
import type { AuditDetails } from '../audit/actions.ts';
import type { Caller, RiskSignal } from '../caller.ts';
import { networkOf } from '../source.ts';
import type { Unit } from '../transaction.ts';

/** Sessions that were revoked for these reasons may have been an attacker's. */
const suspectReasons: RevocationReason[] = ['disowned', 'reuse_detected'];

type Device = AuditDetails['session.started']['device'];

/**
 * Reads the user, and whether the sign-in is familiar: a trusted device in a network where the user signed in before, or
 * a user agent that signed in from this network before.
 * @returns null without such a user
 */
export function findSigningIn(
  em: EntityManager,
  { client }: Caller,
  { userId, trustedDevice }: { userId: string; trustedDevice: string | null },
  now: Date,
): Promise<SignInUser | null> {
  const { userAgent } = client;
  const origin = { network: networkOf(client.ipAddress), userAgent, isTrusted: trustedDevice !== null, suspectReasons };
  return findSignInUser(em, userId, origin, now);
}

export function deviceOf({ isFamiliar }: SignInUser, trustedDevice: string | null): Device {
  if (!isFamiliar) return 'new';
  return trustedDevice ? 'trusted' : 'familiar';
}

/** The mail has a token that revokes the session. @param signals why the sign-in is unusual */
export function newDeviceNotice(
  { outbox }: Pick<Unit, 'outbox'>,
  user: SignInUser,
  { id, createdAt: now, ipAddress, userAgent, deviceName, country, city }: NewFamily,
  signals: readonly RiskSignal[],
): NewSession['notice'] {
  const place = country === null ? {} : { place: { country, city } };
  const signIn = { signedInAt: now.toISOString(), ipAddress, userAgent, deviceName, signals, ...place };
  const { mail, token } = notMeMail(user, id, (text, reader) => {
    return { kind: 'new_sign_in', ...reader, variables: { token: text, ...signIn } };
  });
  return { mail: outbox.prepare(mail, now), token: mailTokenRow(user.id, token, now) };
}
