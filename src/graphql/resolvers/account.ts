/** The account of the signed-in user: password, address, export, deletion. */
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { deleteAccount } from '../../domain/accounts/account-deletion.ts';
import { confirmEmailChange } from '../../domain/accounts/confirm-email-change.ts';
import { exportData } from '../../domain/accounts/data-export.ts';
import { requestEmailChange } from '../../domain/accounts/request-email-change.ts';
import { changePassword, setPassword } from '../../domain/passwords/change.ts';
import type { Context } from '../request/context.ts';
import { deliverDevice, deliveryOfSession } from '../request/delivery.ts';
import {
  ChangePasswordInput,
  ChangePasswordPayload,
  ConfirmEmailChangeInput,
  ConfirmEmailChangePayload,
  DeleteAccountInput,
  DeleteAccountPayload,
  ExportMyDataInput,
  ExportMyDataPayload,
  RequestEmailChangeInput,
  RequestEmailChangePayload,
  SetPasswordInput,
  SetPasswordPayload,
} from '../types/account.ts';

@Resolver()
export class AccountResolver {
  @Mutation(() => ChangePasswordPayload, {
    description:
      'Changes the password and revokes the other sessions of the user. Errors: `INVALID_CREDENTIALS` for a wrong current password, `TOO_MANY_ATTEMPTS`, `BAD_USER_INPUT` with `fields`, `CONFLICT` when another request changed the password at the same time, and for an account without a password (`setPassword`), `SERVICE_BUSY`.',
  })
  async changePassword(
    @Arg('input', () => ChangePasswordInput, { description: 'The current and the new password.' })
    input: ChangePasswordInput,
    @Ctx() context: Context,
  ): Promise<ChangePasswordPayload> {
    const changed = await changePassword(context.unit, context.caller, input);
    return { ...changed, deviceToken: deliverDevice(changed.deviceToken, deliveryOfSession(context), context) };
  }

  @Mutation(() => SetPasswordPayload, {
    description:
      'Sets the first password of an account without one, and revokes the other sessions of the user. Errors: `REAUTHENTICATION_REQUIRED`, `BAD_USER_INPUT` with `fields`, `CONFLICT` with the reason `HAS_PASSWORD` when the account has a password (`changePassword`), `SERVICE_BUSY`.',
  })
  async setPassword(
    @Arg('input', () => SetPasswordInput, { description: 'The password.' }) input: SetPasswordInput,
    @Ctx() context: Context,
  ): Promise<SetPasswordPayload> {
    const set = await setPassword(context.unit, context.caller, input.newPassword);
    return { ...set, deviceToken: deliverDevice(set.deviceToken, deliveryOfSession(context), context) };
  }

  @Mutation(() => RequestEmailChangePayload, {
    description:
      'Sends a confirmation link to the new address and a warning to the current one. The address changes when the link is confirmed. Earlier links become invalid. Errors: `REAUTHENTICATION_REQUIRED`, `BAD_USER_INPUT`.',
  })
  async requestEmailChange(
    @Arg('input', () => RequestEmailChangeInput, { description: 'The new address.' }) input: RequestEmailChangeInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<RequestEmailChangePayload> {
    await requestEmailChange(unit, caller, input.newEmail);
    return { accepted: true };
  }

  @Mutation(() => ConfirmEmailChangePayload, {
    description:
      'Changes the address with the token of the mail. It requires no session, except while a registration of the new address is pending: then it requires a session of the account, and the token remains valid. A repeated call within one minute gives the same answer. The old address receives a mail with a link that restores it for a week (`disownSession`). Errors: `INVALID_TOKEN`, also when another account has taken the address.',
  })
  async confirmEmailChange(
    @Arg('input', () => ConfirmEmailChangeInput, { description: 'The token.' }) input: ConfirmEmailChangeInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<ConfirmEmailChangePayload> {
    return { viewer: await confirmEmailChange(unit, caller, input.token) };
  }

  @Mutation(() => DeleteAccountPayload, {
    description:
      'Deletes the account of the signed-in user and revokes every session. Sign-in then answers as for an unknown address. The data is erased at `purgeAt`. Errors: `REAUTHENTICATION_REQUIRED`, `BAD_USER_INPUT` without the password of an account that has one, `INVALID_CREDENTIALS`, `TOO_MANY_ATTEMPTS`, `CONFLICT` for the last SUPER_ADMIN.',
  })
  async deleteAccount(
    @Arg('input', () => DeleteAccountInput, { description: 'The password.' }) input: DeleteAccountInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<DeleteAccountPayload> {
    return deleteAccount(unit, caller, input.password ?? null);
  }

  @Mutation(() => ExportMyDataPayload, {
    description:
      'Exports all stored data of the signed-in user as JSON. The export is recorded in the security events. Errors: `REAUTHENTICATION_REQUIRED`, `RATE_LIMITED`.',
  })
  async exportMyData(
    @Arg('input', () => ExportMyDataInput, { description: 'The options. May be empty: `{}`.' })
    input: ExportMyDataInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<ExportMyDataPayload> {
    return { data: await exportData(unit, caller, input.since ?? null) };
  }
}
