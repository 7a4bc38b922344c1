/** Checks a row of an import by itself, before anything is read about it. */
import { Buffer } from 'node:buffer';
import type { ForeignHashReader } from '../../../security/foreign-hashes/readers.ts';
import type { Provider } from '../../identities/provider.ts';
import { isId } from '../../ids.ts';
import { displayNameProblems, normaliseDisplayName } from '../../text/display-name.ts';
import { normaliseEmail } from '../../text/email-address.ts';
import { localeProblems, normaliseLocale } from '../../text/locale.ts';
import type { ImportedPasskey, ImportRow, ImportWarning, PosternPart, RowProblem } from './row.ts';

type KnownProvider = Pick<Provider, 'id' | 'slug' | 'issuer'>;

export interface CheckedRow {
  externalId: string;
  email: string;
  emailVerified: boolean;
  displayName: string | null;
  locale: string | null;
  role: string;
  isSuspended: boolean;
  createdAt: Date | null;
  passwordHash: string | null;
  identities: { provider: KnownProvider; subject: string; email: string | null }[];
  totpSecret: string | null;
  passkeys: CheckedPasskey[];
  postern: PosternPart | null;
  warnings: ImportWarning[];
}

export interface CheckedPasskey extends Omit<ImportedPasskey, 'credentialId' | 'publicKey' | 'rpId'> {
  credentialId: Buffer;
  publicKey: Buffer;
}

/** What rows are compared with. It is the same for a whole batch. */
export interface RowRules {
  readHash: ForeignHashReader;
  /** By slug and by issuer. */
  providers: ReadonlyMap<string, KnownProvider>;
  /** The problem of granting a role; null: it may be granted. */
  roleProblem(role: string): 'UNKNOWN_ROLE' | 'ROLE_TOO_HIGH' | null;
  defaultRole: string;
  rpId: string;
}

const maxExternalId = 255;
const maxSubject = 255;
const maxIdentities = 20;
const maxPasskeys = 50;
const maxKeyBytes = 2048;
const visible = /^[^\p{Cc}\p{Cs}]+$/u;
const base32 = /^[A-Z2-7]{16,128}$/;

export function checkRow(row: ImportRow, rules: RowRules): CheckedRow | RowProblem {
  const { externalId } = row;
  if (!isWithin(externalId, maxExternalId)) return 'MISSING_EXTERNAL_ID';
  const email = normaliseEmail(row.email);
  if (email === null) return 'INVALID_EMAIL';
  const displayName = normaliseDisplayName(row.displayName);
  const locale = normaliseLocale(row.locale);
  if ([...displayNameProblems(displayName, ''), ...localeProblems(locale, '')].length > 0) return 'INVALID_FIELD';
  if (row.createdAt && Number.isNaN(row.createdAt.getTime())) return 'INVALID_FIELD';
  const role = row.role ?? rules.defaultRole;
  const secrets = checkSecrets(row, rules);
  const problem = rules.roleProblem(role) ?? (typeof secrets === 'string' ? secrets : null);
  if (problem !== null || typeof secrets === 'string') return problem ?? 'INVALID_FIELD';
  const { emailVerified, isSuspended = false, createdAt = null, postern = null } = row;
  return {
    ...{ externalId, email, emailVerified, displayName, locale, role, isSuspended, createdAt, ...secrets },
    postern: postern && isId(postern.id) ? postern : null,
    warnings: [...(row.warnings ?? [])],
  };
}

type Secrets = Pick<CheckedRow, 'passwordHash' | 'identities' | 'totpSecret' | 'passkeys'>;

function checkSecrets(row: ImportRow, { readHash, providers, rpId }: RowRules): Secrets | RowProblem {
  const hash = row.passwordHash ? readHash(row.passwordHash) : null;
  if (typeof hash === 'string') return hash;
  const { identities = [], passkeys = [] } = row;
  if ((identities ?? []).length > maxIdentities || passkeys.length > maxPasskeys) return 'INVALID_FIELD';
  const linked: CheckedRow['identities'] = [];
  for (const { provider: name, subject, email } of identities ?? []) {
    const provider = providers.get(name);
    if (!provider) return 'UNKNOWN_PROVIDER';
    if (!isWithin(subject, maxSubject)) return 'INVALID_FIELD';
    linked.push({ provider, subject, email: email ? normaliseEmail(email) : null });
  }
  if (passkeys.some((passkey) => passkey.rpId !== rpId)) return 'PASSKEY_FOREIGN_DOMAIN';
  const keys = passkeys.map(checkPasskey);
  const totpSecret = row.totpSecret?.replaceAll(/[\s=]/g, '').toUpperCase() || null;
  if (keys.includes(null) || (totpSecret !== null && !base32.test(totpSecret))) return 'INVALID_FIELD';
  return {
    passwordHash: hash?.encoded ?? null,
    identities: linked,
    totpSecret,
    passkeys: keys.filter((key) => key !== null),
  };
}

function checkPasskey({ rpId: _, credentialId, publicKey, name, ...rest }: ImportedPasskey): CheckedPasskey | null {
  const [id, key] = [credentialId, publicKey].map((text) => Buffer.from(text, 'base64url'));
  const label = normaliseDisplayName(name);
  if (!id || !key || !label || displayNameProblems(label, '').length > 0) return null;
  const isSized = [id, key].every(({ length }) => length >= 16 && length <= maxKeyBytes);
  const isCounter = Number.isInteger(rest.counter) && rest.counter >= 0 && rest.counter < 2 ** 32;
  const areTransports = rest.transports.length <= 10 && rest.transports.every((each) => /^[a-z-]{1,20}$/.test(each));
  return isSized && isCounter && areTransports ? { ...rest, credentialId: id, publicKey: key, name: label } : null;
}

function isWithin(text: string, max: number): boolean {
  return typeof text === 'string' && text.length <= max && visible.test(text);
}
