/**
 * THE MAP: who may ask for what and how often, one line an operation. Whose row it is, is decided where the row is
 * fetched. What has no line here is denied, and the boot check (schema.ts) refuses to start without one.
 */
import { and } from 'graphql-shield';
import type { Limited } from './rate-limits.ts';
import {
  aal2,
  anyone,
  anyoneWithoutBadToken,
  can,
  enrolled,
  fromAdminNetwork,
  holds,
  recent,
  router,
  signedIn,
  steppedUp,
} from './rules.ts';

/** @param limited counts by the limit of a name (ratelimit/limits.ts); two limits count for every operation, see schema.ts */
export const operations = (limited: Limited, admin = administration(limited)) => ({
  Query: {
    viewer: anyoneWithoutBadToken,
    passwordPolicy: anyone,
    _entities: router,
    _service: router,
    user: admin('users:read'),
    users: admin('users:read'),
    roles: admin('roles:read'),
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
    beginPasskeyRegistration: and(holds('mfa:own'), recent, steppedUp),
    confirmPasskeyRegistration: and(holds('mfa:own'), steppedUp),
    beginPasskeyLogin: limited('beginPasskeyLogin'),
    loginWithPasskey: limited('loginWithPasskey'),
    removePasskey: and(can('mfa:own'), recent, steppedUp),
    revokeSession: can('sessions:own'),
    revokeOtherSessions: can('sessions:own'),
    disownSession: limited('resetPassword'),
    updateProfile: can('profile:write'),
    changePassword: enrolled,
    requestEmailChange: and(enrolled, recent, limited('requestEmailChange')),
    confirmEmailChange: limited('verifyEmail'),
    deleteAccount: and(enrolled, recent),
    exportMyData: and(enrolled, recent, limited('exportMyData')),
    createUser: admin('users:write'),
    setUserRole: admin('roles:assign'),
    suspendUser: admin('users:moderate', 'users:write'),
    reactivateUser: admin('users:moderate', 'users:write'),
    unlockUser: admin('users:moderate', 'users:write'),
    deleteUser: admin('users:delete'),
    restoreUser: admin('users:delete'),
    sendPasswordReset: admin('users:write'),
    revokeUserSessions: admin('users:write'),
    createRole: admin('roles:write'),
    updateRole: admin('roles:write'),
    deleteRole: admin('roles:write'),
  },
});

/** What all administration takes: one of the permissions, the factors and the network that are demanded, and moderation. */
const administration =
  (limited: Limited) =>
  (...anyOf: Parameters<typeof can>) =>
    and(can(...anyOf), aal2, fromAdminNetwork, limited('admin'));

/** Fields that not everybody may read who may read the rest of their type. */
export const fieldRules = {
  Viewer: { sessions: can('sessions:own'), passkeys: holds('mfa:own') },
  ManagedUser: { sessions: can('users:read') },
};

/**
 * Types that are safe by shape: whoever was handed one may read all of it but the fields above. The
 * others carry no rule and no cost.
 */
export const openTypes = [
  'AuthSession',
  'BeginPasskeyLoginPayload',
  'BeginPasskeyRegistrationPayload',
  'BeginTotpEnrollmentPayload',
  'ChangePasswordPayload',
  'ConfirmEmailChangePayload',
  'ConfirmPasskeyRegistrationPayload',
  'CreateRolePayload',
  'CreateUserPayload',
  'ConfirmTotpEnrollmentPayload',
  'DeleteAccountPayload',
  'DeleteRolePayload',
  'DeleteUserPayload',
  'DisableTotpPayload',
  'DisownSessionPayload',
  'ExportMyDataPayload',
  'LogoutPayload',
  'ManagedUser',
  'ManagedUserConnection',
  'ManagedUserEdge',
  'MfaChallenge',
  'MfaStatus',
  'PageInfo',
  'Passkey',
  'PasswordPolicy',
  'ReactivateUserPayload',
  'RegenerateBackupCodesPayload',
  'RegisterPayload',
  'RemovePasskeyPayload',
  'RequestEmailChangePayload',
  'RequestPasswordResetPayload',
  'ResendVerificationEmailPayload',
  'ResetPasswordPayload',
  'RestoreUserPayload',
  'RevokeOtherSessionsPayload',
  'RevokeSessionPayload',
  'RevokeUserSessionsPayload',
  'Role',
  'SendPasswordResetPayload',
  'Session',
  'SessionConnection',
  'SessionEdge',
  'SetUserRolePayload',
  'SuspendUserPayload',
  'UnlockUserPayload',
  'UpdateProfilePayload',
  'UpdateRolePayload',
  'User',
  'VerifyEmailPayload',
  'Viewer',
  '_Service',
] as const;
