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
    auditEntries: admin('audit:read'),
    auditIntegrity: admin('audit:read'),
    securityOverview: admin('audit:read'),
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
    resetUserMfa: admin('users:write'),
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
  Viewer: { sessions: can('sessions:own'), securityEvents: enrolled, passkeys: holds('mfa:own') },
  ManagedUser: { sessions: can('users:read'), auditEntries: can('audit:read') },
};

/**
 * Everything else, field by field: what whoever was handed one of the type may read of it. A field that is named neither
 * here nor above stops the start, so that none comes along unseen. These carry no rule and no cost.
 */
export const openFields = {
  AuditCheckpoint: 'number sequence hash signedAt kid signature',
  AuditEntry: 'id action outcome ipAddress userAgent reason sessionId requestId details occurredAt actor target hash',
  AuditEntryConnection: 'edges nodes pageInfo totalCount',
  AuditEntryEdge: 'cursor node',
  AuditIntegrity: 'whole problem checked complete checkpoint waiting',
  AuditProblem: 'kind sequence entryId message',
  AuditTarget: 'type id user',
  AuthSession:
    'accessToken accessTokenExpiresAt expiresIn refreshToken refreshTokenExpiresAt csrfToken deviceToken session viewer',
  BeginPasskeyLoginPayload: 'options expiresAt',
  BeginPasskeyRegistrationPayload: 'options expiresAt',
  BeginTotpEnrollmentPayload: 'secret otpauthUri qrCode expiresAt',
  ChangePasswordPayload: 'revokedCount',
  ConfirmEmailChangePayload: 'viewer',
  ConfirmPasskeyRegistrationPayload: 'passkey backupCodes',
  ConfirmTotpEnrollmentPayload: 'backupCodes',
  CreateRolePayload: 'role',
  CreateUserPayload: 'user',
  DeleteAccountPayload: 'deletedAt purgeAt',
  DeleteRolePayload: 'role',
  DeleteUserPayload: 'user',
  DisableTotpPayload: 'viewer',
  DisownSessionPayload: 'revokedCount',
  ExportMyDataPayload: 'data',
  LogoutPayload: 'revoked',
  MailQueue: 'pending oldestWaitingSeconds deadLetters',
  ManagedUser: 'id email emailVerified displayName status lastLoginAt createdAt deletedAt role lockedUntil mfa',
  ManagedUserConnection: 'edges nodes pageInfo totalCount',
  ManagedUserEdge: 'cursor node',
  MfaAdoption: 'users enabled',
  MfaChallenge: 'ticket methods expiresAt',
  MfaStatus: 'enabled methods backupCodesRemaining required',
  PageInfo: 'hasNextPage hasPreviousPage startCursor endCursor',
  Passkey: 'id name createdAt lastUsedAt backedUp',
  PasswordPolicy:
    'preset minLength minLengthWithSecondFactor maxLength requiredClasses classesRequiredBelow historySize breachCheck',
  ReactivateUserPayload: 'user',
  RegenerateBackupCodesPayload: 'backupCodes',
  RegisterPayload: 'status',
  RemovePasskeyPayload: 'viewer',
  RequestEmailChangePayload: 'accepted',
  RequestPasswordResetPayload: 'accepted',
  ResendVerificationEmailPayload: 'accepted',
  ResetPasswordPayload: 'reset',
  ResetUserMfaPayload: 'user',
  RestoreUserPayload: 'user',
  RevokeOtherSessionsPayload: 'revokedCount',
  RevokeSessionPayload: 'revokedCount',
  RevokeUserSessionsPayload: 'user',
  Role: 'name rank permissions system',
  SecurityActivity: 'from to signIns signInFailures locks tokenReuses registrations',
  SecurityOverview: 'since activeSessions lockedAccounts pendingRegistrations total activity mfa mailQueue',
  SendPasswordResetPayload: 'user',
  Session: 'id current createdAt lastUsedAt expiresAt ipAddress userAgent deviceName assurance methods',
  SessionConnection: 'edges nodes pageInfo totalCount',
  SessionEdge: 'cursor node',
  SetUserRolePayload: 'user',
  SuspendUserPayload: 'user',
  UnlockUserPayload: 'user',
  UpdateProfilePayload: 'viewer',
  UpdateRolePayload: 'role',
  User: 'id displayName',
  VerifyEmailPayload: 'verified',
  Viewer: 'id email emailVerified displayName locale role createdAt mfa permissions user',
  _Service: 'sdl',
} as const satisfies Readonly<Record<string, string>>;
