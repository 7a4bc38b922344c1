/** Which audit entries become events for other systems, and what these say. */
import type { AuditRow } from '../../persistence/audit/audit-rows.ts';
import type { EventRow } from '../../persistence/events/event-rows.ts';
import type { Publication } from '../events/payloads.ts';
import { newId } from '../ids.ts';
import type { AuditAction, AuditDetails, AuditEvent } from './actions.ts';

type Publications = {
  [Action in AuditAction]?: (details: AuditDetails[Action], targetId: TargetId) => Publication | null;
};

/** @returns the id of the target where it has this type, otherwise null */
type TargetId = (type: NonNullable<AuditEvent['target']>['type']) => string | null;

const publications: Publications = {
  'user.created': ({ role, through }) => ({ type: 'USER_CREATED', data: { role, through } }),
  'user.updated': ({ fields }) => ({ type: 'USER_UPDATED', data: { fields } }),
  'user.role_changed': ({ before, after }) => ({
    type: 'USER_ROLE_CHANGED',
    data: { formerRole: before.role, role: after.role },
  }),
  'user.suspended': ({ after }) => ({ type: 'USER_SUSPENDED', data: after }),
  'user.reactivated': ({ after }) => ({ type: 'USER_REACTIVATED', data: after }),
  'user.deleted': ({ purgeAt }) => ({ type: 'USER_DELETED', data: { purgeAt } }),
  'user.restored': ({ after }) => ({ type: 'USER_RESTORED', data: after }),
  'user.purged': () => ({ type: 'USER_PURGED', data: {} }),
  'user.mfa_reset': () => ({ type: 'MFA_DISABLED', data: { method: null } }),
  'account.recovered': ({ authenticatorApp, passkeys }) =>
    authenticatorApp || passkeys > 0 ? { type: 'MFA_DISABLED', data: { method: null } } : null,
  'email.changed': ({ through }) => ({ type: 'EMAIL_CHANGED', data: { through } }),
  'password.set': ({ through }) => ({ type: 'PASSWORD_CHANGED', data: { through } }),
  'mfa.enabled': ({ method }) => ({ type: 'MFA_ENABLED', data: { method } }),
  'mfa.disabled': ({ method }) => ({ type: 'MFA_DISABLED', data: { method } }),
  'session.started': ({ methods, device, provider = null }) => ({
    type: 'SESSION_STARTED',
    data: { methods, device, provider },
  }),
  'session.ended': ({ reason }) => ({ type: 'SESSION_ENDED', data: { reason } }),
  'account.locked': ({ lockedUntil }) => ({ type: 'ACCOUNT_LOCKED', data: { lockedUntil } }),
  'account.unlocked': ({ through }) => ({ type: 'ACCOUNT_UNLOCKED', data: { through } }),
  'identity.linked': ({ provider }) => ({ type: 'IDENTITY_LINKED', data: { provider } }),
  'identity.unlinked': ({ provider }) => ({ type: 'IDENTITY_UNLINKED', data: { provider } }),
  'api_key.created': ({ apiKeyId, expiresAt }, targetId) => ({
    type: 'API_KEY_CREATED',
    data: { apiKeyId, serviceAccountId: targetId('service_account'), expiresAt },
  }),
  'api_key.revoked': ({ apiKeyId, by }, targetId) => ({
    type: 'API_KEY_REVOKED',
    data: { apiKeyId, serviceAccountId: targetId('service_account'), by },
  }),
  'service_account.suspended': (_, targetId) => stopped(targetId),
  'service_account.deleted': (_, targetId) => stopped(targetId),
  'role.created': ({ after }, targetId) => ({ type: 'ROLE_CREATED', data: { role: targetId('role') ?? '', ...after } }),
  'role.updated': ({ after }, targetId) => ({ type: 'ROLE_UPDATED', data: { role: targetId('role') ?? '', ...after } }),
  'role.deleted': (_, targetId) => ({ type: 'ROLE_DELETED', data: { role: targetId('role') ?? '' } }),
  'token.reuse_detected': () => ({ type: 'TOKEN_REUSE_DETECTED', data: {} }),
  'signing_key.rotated': ({ from, to }) => ({ type: 'SIGNING_KEY_ROTATED', data: { from, to } }),
};

function stopped(targetId: TargetId): Publication {
  return { type: 'SERVICE_ACCOUNT_STOPPED', data: { serviceAccountId: targetId('service_account') ?? '' } };
}

/**
 * @param entry the entry of the same change
 * @returns the event of the change; null: other systems do not hear of it
 */
export function eventRow(entry: AuditRow, { action, details, target, sessionOwnerId }: AuditEvent): EventRow | null {
  const targetId: TargetId = (type) => (target?.type === type ? target.id : null);
  const publication = publish(action, details, targetId);
  if (publication === null) return null;
  return {
    id: newId(entry.occurredAt),
    occurredAt: entry.occurredAt,
    userId: targetId('user') ?? sessionOwnerId ?? null,
    sessionId: targetId('session'),
    actorId: entry.actorId,
    auditEntryId: entry.id,
    ...publication,
  };
}

function publish<Action extends AuditAction>(action: Action, details: AuditDetails[Action], targetId: TargetId) {
  return publications[action]?.(details, targetId) ?? null;
}
