/** One mail of every kind; the compiler reports a missing kind. */
import type { MailKind, MailOf, MailVariables } from '../../../src/mail/mail.ts';

export const sampleToken = 'pL4nted-T0ken_pL4nted-T0ken_pL4nted-T0ken_1';
export const sampleMoment = '2026-03-01T12:34:56.789Z';
const later = '2026-03-31T12:34:56.789Z';
const token = sampleToken;
const at = sampleMoment;
const ipAddress = '203.0.113.7';

const variables: MailVariables = {
  verify_email: { token, requestedAt: at, expiresAt: later, ipAddress },
  choose_password: { token, expiresAt: later },
  account_is_deleted: { requestedAt: at, purgeAt: later, ipAddress },
  already_registered: { requestedAt: at, ipAddress },
  password_changed: { token, changedAt: at, ipAddress },
  password_reset: { token, requestedAt: at, ipAddress },
  account_locked: { lockedUntil: at, ipAddress },
  new_sign_in: {
    token,
    signedInAt: at,
    ipAddress,
    userAgent: null,
    deviceName: 'laptop',
    place: { country: 'DE', city: 'Berlin' },
    signals: ['NEW_COUNTRY', 'NEW_ASN'],
  },
  token_reuse_detected: { detectedAt: at, ipAddress, deviceName: 'laptop' },
  email_change_confirm: { token, requestedAt: at, ipAddress },
  email_change_requested: { token, newEmail: 'new@example.com', requestedAt: at, ipAddress },
  email_changed: { token, newEmail: 'new@example.com', changedAt: at, ipAddress },
  mfa_enabled: { token, method: 'PASSKEY', changedAt: at, ipAddress },
  mfa_disabled: { token, method: 'ALL', changedAt: at, ipAddress },
  identity_linked: { token, provider: 'Example', changedAt: at, ipAddress },
  identity_unlinked: { token, provider: 'Example', changedAt: at, ipAddress },
  phone_added: { token, number: '+49•••••••••89', factor: true, changedAt: at, ipAddress },
  phone_removed: { token, number: '+49•••••••••89', factor: false, changedAt: at, ipAddress },
  backup_code_used: { token, remaining: 2, usedAt: at, ipAddress },
  backup_codes_regenerated: { token, changedAt: at, ipAddress },
  passkey_confirm: { token, addedAt: at, ipAddress },
  passkey_clone_suspected: { name: 'Key ring', detectedAt: at, ipAddress },
  account_recovered: {
    ...{ passkeys: 2, authenticatorApp: true, backupCodes: true, identities: 1, apiKeys: 1, phones: 1, password: true },
    ...{ recoveredAt: at, ipAddress },
  },
  api_key_expiring: { name: 'nightly build', serviceAccount: null, expiresAt: later },
  api_key_expired: { name: 'nightly build', serviceAccount: 'deploy', expiresAt: at },
  webhook_disabled: { host: 'hooks.example.com', description: 'billing', reason: 'failing', disabledAt: at },
  api_key_exposed: { name: 'nightly build', serviceAccount: null, seenAt: at, ipAddress },
  sign_in_code: { code: '01234567', token, requestedAt: at, ipAddress },
  second_step_code: { code: '01234567', requestedAt: at, ipAddress },
  invitation: { token, expiresAt: at },
  account_deleted: { deletedAt: at, purgeAt: later, ipAddress },
  account_restored: { restoredAt: at },
};

const isKind = (name: string): name is MailKind => Object.hasOwn(variables, name);
export const mailKinds: readonly MailKind[] = Object.keys(variables).filter(isKind);

/** @param other variables that differ from the usual ones */
export function sampleMail<Kind extends MailKind>(kind: Kind, other: Partial<MailVariables[Kind]> = {}): MailOf<Kind> {
  return { kind, to: 'ada@example.com', variables: { ...variables[kind], ...other } };
}
