/**
 * Everything that is stored about a user, for the user (GDPR articles 15 and 20). No secret is data about them: hashes,
 * sealed values and tokens stay. Where an administrator did something to them, the administrator's whereabouts are not theirs.
 */
import { BackupCode } from '../persistence/entities/backup-code.ts';
import { FormerPassword } from '../persistence/entities/former-password.ts';
import { MailToken } from '../persistence/entities/mail-token.ts';
import { OutboxMail } from '../persistence/entities/outbox-mail.ts';
import { Passkey } from '../persistence/entities/passkey.ts';
import { TokenFamily } from '../persistence/entities/token-family.ts';
import { TotpSecret } from '../persistence/entities/totp-secret.ts';
import { User } from '../persistence/entities/user.ts';
import type { EntityManager } from '../persistence/entity-manager.ts';
import { findEntriesOfPerson } from '../persistence/queries/personal-data.ts';
import { keyedHashes } from '../security/keyed-hash.ts';
import { recordAudit } from './audit.ts';
import { type Caller, viewerOf } from './caller.ts';
import type { DomainDependencies } from './dependencies.ts';

export class DataExports {
  readonly #deps: DomainDependencies;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
  }

  /**
   * @param since only what happened since then, of what is a list of events; null: all of it
   * @throws Refusal UNAUTHENTICATED
   */
  async export(caller: Caller, since: Date | null): Promise<Record<string, unknown>> {
    const { em, clock, keyRing } = this.#deps;
    const viewer = viewerOf(caller);
    const now = clock.now();
    return em.fork().transactional(async (tx) => {
      const user = await tx.findOneOrFail(User, { id: viewer.id });
      const data = {
        exportedAt: now,
        account: accountOf(user),
        passwords: await passwordsOf(tx, user),
        secondFactors: await secondFactorsOf(tx, user),
        pendingEmailChange: await pendingEmailChangeOf(tx, user, now),
        sessions: await sessionsOf(tx, user, since),
        mails: await mailsTo(tx, keyedHashes(keyRing, user.email), since),
        events: await this.#eventsOf(tx, user, since),
      };
      recordAudit(tx, caller.client, now, {
        action: 'data.exported',
        actorId: user.id,
        target: { type: 'user', id: user.id },
        sessionId: viewer.session.id,
        details: { since: since?.toISOString() ?? null },
      });
      return data;
    });
  }

  async #eventsOf(tx: EntityManager, user: User, since: Date | null) {
    const addressHashes = keyedHashes(this.#deps.keyRing, user.email).map((hash) => hash.toString('base64url'));
    const entries = await findEntriesOfPerson(tx, { userId: user.id, addressHashes }, since);
    return entries.map(({ actorId, ipAddress, userAgent, ...entry }) => {
      const isOwn = actorId === null || actorId === user.id;
      return { ...entry, byYourself: actorId === user.id, ...(isOwn && { ipAddress, userAgent }) };
    });
  }
}

function accountOf(user: User) {
  const { id, email, displayName, locale, status, createdAt, updatedAt, emailVerifiedAt, lastLoginAt, mfaEnabledAt } =
    user;
  return {
    ...{ id, email, displayName, locale, status, role: user.role.name },
    ...{ createdAt, updatedAt, emailVerifiedAt, lastLoginAt, mfaEnabledAt },
  };
}

async function passwordsOf(tx: EntityManager, user: User) {
  const former = await tx.find(FormerPassword, { user }, { orderBy: { replacedAt: 'desc' } });
  return { isSet: user.passwordHash != null, replacedAt: former.map(({ replacedAt }) => replacedAt) };
}

async function secondFactorsOf(tx: EntityManager, user: User) {
  const totp = await tx.findOne(TotpSecret, { user: user.id });
  const passkeys = await tx.find(Passkey, { user }, { orderBy: { id: 'asc' } });
  const codes = await tx.find(BackupCode, { user }, { orderBy: { id: 'asc' } });
  return {
    totp: totp && { createdAt: totp.createdAt, confirmedAt: totp.confirmedAt },
    passkeys: passkeys.map(({ id, name, createdAt, lastUsedAt, backedUp }) => {
      return { id, name, createdAt, lastUsedAt, backedUp };
    }),
    backupCodes: codes.map(({ createdAt, usedAt }) => ({ createdAt, usedAt })),
  };
}

async function pendingEmailChangeOf(tx: EntityManager, user: User, now: Date) {
  const pending = { user, purpose: 'EMAIL_CHANGE', usedAt: null, expiresAt: { $gt: now } } as const;
  const token = await tx.findOne(MailToken, pending);
  return token && { newEmail: token.email, requestedAt: token.createdAt, expiresAt: token.expiresAt };
}

async function sessionsOf(tx: EntityManager, user: User, since: Date | null) {
  const where = { user, ...(since && { rotatedAt: { $gte: since } }) };
  const families = await tx.find(TokenFamily, where, { orderBy: { id: 'desc' } });
  return families.map((family) => {
    const { id, createdAt, rotatedAt, expiresAt, revokedAt, revokedReason, authenticatedAt } = family;
    const { assurance, methods, ipAddress, network, userAgent, deviceName } = family;
    return {
      ...{ id, createdAt, lastUsedAt: rotatedAt, expiresAt, endedAt: revokedAt, endedBecause: revokedReason },
      ...{ authenticatedAt, assurance, methods, ipAddress, network, userAgent, deviceName },
    };
  });
}

async function mailsTo(tx: EntityManager, recipientHashes: Buffer[], since: Date | null) {
  const where = { recipientHash: { $in: recipientHashes }, ...(since && { createdAt: { $gte: since } }) };
  const mails = await tx.find(OutboxMail, where, { orderBy: { id: 'desc' } });
  return mails.map(({ kind, state, createdAt, sentAt }) => ({ kind, state, createdAt, sentAt }));
}
