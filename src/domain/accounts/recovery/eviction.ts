/**
 * Removes what lets an attacker return to a recovered account: everything that was added since the attacker's session
 * began. What the owner had before stays.
 */
import { MailToken } from '../../../persistence/access/mail-token.ts';
import type { User } from '../../../persistence/accounts/user.ts';
import type { EntityManager } from '../../../persistence/entity-manager.ts';
import { BackupCode } from '../../../persistence/factors/backup-code.ts';
import { Passkey } from '../../../persistence/factors/passkey.ts';
import { Phone } from '../../../persistence/factors/phone.ts';
import { deleteChallengesOf, lockProvenSessions } from '../../../persistence/factors/second-factors.ts';
import { TotpSecret } from '../../../persistence/factors/totp-secret.ts';
import { Identity } from '../../../persistence/identities/identity.ts';
import { FormerPassword } from '../../../persistence/passwords/former-password.ts';
import { TokenFamily } from '../../../persistence/sessions/token-family.ts';
import { CodeFlow } from '../../../persistence/sign-in/code-flow.ts';
import { notMeSeconds } from '../../access/not-me.ts';
import { endKeysOf } from '../../applications/change-key.ts';
import { secondsAfter } from '../../clock.ts';
import { endMfaTickets, settleSecondFactors } from '../../factors/second-factors.ts';
import type { LockedUser } from '../../locked-user.ts';
import { replacePassword } from '../../passwords/new-password.ts';
import { earlier } from '../../sessions/auth-session.ts';
import type { DomainSettings } from '../../settings.ts';
import type { Transaction } from '../../transaction.ts';

export interface Intrusion {
  since: Date;
  /** Whether the attacker signed in with the password, or may have. */
  knowsPassword: boolean;
}

export interface Evicted {
  passkeys: number;
  authenticatorApp: boolean;
  backupCodes: boolean;
  /** Accounts at providers. */
  identities: number;
  /** Those that were made or rotated meanwhile. */
  apiKeys: number;
  phones: number;
  /** The attacker knew or chose the password: the account has none until the owner chooses one. */
  password: boolean;
}

/**
 * Derives the intrusion from a report. A passkey cannot be phished: if one proved the reported session, the attacker
 * holds it. A passkey of the last week is treated as the mail about it would treat it (access/not-me.ts). Removing older
 * passkeys would let an attacker with access to the owner's mail bypass the second factor.
 * @param report `sessionId`: null for an unknown session
 */
export async function traceIntrusion(
  tx: EntityManager,
  user: LockedUser,
  report: { sessionId: string | null; createdAt: Date },
  now: Date,
): Promise<Intrusion> {
  const { sessionId, createdAt } = report;
  const reported = sessionId === null ? null : await tx.findOne(TokenFamily, { id: sessionId, user: user.id });
  if (!reported) return { since: createdAt, knowsPassword: true };
  const recently = { $gt: secondsAfter(now, -notMeSeconds) };
  const held = reported.provenPasskey;
  const passkey = held && (await tx.findOne(Passkey, { id: held.id, createdAt: recently }));
  const sessions = passkey ? await tx.find(TokenFamily, { user: user.id, provenPasskey: passkey.id }) : [reported];
  const beginnings = [createdAt, ...(passkey ? [passkey.createdAt] : []), ...sessions.map((each) => each.createdAt)];
  return {
    since: beginnings.reduce(earlier),
    knowsPassword: sessions.some(({ methods }) => methods.includes('PASSWORD')),
  };
}

/** Runs after the attacker's sessions are revoked. The other sessions lose their second factor and their recent authentication. */
export async function evict(
  transaction: Transaction,
  { settings }: { settings: Pick<DomainSettings, 'reauthWindowSeconds'> },
  user: LockedUser,
  { since, knowsPassword }: Intrusion,
): Promise<Evicted> {
  const { tx, now } = transaction;
  const added = { user: user.id, createdAt: { $gte: since } };
  await deleteChallengesOf(tx, user.id);
  await endMfaTickets(tx, user.id);
  await tx.nativeDelete(CodeFlow, { user: user.id });
  await tx.nativeDelete(MailToken, { user, purpose: 'EMAIL_CHANGE', usedAt: null });
  await lockProvenSessions(tx, user.id);
  const passkeys = await tx.nativeDelete(Passkey, added);
  const authenticatorApp = (await tx.nativeDelete(TotpSecret, { user: user.id, confirmedAt: { $gte: since } })) > 0;
  // An unconfirmed secret is of no use to the owner.
  await tx.nativeDelete(TotpSecret, { user: user.id, confirmedAt: null });
  const backupCodes = (await tx.nativeDelete(BackupCode, added)) > 0;
  const identities = await tx.nativeDelete(Identity, { user: user.id, linkedAt: { $gte: since } });
  const apiKeys = await endKeysOf(transaction, { user: user.id }, 'eviction', since);
  const phones = await tx.nativeDelete(Phone, { user: user.id, verifiedAt: { $gte: since } });
  // One that waits for its code may be the attacker's.
  await tx.nativeDelete(Phone, { user: user.id, verifiedAt: null });
  await settleSecondFactors(tx, user, now);
  const unproven = { provenPasskey: null, provenTotp: null, provenBackupCode: null, provenPhone: null };
  const others = { user: user.id, revokedAt: null };
  await tx.nativeUpdate(TokenFamily, others, unproven);
  // One of them may be the attacker's as well: its last authentication must no longer count as recent.
  const authenticatedAt = secondsAfter(now, -settings.reauthWindowSeconds);
  await tx.nativeUpdate(TokenFamily, { ...others, authenticatedAt: { $gt: authenticatedAt } }, { authenticatedAt });
  const password = user.passwordHash != null && (knowsPassword || (await isPasswordSince(tx, user, since)));
  if (password) await replacePassword(tx, user, null, now);
  user.devicesTrustedSince = now;
  return { passkeys, authenticatorApp, backupCodes, identities, apiKeys, phones, password };
}

/** Whether the password was set since then: the attacker may have chosen the present one. */
async function isPasswordSince(tx: EntityManager, user: User, since: Date): Promise<boolean> {
  if (user.passwordSetAt != null && user.passwordSetAt >= since) return true;
  return (await tx.count(FormerPassword, { user: user.id, replacedAt: { $gte: since } })) > 0;
}

/**
 * The unrevoked sessions that were proven by a factor added since then: they are the attacker's. A session does not store
 * the identity of its sign-in: where one was linked since then, all later sign-ins with providers count.
 */
export async function sessionsOfAddedFactors(tx: EntityManager, user: User, since: Date): Promise<string[]> {
  const hasLinked = (await tx.count(Identity, { user: user.id, linkedAt: { $gte: since } })) > 0;
  const families = await tx.find(
    TokenFamily,
    {
      user: user.id,
      revokedAt: null,
      $or: [
        { provenPasskey: { createdAt: { $gte: since } } },
        { provenTotp: { confirmedAt: { $gte: since } } },
        { provenBackupCode: { createdAt: { $gte: since } } },
        { provenPhone: { verifiedAt: { $gte: since } } },
        ...(hasLinked ? [{ createdAt: { $gte: since }, methods: { $contains: ['FEDERATED' as const] } }] : []),
      ],
    },
    { fields: ['id'], disableIdentityMap: true },
  );
  return families.map(({ id }) => id);
}
