/** What administrators do to users. */
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
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

const instruction = { description: 'Whom, and why.' } as const;
const commonErrors =
  'Errors: `NOT_FOUND`, `FORBIDDEN` for a user of your own rank or above, `CONFLICT` in a state that it does not fit, `BAD_USER_INPUT` with `fields`.';

@Resolver()
export class UserAdministrationResolver {
  @Mutation(() => CreateUserPayload, {
    description:
      'Makes an account for somebody else and mails them an invitation to choose a password, good for 7 days. Needs `users:write`. Errors: `EMAIL_TAKEN`, `FORBIDDEN` for a role that you may not grant, `BAD_USER_INPUT` with `fields`, `RATE_LIMITED` when the address has had its mails for now.',
  })
  async createUser(
    @Arg('input', () => CreateUserInput, { description: 'The account.' }) input: CreateUserInput,
    @Ctx() { caller, services }: Context,
  ): Promise<UserPayload> {
    return { user: await services.userAdministration.create(caller, input) };
  }

  @Mutation(() => SetUserRolePayload, {
    description: `Gives a user another role; it bites on their next request. Needs \`roles:assign\`. The last \`SUPER_ADMIN\` stays one: \`CONFLICT\`. ${commonErrors}`,
  })
  async setUserRole(
    @Arg('input', () => SetUserRoleInput, { description: 'Whom, which role, and why.' }) input: SetUserRoleInput,
    @Ctx() { caller, services }: Context,
  ): Promise<UserPayload> {
    return { user: await services.userAdministration.setRole(caller, input) };
  }

  @Mutation(() => SuspendUserPayload, {
    description: `Keeps a user out: every session ends at once, and they cannot sign in until \`reactivateUser\`. Needs \`users:moderate\` or \`users:write\`. Not for yourself, nor for the last \`SUPER_ADMIN\`. ${commonErrors}`,
  })
  async suspendUser(
    @Arg('input', () => SuspendUserInput, instruction) input: UserInstruction,
    @Ctx() { caller, services }: Context,
  ): Promise<UserPayload> {
    return { user: await services.userAdministration.suspend(caller, input) };
  }

  @Mutation(() => ReactivateUserPayload, {
    description: `Lets a suspended user in again. Needs \`users:moderate\` or \`users:write\`. ${commonErrors}`,
  })
  async reactivateUser(
    @Arg('input', () => ReactivateUserInput, instruction) input: UserInstruction,
    @Ctx() { caller, services }: Context,
  ): Promise<UserPayload> {
    return { user: await services.userAdministration.reactivate(caller, input) };
  }

  @Mutation(() => UnlockUserPayload, {
    description: `Lifts the locks that wrong passwords and codes have led to. Needs \`users:moderate\` or \`users:write\`. ${commonErrors}`,
  })
  async unlockUser(
    @Arg('input', () => UnlockUserInput, instruction) input: UserInstruction,
    @Ctx() { caller, services }: Context,
  ): Promise<UserPayload> {
    return { user: await services.userAdministration.unlock(caller, input) };
  }

  @Mutation(() => DeleteUserPayload, {
    description: `Deletes an account: every session ends and every link dies at once, the owner is told by mail, and it can be restored for a while. Needs \`users:delete\`. Your own is \`deleteAccount\`'s to delete; the last \`SUPER_ADMIN\` stays. ${commonErrors}`,
  })
  async deleteUser(
    @Arg('input', () => DeleteUserInput, instruction) input: UserInstruction,
    @Ctx() { caller, services }: Context,
  ): Promise<UserPayload> {
    return { user: await services.userAdministration.delete(caller, input) };
  }

  @Mutation(() => RestoreUserPayload, {
    description: `Brings a deleted account back as it was: active, suspended or invited. Its sessions stay ended. Needs \`users:delete\`. ${commonErrors}`,
  })
  async restoreUser(
    @Arg('input', () => RestoreUserInput, instruction) input: UserInstruction,
    @Ctx() { caller, services }: Context,
  ): Promise<UserPayload> {
    return { user: await services.userAdministration.restore(caller, input) };
  }

  @Mutation(() => SendPasswordResetPayload, {
    description: `Mails a user a link to choose a new password, or another invitation while they are \`INVITED\`; the link sent before stops working. Needs \`users:write\`. Errors besides: \`RATE_LIMITED\` when the address has had its mails for now. ${commonErrors}`,
  })
  async sendPasswordReset(
    @Arg('input', () => SendPasswordResetInput, instruction) input: UserInstruction,
    @Ctx() { caller, services }: Context,
  ): Promise<UserPayload> {
    return { user: await services.userAdministration.sendLink(caller, input) };
  }

  @Mutation(() => ResetUserMfaPayload, {
    description: `Removes every second factor and backup code of a user who has lost them, and signs them out everywhere; they are told by mail. Needs \`users:write\`. Not for yourself: \`disableTotp\` takes a code. Errors besides: \`MFA_NOT_ENABLED\`. ${commonErrors}`,
  })
  async resetUserMfa(
    @Arg('input', () => ResetUserMfaInput, instruction) input: UserInstruction,
    @Ctx() { caller, services }: Context,
  ): Promise<UserPayload> {
    return { user: await services.userAdministration.resetSecondFactors(caller, input) };
  }

  @Mutation(() => RevokeUserSessionsPayload, {
    description: `Signs a user out everywhere, at once. Needs \`users:write\`. ${commonErrors}`,
  })
  async revokeUserSessions(
    @Arg('input', () => RevokeUserSessionsInput, instruction) input: UserInstruction,
    @Ctx() { caller, services }: Context,
  ): Promise<UserPayload> {
    return { user: await services.userAdministration.revokeSessions(caller, input) };
  }
}
