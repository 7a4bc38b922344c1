/** The events in the order of the catalogue (docs/events.md), with their names in messages. */
import type { EventType } from '../../generated/operations.ts';

/** Without the test event, which every webhook gets on demand. */
const names = {
  USER_CREATED: 'user.created',
  USER_UPDATED: 'user.updated',
  USER_ROLE_CHANGED: 'user.role_changed',
  USER_SUSPENDED: 'user.suspended',
  USER_REACTIVATED: 'user.reactivated',
  USER_DELETED: 'user.deleted',
  USER_RESTORED: 'user.restored',
  USER_PURGED: 'user.purged',
  EMAIL_CHANGED: 'email.changed',
  PASSWORD_CHANGED: 'password.changed',
  MFA_ENABLED: 'mfa.enabled',
  MFA_DISABLED: 'mfa.disabled',
  SESSION_STARTED: 'session.started',
  SESSION_ENDED: 'session.ended',
  ACCOUNT_LOCKED: 'account.locked',
  ACCOUNT_UNLOCKED: 'account.unlocked',
  IDENTITY_LINKED: 'identity.linked',
  IDENTITY_UNLINKED: 'identity.unlinked',
  API_KEY_CREATED: 'api_key.created',
  API_KEY_REVOKED: 'api_key.revoked',
  ROLE_CREATED: 'role.created',
  ROLE_UPDATED: 'role.updated',
  ROLE_DELETED: 'role.deleted',
  TOKEN_REUSE_DETECTED: 'token.reuse_detected',
  SIGNING_KEY_ROTATED: 'signing_key.rotated',
} as const satisfies Readonly<Record<Exclude<EventType, 'WEBHOOK_TEST'>, string>>;

type Choosable = keyof typeof names;

export const choosableEvents: readonly Choosable[] = Object.keys(names).filter(isChoosable);

function isChoosable(type: string): type is Choosable {
  return Object.hasOwn(names, type);
}

/** A later version of the gateway may have types that this page does not know. */
export function eventName(type: string): string {
  return isChoosable(type) ? names[type] : type.toLowerCase().replace('_', '.');
}
