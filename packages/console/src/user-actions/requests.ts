/** Sends an administrative action to the gateway. */
import {
  DeleteUserDocument,
  ReactivateUserDocument,
  ResetRiskHistoryDocument,
  ResetUserMfaDocument,
  RestoreUserDocument,
  RevokeUserSessionsDocument,
  SendPasswordResetDocument,
  SetUserRoleDocument,
  SuspendUserDocument,
  UnlockUserDocument,
  type UserDetailFragment,
} from '../generated/operations.ts';
import { client } from '../session/client.ts';
import type { ActionName } from './rules.ts';

export interface ActionRequest {
  userId: string;
  reason: string | null;
  /** For `changeRole`. */
  role: string;
}

type Send = (request: ActionRequest) => Promise<UserDetailFragment>;

/** @returns the user after the change */
export const requests: Readonly<Record<ActionName, Send>> = {
  changeRole: async ({ userId, reason, role }) =>
    (await client.request(SetUserRoleDocument, { input: { userId, reason, role } })).setUserRole.user,
  suspend: async ({ userId, reason }) =>
    (await client.request(SuspendUserDocument, { input: { userId, reason } })).suspendUser.user,
  reactivate: async ({ userId, reason }) =>
    (await client.request(ReactivateUserDocument, { input: { userId, reason } })).reactivateUser.user,
  restore: async ({ userId, reason }) =>
    (await client.request(RestoreUserDocument, { input: { userId, reason } })).restoreUser.user,
  unlock: async ({ userId, reason }) =>
    (await client.request(UnlockUserDocument, { input: { userId, reason } })).unlockUser.user,
  sendLink: async ({ userId, reason }) =>
    (await client.request(SendPasswordResetDocument, { input: { userId, reason } })).sendPasswordReset.user,
  endSessions: async ({ userId, reason }) =>
    (await client.request(RevokeUserSessionsDocument, { input: { userId, reason } })).revokeUserSessions.user,
  resetFactors: async ({ userId, reason }) =>
    (await client.request(ResetUserMfaDocument, { input: { userId, reason } })).resetUserMfa.user,
  resetRisk: async ({ userId, reason }) =>
    (await client.request(ResetRiskHistoryDocument, { input: { userId, reason } })).resetRiskHistory.user,
  delete: async ({ userId, reason }) =>
    (await client.request(DeleteUserDocument, { input: { userId, reason } })).deleteUser.user,
};
