/** What signed-in users do with their account: password, address, taking the data along, leaving. */
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { deleteAccount } from '../../domain/accounts/account-deletion.ts';
import { changePassword } from '../../domain/passwords/change.ts';
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
} from '../types/account.ts';

@Resolver()
export class AccountResolver {
  @Mutation(() => ChangePasswordPayload, {
    description:
      'Changes your password and ends your other sessions. Errors: `INVALID_CREDENTIALS` when the present one is wrong, `TOO_MANY_ATTEMPTS` after too many wrong ones, `BAD_USER_INPUT` with `fields`, `CONFLICT` when it was changed at the same time elsewhere, `SERVICE_BUSY`.',
  })
  async changePassword(
    @Arg('input', () => ChangePasswordInput, { description: 'Both passwords.' }) input: ChangePasswordInput,
    @Ctx() context: Context,
  ): Promise<ChangePasswordPayload> {
    const changed = await changePassword(context.unit, context.caller, input);
    return { ...changed, deviceToken: deliverDevice(changed.deviceToken, deliveryOfSession(context), context) };
  }

  @Mutation(() => RequestEmailChangePayload, {
    description:
      'Sends a link to the new address, and a warning to the present one. Nothing changes before the link is followed; the link sent before stops working. Errors: `REAUTHENTICATION_REQUIRED`, `BAD_USER_INPUT`.',
  })
  async requestEmailChange(
    @Arg('input', () => RequestEmailChangeInput, { description: 'The new address.' }) input: RequestEmailChangeInput,
    @Ctx() { caller, services }: Context,
  ): Promise<RequestEmailChangePayload> {
    await services.emailChanges.request(caller, input.newEmail);
    return { accepted: true };
  }

  @Mutation(() => ConfirmEmailChangePayload, {
    description:
      'Changes the address with the token of the mail. It needs no session, except while a registration of the new address is pending: then it needs one of the account, and the token remains valid. For a minute the same token gives the same answer. The old address gets a mail whose link restores it for a week (`disownSession`). Errors: `INVALID_TOKEN`, also when another account has taken the address.',
  })
  async confirmEmailChange(
    @Arg('input', () => ConfirmEmailChangeInput, { description: 'The token.' }) input: ConfirmEmailChangeInput,
    @Ctx() { caller, services }: Context,
  ): Promise<ConfirmEmailChangePayload> {
    return { viewer: await services.emailChanges.confirm(caller, input.token) };
  }

  @Mutation(() => DeleteAccountPayload, {
    description:
      'Deletes your account: every session ends, and signing in is answered as if there were no account. It is erased at `purgeAt`. Errors: `REAUTHENTICATION_REQUIRED`, `INVALID_CREDENTIALS`, `TOO_MANY_ATTEMPTS`, `CONFLICT` for the last SUPER_ADMIN.',
  })
  async deleteAccount(
    @Arg('input', () => DeleteAccountInput, { description: 'Your password.' }) input: DeleteAccountInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<DeleteAccountPayload> {
    return deleteAccount(unit, caller, input.password);
  }

  @Mutation(() => ExportMyDataPayload, {
    description:
      'Everything that is stored about you, as JSON. Written down in your security events. Errors: `REAUTHENTICATION_REQUIRED`, `RATE_LIMITED`.',
  })
  async exportMyData(
    @Arg('input', () => ExportMyDataInput, { description: 'May be empty: `{}`.' }) input: ExportMyDataInput,
    @Ctx() { caller, services }: Context,
  ): Promise<ExportMyDataPayload> {
    return { data: await services.dataExports.export(caller, input.since ?? null) };
  }
}
