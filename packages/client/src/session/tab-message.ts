/** The messages that tabs of one session exchange. */

/**
 * `SIGNED_OUT`: by this client or another tab of it, or the account was deleted. `REVOKED`: elsewhere, by the user or
 * an administrator, or with a change of password. `REFUSED`: the gateway refused to continue the session, because it
 * has expired or was revoked earlier. `REPLACED`: a new sign-in replaced it, here or in another tab; a start follows.
 */
export type SessionEndReason = (typeof endReasons)[number];
const endReasons = ['SIGNED_OUT', 'REVOKED', 'REFUSED', 'REPLACED'] as const;

/** Times are in milliseconds. */
export interface TokensMessage {
  kind: 'tokens';
  sessionId: string;
  accessToken: string;
  lifetimeMs: number;
  remainingMs: number;
}

export interface EndMessage {
  kind: 'end';
  sessionId: string;
  reason: SessionEndReason;
}

export interface PermissionsMessage {
  kind: 'permissions';
  sessionId: string;
  permissions: readonly string[];
}

export type TabMessage = TokensMessage | EndMessage | PermissionsMessage;

/** Another tab may run another version of the app. */
export function isTabMessage(data: unknown): data is TabMessage {
  if (typeof data !== 'object' || data === null) return false;
  const message: { [name: string]: unknown } = { ...data };
  if (typeof message.sessionId !== 'string') return false;
  if (message.kind === 'end') return endReasons.some((reason) => reason === message.reason);
  if (message.kind === 'permissions') return Array.isArray(message.permissions);
  const { accessToken, lifetimeMs, remainingMs } = message;
  const isTimed = typeof lifetimeMs === 'number' && typeof remainingMs === 'number';
  return message.kind === 'tokens' && typeof accessToken === 'string' && isTimed;
}
