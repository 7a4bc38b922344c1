/**
 * THE MAP: who may ask for what and how often, one line an operation. Whose row it is, is decided where the row is
 * fetched. What has no line here is denied, and the boot check (schema.ts) refuses to start without one.
 */
import { and } from 'graphql-shield';
import type { Limited } from './rate-limits.ts';
import { aal2, anyone, anyoneWithoutBadToken, can, enrolled, fromAdminNetwork } from './rules.ts';

/** @param limited counts by the limit of a name (ratelimit/limits.ts); two limits count for every operation, see schema.ts */
export const operations = (limited: Limited) => ({
  Query: {
    viewer: anyoneWithoutBadToken,
    passwordPolicy: anyone,
    auditEntries: and(can('audit:read'), aal2, fromAdminNetwork),
    auditIntegrity: and(can('audit:read'), aal2, fromAdminNetwork),
    securityOverview: and(can('audit:read'), aal2, fromAdminNetwork),
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
    revokeSession: can('sessions:own'),
    revokeOtherSessions: can('sessions:own'),
    disownSession: limited('resetPassword'),
    updateProfile: can('profile:write'),
  },
});

/** Fields that not everybody may read who may read the rest of their type. */
export const fieldRules = {
  Viewer: { sessions: can('sessions:own'), securityEvents: enrolled },
};

/**
 * Types that are safe by shape: whoever was handed one may read all of it but the fields above. The
 * others carry no rule and no cost.
 */
export const openTypes = [
  'AuditCheckpoint',
  'AuditEntry',
  'AuditEntryConnection',
  'AuditEntryEdge',
  'AuditIntegrity',
  'AuditProblem',
  'AuditTarget',
  'AuthSession',
  'DisownSessionPayload',
  'LogoutPayload',
  'MailQueue',
  'MfaAdoption',
  'PageInfo',
  'PasswordPolicy',
  'RegisterPayload',
  'RequestPasswordResetPayload',
  'ResendVerificationEmailPayload',
  'ResetPasswordPayload',
  'RevokeOtherSessionsPayload',
  'RevokeSessionPayload',
  'Role',
  'SecurityActivity',
  'SecurityOverview',
  'Session',
  'SessionConnection',
  'SessionEdge',
  'UpdateProfilePayload',
  'User',
  'VerifyEmailPayload',
  'Viewer',
] as const;
