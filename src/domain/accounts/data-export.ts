/**
 * Everything that is stored about a user, for the user (GDPR articles 15 and 20). No secret is data about them: hashes,
 * sealed values and tokens stay. Where an administrator did something to them, the administrator's whereabouts are not theirs.
 */

import { MailToken } from '../../persistence/access/mail-token.ts';
import { findEntriesOfPerson, findMailsTo, type Person } from '../../persistence/accounts/personal-data.ts';
import { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { BackupCode } from '../../persistence/factors/backup-code.ts';
import { Passkey } from '../../persistence/factors/passkey.ts';
import { TotpSecret } from '../../persistence/factors/totp-secret.ts';
import { FormerPassword } from '../../persistence/passwords/former-password.ts';
import { TokenFamily } from '../../persistence/sessions/token-family.ts';
import { recordAudit } from '../audit/record.ts';
import { type Caller, viewerOf } from '../caller.ts';
import type { DomainDependencies } from '../dependencies.ts';
import { presentProof, provenFactorsOf } from '../sessions/factor-proof.ts';
import { personOf } from './person.ts';

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
      const person = await personOf(tx, keyRing, user);
      const data = {
        exportedAt: now,
        account: accountOf(user),
        passwords: await passwordsOf(tx, user),
        secondFactors: await secondFactorsOf(tx, user),
        links: await linksOf(tx, user),
        sessions: await sessionsOf(tx, user, since),
        mails: await findMailsTo(tx, person, since),
        events: await eventsOf(tx, person, since),
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
}

async function eventsOf(tx: EntityManager, person: Person, since: Date | null) {
  const entries = await findEntriesOfPerson(tx, person, since);
  return entries.map(({ actorId, sessionId, ipAddress, userAgent, reason, ...entry }) => {
    const byYourself = actorId === person.userId;
    const isNobodyElses = byYourself || actorId === null;
    // What an administrator did keeps its place of origin and its internal reason to itself.
    const circumstances = isNobodyElses ? { sessionId, ipAddress, userAgent, reason } : { reason: null };
    return { ...entry, byYourself, ...circumstances };
  });
}

function accountOf(user: User) {
  const { id, email, displayName, locale, status, createdAt, updatedAt } = user;
  const { emailVerifiedAt, lastLoginAt, mfaEnabledAt, devicesTrustedSince } = user;
  return {
    ...{ id, email, displayName, locale, status, role: user.role.name },
    ...{ createdAt, updatedAt, emailVerifiedAt, lastLoginAt, mfaEnabledAt, devicesTrustedSince },
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
    passkeys: passkeys.map(passkeyOf),
    backupCodes: codes.map(({ createdAt, usedAt }) => ({ createdAt, usedAt })),
  };
}

/** All of it: the secret half of a passkey never leaves its authenticator. */
function passkeyOf(passkey: Passkey) {
  const { id, name, createdAt, lastUsedAt, aloneFrom, backedUp, transports, counter } = passkey;
  const credentialId = passkey.credentialId.toString('base64url');
  const publicKey = passkey.publicKey.toString('base64url');
  return { id, name, createdAt, lastUsedAt, aloneFrom, backedUp, transports, counter, credentialId, publicKey };
}

/** What the links in mails were for, which address they confirm or go back to, and whether they were followed. */
async function linksOf(tx: EntityManager, user: User) {
  const tokens = await tx.find(MailToken, { user }, { orderBy: { id: 'desc' } });
  return tokens.map(({ purpose, email, sessionId, createdAt, expiresAt, usedAt }) => {
    return { purpose, email, sessionId, createdAt, expiresAt, usedAt };
  });
}

async function sessionsOf(tx: EntityManager, user: User, since: Date | null) {
  const where = { user, ...(since && { rotatedAt: { $gte: since } }) };
  const families = await tx.find(TokenFamily, where, { orderBy: { id: 'desc' } });
  return families.map((family) => {
    const { id, createdAt, rotatedAt, expiresAt, revokedAt, revokedReason, authenticatedAt } = family;
    const { ipAddress, network, userAgent, deviceName } = family;
    return {
      ...{ id, createdAt, lastUsedAt: rotatedAt, expiresAt, endedAt: revokedAt, endedBecause: revokedReason },
      ...{ authenticatedAt, ...presentProof(provenFactorsOf(family)), ipAddress, network, userAgent, deviceName },
    };
  });
}
