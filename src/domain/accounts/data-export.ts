/**
 * Exports the data that is stored about the caller (GDPR articles 15 and 20). It omits secrets (hashes, sealed values,
 * tokens), and address, session and reason of audit entries by administrators, which are personal data of others.
 */
import { MailToken } from '../../persistence/access/mail-token.ts';
import { ImportedUser } from '../../persistence/accounts/imported-user.ts';
import { findEntriesOfPerson, findMailsTo, type Person } from '../../persistence/accounts/personal-data.ts';
import { User } from '../../persistence/accounts/user.ts';
import { ApiKey } from '../../persistence/applications/api-key.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { BackupCode } from '../../persistence/factors/backup-code.ts';
import { Passkey } from '../../persistence/factors/passkey.ts';
import { Phone } from '../../persistence/factors/phone.ts';
import { TotpSecret } from '../../persistence/factors/totp-secret.ts';
import { Identity } from '../../persistence/identities/identity.ts';
import { FormerPassword } from '../../persistence/passwords/former-password.ts';
import { AccountHabits } from '../../persistence/risk/account-habits.ts';
import { TokenFamily } from '../../persistence/sessions/token-family.ts';
import { CodeFlow } from '../../persistence/sign-in/code-flow.ts';
import { findSmsTo } from '../../persistence/sms/messages.ts';
import type { KeyRing } from '../../security/keys/key-ring.ts';
import type { Sealer } from '../../security/keys/sealing.ts';
import { type Caller, viewerOf } from '../caller.ts';
import { hashesOf, numberOf } from '../factors/phones.ts';
import { presentProof, provenFactorsOf } from '../sessions/factor-proof.ts';
import { transact, type Unit } from '../transaction.ts';
import { personOf } from './person.ts';

interface Secrets {
  keyRing: KeyRing;
  sealer: Sealer;
}

/**
 * @param since restricts mails, sessions and events to those since this time; null: all of them
 * @throws Refusal UNAUTHENTICATED
 */
export function exportData(unit: Unit & Secrets, caller: Caller, since: Date | null): Promise<Record<string, unknown>> {
  const viewer = viewerOf(caller);
  return transact(unit, caller, async ({ tx, now, audit }) => {
    const user = await tx.findOneOrFail(User, { id: viewer.id });
    const data = await readData(tx, unit, user, since);
    audit({
      action: 'data.exported',
      target: { type: 'user', id: user.id },
      details: { since: since?.toISOString() ?? null },
    });
    return { exportedAt: now, ...data };
  });
}

async function readData(tx: EntityManager, secrets: Secrets, user: User, since: Date | null) {
  const person = await personOf(tx, secrets.keyRing, user);
  const phones = await tx.find(Phone, { user }, { orderBy: { id: 'asc' } });
  return {
    account: accountOf(user),
    imports: await tx.find(ImportedUser, { user }).then((found) => found.map(importOf)),
    passwords: await passwordsOf(tx, user),
    secondFactors: await secondFactorsOf(tx, user),
    identities: await tx.find(Identity, { user }, { orderBy: { id: 'asc' } }).then((found) => found.map(identityOf)),
    apiKeys: await tx.find(ApiKey, { user }, { orderBy: { id: 'asc' } }).then((found) => found.map(apiKeyOf)),
    phones: phones.map((phone) => phoneOf(secrets, phone)),
    textMessages: await findSmsTo(tx, hashesOf(secrets, phones), since),
    links: await linksOf(tx, user),
    codes: await tx.find(CodeFlow, { user }, { orderBy: { id: 'desc' } }).then((found) => found.map(codeOf)),
    sessions: await sessionsOf(tx, user, since),
    habits: await habitsOf(tx, user),
    mails: await findMailsTo(tx, person, since),
    events: await eventsOf(tx, person, since),
  };
}

async function eventsOf(tx: EntityManager, person: Person, since: Date | null) {
  const entries = await findEntriesOfPerson(tx, person, since);
  return entries.map(({ actorId, sessionId, ipAddress, userAgent, reason, ...entry }) => {
    const byYourself = actorId === person.userId;
    const isOthers = !byYourself && actorId !== null;
    const circumstances = isOthers ? { reason: null } : { sessionId, ipAddress, userAgent, reason };
    return { ...entry, byYourself, ...circumstances };
  });
}

function accountOf(user: User) {
  const { id, email, displayName, locale, status, createdAt, updatedAt } = user;
  const { emailVerifiedAt, passwordSetAt, lastLoginAt, mfaEnabledAt, devicesTrustedSince } = user;
  return {
    ...{ id, email, displayName, locale, status, role: user.role.name },
    ...{ createdAt, updatedAt, emailVerifiedAt, passwordSetAt, lastLoginAt, mfaEnabledAt, devicesTrustedSince },
  };
}

/** Where the account came from. */
function importOf({ source, externalId, importedAt }: ImportedUser) {
  return { source, externalId, importedAt };
}

async function passwordsOf(tx: EntityManager, user: User) {
  const former = await tx.find(FormerPassword, { user }, { orderBy: { replacedAt: 'desc' } });
  return {
    isSet: user.passwordHash != null,
    replacedAt: former.map(({ replacedAt }) => replacedAt),
  };
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

/** All columns: the private key of a passkey never leaves its authenticator. */
function passkeyOf(passkey: Passkey) {
  const { id, name, createdAt, lastUsedAt, aloneFrom, backedUp, transports, counter } = passkey;
  const credentialId = passkey.credentialId.toString('base64url');
  const publicKey = passkey.publicKey.toString('base64url');
  return { id, name, createdAt, lastUsedAt, aloneFrom, backedUp, transports, counter, credentialId, publicKey };
}

function identityOf({ issuer, subject, email, linkedAt, lastUsedAt }: Identity) {
  return { issuer, subject, email, linkedAt, lastUsedAt };
}

/** The number is the user's own: it is exported in full. */
function phoneOf(secrets: Secrets, phone: Phone) {
  const { id, country, factor, createdAt, verifiedAt } = phone;
  return { id, number: numberOf(secrets, phone), country, factor, createdAt, verifiedAt };
}

/** All columns but the hashes of the secrets. */
function apiKeyOf(key: ApiKey) {
  const { id, name, lookup, scopes, createdAt, secretSetAt, rotatingUntil, expiresAt, revokedAt } = key;
  const { lastUsedAt, lastUsedFrom, ipAllowlist, limitPerMinute, expiryMailedAt, exposureMailedAt } = key;
  return {
    ...{ id, name, lookup, scopes, createdAt, secretSetAt, rotatingUntil, expiresAt, revokedAt },
    ...{ lastUsedAt, lastUsedFrom, ipAllowlist, limitPerMinute, expiryMailedAt, exposureMailedAt },
  };
}

/** All columns: what the risk assessment has learned. */
async function habitsOf(tx: EntityManager, user: User) {
  const habits = await tx.findOne(AccountHabits, { user: user.id });
  if (!habits) return null;
  const { countries, asns, hours, lastLatitude, lastLongitude, lastRadiusKm, lastAsn, lastAt } = habits;
  const { signIns, firstAt, updatedAt, passwordCheckedAt, passwordBreached } = habits;
  return {
    ...{ countries, asns, hours, lastLatitude, lastLongitude, lastRadiusKm, lastAsn, lastAt },
    ...{ signIns, firstAt, updatedAt, passwordCheckedAt, passwordBreached },
  };
}

/** The links in mails: their purpose, the address that they confirm or restore, and when they were used. */
async function linksOf(tx: EntityManager, user: User) {
  const tokens = await tx.find(MailToken, { user }, { orderBy: { id: 'desc' } });
  return tokens.map(({ purpose, email, sessionId, createdAt, expiresAt, usedAt }) => {
    return { purpose, email, sessionId, createdAt, expiresAt, usedAt };
  });
}

/** The codes that were mailed or sent by SMS in the last day. */
function codeOf({ channel, purpose, createdAt, expiresAt, usedAt }: CodeFlow) {
  return { channel, purpose, createdAt, expiresAt, usedAt };
}

async function sessionsOf(tx: EntityManager, user: User, since: Date | null) {
  const where = { user, ...(since && { rotatedAt: { $gte: since } }) };
  const families = await tx.find(TokenFamily, where, { orderBy: { id: 'desc' } });
  return families.map((family) => {
    const { id, createdAt, rotatedAt, expiresAt, revokedAt, revokedReason, authenticatedAt } = family;
    const { ipAddress, network, userAgent, deviceName, country, city, risk, permissionsLimit, claimsExt } = family;
    return {
      ...{ id, createdAt, lastUsedAt: rotatedAt, expiresAt, endedAt: revokedAt, endedBecause: revokedReason },
      ...{ authenticatedAt, ...presentProof(provenFactorsOf(family)), ipAddress, network, userAgent, deviceName },
      ...{ country, city, risk },
      ...{ permissionsLimit, claimsExt },
    };
  });
}
