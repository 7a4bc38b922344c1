/** The fields of the schema that return a secret, and the callers that get it; every other text field is harmless. */
import type { Answer } from '../gateway/answer.ts';

/** By type and field. Each new field of the schema must be classified: `secret-leaks.test.ts` checks that. */
export const secretFields: ReadonlySet<string> = new Set([
  'AuthSession.accessToken',
  'AuthSession.refreshToken',
  'AuthSession.csrfToken',
  'AuthSession.deviceToken',
  'ChangePasswordPayload.deviceToken',
  'SetPasswordPayload.deviceToken',
  'BeginFederatedLoginPayload.authorizationUrl',
  'LinkProposal.ticket',
  'SignUpProposal.ticket',
  'MfaChallenge.ticket',
  'CodeFlow.flow',
  'CreateApiKeyPayload.secret',
  'RotateApiKeyPayload.secret',
  'CreateClientSecretPayload.secret',
  'CreateWebhookPayload.secret',
  'RotateWebhookSecretPayload.secret',
  'BeginTotpEnrollmentPayload.secret',
  'BeginTotpEnrollmentPayload.otpauthUri',
  'BeginTotpEnrollmentPayload.qrCode',
  'BeginPasskeyLoginPayload.options',
  'BeginPasskeyRegistrationPayload.options',
  'ConfirmPasskeyRegistrationPayload.backupCodes',
  'ConfirmTotpEnrollmentPayload.backupCodes',
  'RegenerateBackupCodesPayload.backupCodes',
]);

/** Text that every permitted caller may see. */
export const harmlessFields: ReadonlySet<string> = new Set([
  ...['AuditCheckpoint.hash', 'AuditCheckpoint.kid', 'AuditCheckpoint.signature', 'AuditProblem.message'],
  ...['action', 'actorLabel', 'details', 'hash', 'ipAddress', 'reason', 'requestId', 'userAgent'].map(
    (field) => `AuditEntry.${field}`,
  ),
  ...[
    'AuditEntryEdge.cursor',
    'ManagedUserEdge.cursor',
    'SessionEdge.cursor',
    'PageInfo.startCursor',
    'PageInfo.endCursor',
  ],
  ...['hint', 'ipAllowlist', 'lastUsedFrom', 'name', 'scopes'].map((field) => `ApiKey.${field}`),
  ...['ApiKeyEdge.cursor', 'Machine.name', 'Machine.scopes', 'ServiceAccount.name'],
  ...['ClientSecret.hint', 'ServiceAccountEdge.cursor'],
  ...[
    'AuditTarget.type',
    'AuditTarget.label',
    'ExportMyDataPayload.data',
    'Passkey.name',
    'Role.name',
    'Role.permissions',
  ],
  ...['Captcha.challenge', 'Captcha.siteKey'],
  ...['AccessExplanation.operation', 'AccessRequirement.actual', 'AccessRequirement.required'],
  ...['ImportResult.reason', 'ImportResult.warnings', 'ManagedUser.externalId'],
  ...['Location.city', 'Location.country', 'RiskCount.key', 'Phone.maskedNumber', 'Phone.country'],
  'PhoneRules.countries',
  'PermissionsChanged.permissions',
  ...['Permission.name', 'Permission.operations', 'Setting.name', 'Setting.value', 'SigningKey.state'],
  ...['ManagedUser.displayName', 'User.displayName', 'Viewer.displayName', 'Viewer.locale', 'Viewer.permissions'],
  ...['ManagedFederatedProvider.settings', 'ProviderProblem.code', 'ProviderProblem.message'],
  ...['CodeFlow.maskedTarget', 'FederatedProvider.slug', 'FederatedProvider.displayName', 'Identity.subjectHint'],
  ...['SignUpProposal.displayName', 'SignUpProposal.missing'],
  ...['EventDefinition.name', 'EventDefinition.description', 'EventDefinition.schema'],
  ...['Webhook.description', 'Webhook.disabledReason'],
  ...['WebhookDelivery.responseExcerpt', 'WebhookDeliveryEdge.cursor'],
  ...['Session.deviceName', 'Session.ipAddress', 'Session.userAgent', '_Service.sdl'],
]);

const names = new Set([...secretFields].map((field) => field.split('.')[1] ?? ''));

/** The secrets that a response returns: in its body, in cookies, and as the identity token of forward auth. */
export function secretsIn({ text, headers }: Answer): string[] {
  const inBody = text.startsWith('{') ? valuesIn(JSON.parse(text), false) : [];
  const inCookies = headers.getSetCookie().map((line) => line.split(/[=;]/)[1] ?? '');
  return [...inBody, ...inCookies, headers.get('x-auth-token') ?? ''].filter((secret) => secret.length >= 10);
}

function valuesIn(value: unknown, secret: boolean): string[] {
  if (typeof value === 'string') return secret ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  if ('challenge' in value && secret) return typeof value.challenge === 'string' ? [value.challenge] : [];
  // The `flow` of a visit to a provider is an id; that of a code is a secret.
  const isSecret = (name: string) => names.has(name) && !(name === 'flow' && 'authorizationUrl' in value);
  return Object.entries(value).flatMap(([name, inner]) => valuesIn(inner, secret || isSecret(name)));
}
