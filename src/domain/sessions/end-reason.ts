/** Why a session ended, as its client is told. */
import type { RevocationReason } from '../../persistence/sessions/token-family.ts';

export const sessionEndReasons = [
  'SIGNED_OUT',
  'REVOKED',
  'EXPIRED',
  'SUSPENDED',
  'DELETED',
  'PASSWORD_CHANGED',
  'TOKEN_REUSE',
  'ACCOUNT_RECOVERED',
] as const;
export type SessionEndReason = (typeof sessionEndReasons)[number];

const reasons: Readonly<Record<RevocationReason, SessionEndReason>> = {
  logout: 'SIGNED_OUT',
  revoked: 'REVOKED',
  revoked_by_admin: 'REVOKED',
  superseded: 'REVOKED',
  factor_added: 'REVOKED',
  email_changed: 'REVOKED',
  suspended: 'SUSPENDED',
  account_deleted: 'DELETED',
  password_changed: 'PASSWORD_CHANGED',
  password_reset: 'PASSWORD_CHANGED',
  reuse_detected: 'TOKEN_REUSE',
  disowned: 'ACCOUNT_RECOVERED',
};

/** @param isExpired whether a session that was not revoked has expired */
export function endReasonOf(revoked: RevocationReason | null, isExpired: boolean): SessionEndReason {
  if (revoked !== null) return reasons[revoked];
  return isExpired ? 'EXPIRED' : 'REVOKED';
}
