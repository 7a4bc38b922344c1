/**
 * The permission map: which caller may ask for what and how often, one entry per operation. Ownership of a row is checked
 * where the row is fetched. An operation without an entry is denied, and coverage.ts refuses to start without one.
 */
import { admin, alsoFor, anyone, type Entry, optionalUser, own, recentAdmin, router, user } from './entry.ts';

export type Entries = Readonly<Record<string, Readonly<Record<string, Entry>>>>;

/** Every request counts in a general limit besides: `anonymous` by source or `authenticated` by user. */
export const operations = {
  Query: {
    viewer: optionalUser,
    machine: alsoFor('any', optionalUser),
    serviceAccounts: alsoFor('any', admin('service-accounts:write')),
    serviceAccount: alsoFor('any', admin('service-accounts:write')),
    passwordPolicy: anyone(),
    federatedProviders: anyone(),
    _entities: router,
    _service: router,
    user: alsoFor('any', admin('users:read')),
    users: alsoFor('any', admin('users:read')),
    roles: alsoFor('any', admin('roles:read')),
    managedFederatedProviders: alsoFor('any', admin('providers:write')),
    permissions: alsoFor('any', admin('roles:read')),
    auditEntries: alsoFor('any', admin('audit:read')),
    auditIntegrity: alsoFor('any', admin('audit:read')),
    securityOverview: alsoFor('any', admin('audit:read')),
    eventTypes: alsoFor('any', admin('audit:read')),
    webhooks: alsoFor('any', admin('webhooks:write')),
    webhook: alsoFor('any', admin('webhooks:write')),
    settings: admin('settings:read'),
    signingKeys: admin('settings:read'),
  },
  Mutation: {
    register: anyone('register'),
    verifyEmail: anyone('verifyEmail'),
    resendVerificationEmail: anyone('resendVerificationEmail'),
    requestPasswordReset: anyone('requestPasswordReset'),
    resetPassword: anyone('resetPassword'),
    login: anyone('login', 'loginSource'),
    refresh: anyone('refresh'),
    logout: anyone(),
    reauthenticate: user({ factor: 'none', limits: ['reauthenticate'] }),
    verifyMfa: anyone('verifyMfa'),
    beginTotpEnrollment: own('mfa:own', { factor: 'none', recent: true }),
    confirmTotpEnrollment: own('mfa:own', { factor: 'proven', limits: ['reauthenticate'] }),
    disableTotp: own('mfa:own', { recent: true, limits: ['reauthenticate'] }),
    regenerateBackupCodes: own('mfa:own', { recent: true, limits: ['reauthenticate'] }),
    beginPasskeyRegistration: own('mfa:own', { factor: 'none', recent: true }),
    confirmPasskeyRegistration: own('mfa:own', { factor: 'none', recent: true }),
    confirmPasskey: anyone('verifyEmail'),
    beginPasskeyLogin: anyone('beginPasskeyLogin'),
    loginWithPasskey: anyone('loginWithPasskey'),
    renamePasskey: own('mfa:own', { recent: true }),
    removePasskey: own('mfa:own', { recent: true }),
    // The purposes LINK and REAUTHENTICATE need a session: domain/identities/begin.ts checks it.
    beginFederatedLogin: anyone('beginFederatedLogin'),
    completeFederatedLogin: anyone('completeFederatedLogin'),
    acceptLink: anyone('completeFederatedLogin'),
    finishFederatedSignUp: anyone('completeFederatedLogin'),
    loginWithIdToken: anyone('loginWithIdToken'),
    linkIdentity: user({ recent: true, limits: ['reauthenticate'] }),
    unlinkIdentity: user({ recent: true }),
    revokeSession: own('sessions:own'),
    revokeOtherSessions: own('sessions:own'),
    disownSession: anyone('resetPassword'),
    updateProfile: own('profile:write'),
    changePassword: user({ factor: 'AAL2', limits: ['reauthenticate'] }),
    setPassword: user({ recent: true, limits: ['reauthenticate'] }),
    requestEmailChange: user({ recent: true, limits: ['requestEmailChange'] }),
    confirmEmailChange: anyone('verifyEmail'),
    deleteAccount: user({ recent: true, limits: ['reauthenticate'] }),
    exportMyData: user({ recent: true, limits: ['exportMyData'] }),
    // A role above USER needs a recent authentication: domain/administration/create-user.ts checks it.
    createUser: alsoFor('service', admin('users:write')),
    setUserRole: recentAdmin('roles:assign'),
    suspendUser: alsoFor('service', admin('users:moderate', 'users:write')),
    reactivateUser: alsoFor('service', admin('users:moderate', 'users:write')),
    unlockUser: alsoFor('service', admin('users:moderate', 'users:write')),
    deleteUser: recentAdmin('users:delete'),
    restoreUser: recentAdmin('users:delete'),
    sendPasswordReset: alsoFor('service', admin('users:write')),
    resetUserMfa: recentAdmin('users:write'),
    revokeUserSessions: alsoFor('service', admin('users:write')),
    // Keys of service accounts need `service-accounts:write`: domain/applications/key-owner.ts checks it.
    createApiKey: user({
      anyOf: ['keys:own', 'service-accounts:write'],
      recent: true,
      limits: ['createApiKey'],
    }),
    rotateApiKey: user({ anyOf: ['keys:own', 'service-accounts:write'], recent: true }),
    updateApiKey: user({ anyOf: ['keys:own', 'service-accounts:write'], recent: true }),
    revokeApiKey: user(),
    createServiceAccount: recentAdmin('service-accounts:write'),
    suspendServiceAccount: recentAdmin('service-accounts:write'),
    reactivateServiceAccount: recentAdmin('service-accounts:write'),
    deleteServiceAccount: recentAdmin('service-accounts:write'),
    setServiceAccountJwks: recentAdmin('service-accounts:write'),
    createClientSecret: recentAdmin('service-accounts:write'),
    revokeClientSecret: recentAdmin('service-accounts:write'),
    createRole: recentAdmin('roles:write'),
    updateRole: recentAdmin('roles:write'),
    deleteRole: recentAdmin('roles:write'),
    createFederatedProvider: recentAdmin('providers:write'),
    updateFederatedProvider: recentAdmin('providers:write'),
    deleteFederatedProvider: recentAdmin('providers:write'),
    testFederatedProvider: admin('providers:write'),
    rotateSigningKeys: recentAdmin('signing-keys:write'),
    createWebhook: recentAdmin('webhooks:write'),
    // Another address and profiles need a recent authentication: domain/webhooks/manage-webhooks.ts checks it.
    updateWebhook: admin('webhooks:write'),
    rotateWebhookSecret: recentAdmin('webhooks:write'),
    deleteWebhook: admin('webhooks:write'),
    sendTestEvent: { ...admin('webhooks:write'), limits: ['admin', 'sendTestEvent'] },
    redeliver: { ...admin('webhooks:write'), limits: ['admin', 'redeliver'] },
  },
} as const satisfies Entries;

/** Fields with a stricter rule than the rest of their type. */
export const fieldEntries = {
  Viewer: {
    sessions: own('sessions:own'),
    securityEvents: user(),
    passkeys: own('mfa:own'),
    identities: user(),
    apiKeys: own('keys:own'),
  },
  // Other subgraphs refer to service accounts, so a router reaches them for any caller.
  ServiceAccount: {
    role: alsoFor('any', user({ anyOf: ['service-accounts:write', 'audit:read'] })),
    status: alsoFor('any', user({ anyOf: ['service-accounts:write', 'audit:read'] })),
    createdAt: alsoFor('any', user({ anyOf: ['service-accounts:write', 'audit:read'] })),
    keys: alsoFor('any', user({ anyOf: ['service-accounts:write'] })),
    clientSecrets: alsoFor('any', user({ anyOf: ['service-accounts:write'] })),
  },
  ManagedUser: {
    apiKeys: alsoFor('any', user({ anyOf: ['users:read'] })),
    identities: alsoFor('any', user({ anyOf: ['users:read'] })),
    sessions: alsoFor('any', user({ anyOf: ['users:read'] })),
    auditEntries: alsoFor('any', user({ anyOf: ['audit:read'] })),
  },
} as const satisfies Entries;

/** Types whose every field is open to the caller that received one, by the end of their name. */
export const openTypes = /(Payload|Connection|Edge)$|^PageInfo$/;

/**
 * The open fields of every other type. A field that is named neither here nor above stops the start, so that no field
 * is published by accident.
 */
export const openFields = {
  ApiKey: 'id name hint scopes owner createdAt expiresAt lastUsedAt lastUsedFrom ipAllowlist limitPerMinute rotating',
  AuditCheckpoint: 'number sequence hash signedAt kid signature',
  AuditEntry:
    'id action outcome ipAddress userAgent reason sessionId requestId details occurredAt actor serviceAccount actorLabel target hash sequence',
  AuditIntegrity: 'whole problem checked complete checkpoint waiting',
  AuditProblem: 'kind sequence entryId message',
  AuditTarget: 'type id user label',
  AuthSession:
    'accessToken accessTokenExpiresAt expiresIn refreshToken refreshTokenExpiresAt csrfToken deviceToken session viewer',
  ClientSecret: 'id hint createdAt expiresAt',
  EventDefinition: 'type name version description schema',
  FederatedProvider: 'id slug displayName kind iconUrl',
  Identity: 'id provider email subjectHint linkedAt lastUsedAt',
  LinkProposal: 'ticket email proofs expiresAt',
  Machine: 'id name scopes key',
  MailQueue: 'pending oldestWaitingSeconds deadLetters',
  ManagedFederatedProvider: 'provider enabled source settings callbackUrl lastTest',
  ManagedUser: 'id email emailVerified displayName status lastLoginAt createdAt deletedAt role lockedUntil mfa',
  MfaAdoption: 'users enabled',
  MfaChallenge: 'ticket methods expiresAt',
  MfaStatus: 'enabled methods backupCodesRemaining required',
  Passkey: 'id name createdAt lastUsedAt backedUp aloneFrom',
  PasswordPolicy:
    'preset minLength minLengthWithSecondFactor maxLength requiredClasses classesRequiredBelow historySize breachCheck',
  ProviderProblem: 'code message',
  ProviderTest: 'testedAt problems',
  Permission: 'name operations',
  Role: 'name rank permissions system',
  SecurityActivity: 'from to signIns signInFailures locks tokenReuses registrations',
  SecurityOverview: 'since activeSessions lockedAccounts pendingRegistrations total activity mfa mailQueue',
  ServiceAccount: 'id name',
  Session: 'id current createdAt lastUsedAt expiresAt ipAddress userAgent deviceName assurance methods',
  Setting: 'name value source secret',
  SigningKey: 'kid state createdAt activatedAt retiredAt promotableAt',
  SignUpProposal: 'ticket email displayName missing expiresAt',
  User: 'id displayName',
  Viewer: 'id email emailVerified displayName locale role createdAt mfa permissions hasPassword signInMethods user',
  Webhook: 'id url description events includeProfile enabled disabledReason failingSince createdAt deliveries',
  WebhookDelivery: 'id eventId event attempt status responseStatus responseExcerpt durationMs createdAt nextAttemptAt',
  _Service: 'sdl',
} as const satisfies Readonly<Record<string, string>>;
