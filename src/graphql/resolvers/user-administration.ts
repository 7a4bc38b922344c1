/** Changes of users by administrators. */
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { createUser } from '../../domain/administration/create-user.ts';
import {
  resetUserMfa,
  revokeUserSessions,
  sendPasswordLink,
  setUserRole,
  unlockUser,
} from '../../domain/administration/user-access.ts';
import { deleteUser, reactivateUser, restoreUser, suspendUser } from '../../domain/administration/user-status.ts';
import type { Context } from '../request/context.ts';
import {
  CreateUserInput,
  CreateUserPayload,
  DeleteUserInput,
  DeleteUserPayload,
  ReactivateUserInput,
  ReactivateUserPayload,
  ResetUserMfaInput,
  ResetUserMfaPayload,
  RestoreUserInput,
  RestoreUserPayload,
  RevokeUserSessionsInput,
  RevokeUserSessionsPayload,
  SendPasswordResetInput,
  SendPasswordResetPayload,
  SetUserRoleInput,
  SetUserRolePayload,
  SuspendUserInput,
  SuspendUserPayload,
  UnlockUserInput,
  UnlockUserPayload,
  type UserInstruction,
  type UserPayload,
} from '../types/managed-user.ts';

const instruction = { description: 'The user, and the reason.' } as const;
const commonErrors =
  'Errors: `NOT_FOUND`, `FORBIDDEN` for a user of the same or a higher rank, `CONFLICT` when the state of the user does not allow the change, `BAD_USER_INPUT` with `fields`.';

@Resolver()
export class UserAdministrationResolver {
  @Mutation(() => CreateUserPayload, {
    description:
      'Creates an account for another user and mails an invitation to choose a password, valid for 7 days. Requires `users:write`. Errors: `EMAIL_TAKEN`, `FORBIDDEN` for a role that the caller may not grant, `BAD_USER_INPUT` with `fields`, `RATE_LIMITED` when the limit of mails to the address is reached.',
  })
  async createUser(
    @Arg('input', () => CreateUserInput, { description: 'The account.' }) input: CreateUserInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<UserPayload> {
    return { user: await createUser(unit, caller, input) };
  }

  @Mutation(() => SetUserRolePayload, {
    description: `Changes the role of a user. The change takes effect on the next request of the user. Requires \`roles:assign\`. The role of the last \`SUPER_ADMIN\` cannot be changed: \`CONFLICT\`. ${commonErrors}`,
  })
  async setUserRole(
    @Arg('input', () => SetUserRoleInput, { description: 'The user, the role, and the reason.' })
    input: SetUserRoleInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<UserPayload> {
    return { user: await setUserRole(unit, caller, input) };
  }

  @Mutation(() => SuspendUserPayload, {
    description: `Suspends a user: every session is revoked at once, and the user cannot sign in until \`reactivateUser\`. Requires \`users:moderate\` or \`users:write\`. Callers cannot suspend themselves or the last \`SUPER_ADMIN\`. ${commonErrors}`,
  })
  async suspendUser(
    @Arg('input', () => SuspendUserInput, instruction) input: UserInstruction,
    @Ctx() { caller, unit }: Context,
  ): Promise<UserPayload> {
    return { user: await suspendUser(unit, caller, input) };
  }

  @Mutation(() => ReactivateUserPayload, {
    description: `Reactivates a suspended user. Requires \`users:moderate\` or \`users:write\`. ${commonErrors}`,
  })
  async reactivateUser(
    @Arg('input', () => ReactivateUserInput, instruction) input: UserInstruction,
    @Ctx() { caller, unit }: Context,
  ): Promise<UserPayload> {
    return { user: await reactivateUser(unit, caller, input) };
  }

  @Mutation(() => UnlockUserPayload, {
    description: `Removes the lockout that failed attempts caused. Requires \`users:moderate\` or \`users:write\`. ${commonErrors}`,
  })
  async unlockUser(
    @Arg('input', () => UnlockUserInput, instruction) input: UserInstruction,
    @Ctx() { caller, unit }: Context,
  ): Promise<UserPayload> {
    return { user: await unlockUser(unit, caller, input) };
  }

  @Mutation(() => DeleteUserPayload, {
    description: `Deletes an account: every session and every mailed link becomes invalid at once, and the owner is notified by mail. The account can be restored until it is purged. Requires \`users:delete\`. Callers delete their own account with \`deleteAccount\`. The last \`SUPER_ADMIN\` cannot be deleted. ${commonErrors}`,
  })
  async deleteUser(
    @Arg('input', () => DeleteUserInput, instruction) input: UserInstruction,
    @Ctx() { caller, unit }: Context,
  ): Promise<UserPayload> {
    return { user: await deleteUser(unit, caller, input) };
  }

  @Mutation(() => RestoreUserPayload, {
    description: `Restores a deleted account in its earlier state: active, suspended or invited. Its sessions stay revoked. Requires \`users:delete\`. ${commonErrors}`,
  })
  async restoreUser(
    @Arg('input', () => RestoreUserInput, instruction) input: UserInstruction,
    @Ctx() { caller, unit }: Context,
  ): Promise<UserPayload> {
    return { user: await restoreUser(unit, caller, input) };
  }

  @Mutation(() => SendPasswordResetPayload, {
    description: `Mails a user a link to choose a new password, or a new invitation while the user is \`INVITED\`. Earlier links become invalid. Requires \`users:write\`. \`RATE_LIMITED\` when the limit of mails to the address is reached. ${commonErrors}`,
  })
  async sendPasswordReset(
    @Arg('input', () => SendPasswordResetInput, instruction) input: UserInstruction,
    @Ctx() { caller, unit }: Context,
  ): Promise<UserPayload> {
    return { user: await sendPasswordLink(unit, caller, input) };
  }

  @Mutation(() => ResetUserMfaPayload, {
    description: `Removes every second factor and backup code of a user, revokes every session, and notifies the user by mail. For users without access to their factors. Requires \`users:write\`. Callers remove their own factors with \`disableTotp\` and \`removePasskey\`. \`MFA_NOT_ENABLED\` when the user has no second factor. ${commonErrors}`,
  })
  async resetUserMfa(
    @Arg('input', () => ResetUserMfaInput, instruction) input: UserInstruction,
    @Ctx() { caller, unit }: Context,
  ): Promise<UserPayload> {
    return { user: await resetUserMfa(unit, caller, input) };
  }

  @Mutation(() => RevokeUserSessionsPayload, {
    description: `Revokes every session of a user at once. Requires \`users:write\`. ${commonErrors}`,
  })
  async revokeUserSessions(
    @Arg('input', () => RevokeUserSessionsInput, instruction) input: UserInstruction,
    @Ctx() { caller, unit }: Context,
  ): Promise<UserPayload> {
    return { user: await revokeUserSessions(unit, caller, input) };
  }
}
