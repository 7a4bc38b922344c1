/**
 * THE MAP: who may ask for what and how often, one line an operation. Whose row it is, is decided where the row is
 * fetched. What has no line here is denied, and the boot check (schema.ts) refuses to start without one.
 */
import { and } from 'graphql-shield';
import type { Limited } from './rate-limits.ts';
import { anyone, anyoneWithoutBadToken, can, enrolled, holds, recent, signedIn, steppedUp } from './rules.ts';

/** @param limited counts by the limit of a name (ratelimit/limits.ts); two limits count for every operation, see schema.ts */
export const operations = (limited: Limited) => ({
  Query: {
    viewer: anyoneWithoutBadToken,
    passwordPolicy: anyone,
  },
  Mutation: {
    register: limited('register'),
    verifyEmail: limited('verifyEmail'),
    resendVerificationEmail: limited('resendVerificationEmail'),
    requestPasswordReset: limited('requestPasswordReset'),
    resetPassword: limited('resetPassword'),
    login: and(limited('login'), limited('loginSource')),
    refresh: limited('refresh'),
    logout: anyone,
    reauthenticate: and(signedIn, limited('reauthenticate')),
    verifyMfa: limited('verifyMfa'),
    beginTotpEnrollment: and(holds('mfa:own'), recent, steppedUp),
    confirmTotpEnrollment: and(holds('mfa:own'), steppedUp),
    disableTotp: and(can('mfa:own'), recent),
    regenerateBackupCodes: and(can('mfa:own'), recent),
    revokeSession: can('sessions:own'),
    revokeOtherSessions: can('sessions:own'),
    disownSession: limited('resetPassword'),
    updateProfile: can('profile:write'),
    changePassword: enrolled,
    requestEmailChange: and(enrolled, recent, limited('requestEmailChange')),
    confirmEmailChange: limited('verifyEmail'),
    deleteAccount: and(enrolled, recent),
    exportMyData: and(enrolled, recent, limited('exportMyData')),
  },
});

/** Fields that not everybody may read who may read the rest of their type. */
export const fieldRules = {
  Viewer: { sessions: can('sessions:own') },
};

/**
 * Types that are safe by shape: whoever was handed one may read all of it but the fields above. The
 * others carry no rule and no cost.
 */
export const openTypes = [
  'AuthSession',
  'BeginTotpEnrollmentPayload',
  'ChangePasswordPayload',
  'ConfirmEmailChangePayload',
  'ConfirmTotpEnrollmentPayload',
  'DeleteAccountPayload',
  'DisableTotpPayload',
  'DisownSessionPayload',
  'ExportMyDataPayload',
  'LogoutPayload',
  'MfaChallenge',
  'MfaStatus',
  'PageInfo',
  'PasswordPolicy',
  'RegenerateBackupCodesPayload',
  'RegisterPayload',
  'RequestEmailChangePayload',
  'RequestPasswordResetPayload',
  'ResendVerificationEmailPayload',
  'ResetPasswordPayload',
  'RevokeOtherSessionsPayload',
  'RevokeSessionPayload',
  'Role',
  'Session',
  'SessionConnection',
  'SessionEdge',
  'UpdateProfilePayload',
  'User',
  'VerifyEmailPayload',
  'Viewer',
] as const;
