/** Phones: lists, verifies and removes them. */
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { viewerOf } from '../../domain/caller.ts';
import { beginPhoneVerification, confirmPhone } from '../../domain/factors/phone-verification.ts';
import { listPhones, phoneRulesOf, removePhone } from '../../domain/factors/phones.ts';
import type { Context } from '../request/context.ts';
import { CodeFlow } from '../types/code.ts';
import {
  BeginPhoneVerificationInput,
  ConfirmPhoneInput,
  ConfirmPhonePayload,
  Phone,
  PhoneRules,
  RemovePhoneInput,
  RemovePhonePayload,
} from '../types/phone.ts';
import { Viewer } from '../types/viewer.ts';

@Resolver(() => Viewer)
export class PhonesResolver {
  @FieldResolver(() => [Phone], { description: 'The verified phones of the user, oldest first. Requires `mfa:own`.' })
  phones(@Root() { id }: Viewer, @Ctx() { unit }: Context): Promise<Phone[]> {
    return listPhones(unit, id);
  }

  @FieldResolver(() => PhoneRules, {
    nullable: true,
    description: 'What the operator permits for phones. Null: the operator sends no text messages.',
  })
  phoneRules(@Ctx() { caller, unit }: Context): PhoneRules | null {
    return phoneRulesOf(unit, viewerOf(caller));
  }

  @Mutation(() => CodeFlow, {
    description:
      'Sends a code by text message to a number: `confirmPhone`. The answer is the same when the number belongs to another account or a limit of the operator is reached; no message is sent then. With a number that the user has verified before, `confirmPhone` changes whether it is a second factor. Requires `mfa:own` and recent authentication. Errors: `FORBIDDEN` with the reason `METHOD_DISABLED` where the operator sends no messages; `BAD_USER_INPUT` with `fields` for a number that is malformed, of another country or of a kind that receives no codes; `CONFLICT` when the user has three phones; `REAUTHENTICATION_REQUIRED`, `RATE_LIMITED`.',
  })
  beginPhoneVerification(
    @Arg('input', () => BeginPhoneVerificationInput, { description: 'The number.' }) input: BeginPhoneVerificationInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<CodeFlow> {
    return beginPhoneVerification(unit, caller, input.number);
  }

  @Mutation(() => ConfirmPhonePayload, {
    description:
      'Adds the phone that got the code. The user gets a mail. Only the session that asked for the code can confirm it. Requires `mfa:own` and recent authentication. Errors: `INVALID_MFA_CODE` for a wrong code; `INVALID_TOKEN` for a flow that is unknown, used or expired, and after five wrong codes; `CONFLICT` for `factor: true` without another second factor, and for a number that another account has verified meanwhile; `FORBIDDEN` with the reason `METHOD_DISABLED` for `factor: true` where phones are no second factor of the account; `REAUTHENTICATION_REQUIRED`.',
  })
  async confirmPhone(
    @Arg('input', () => ConfirmPhoneInput, { description: 'The code.' }) input: ConfirmPhoneInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<ConfirmPhonePayload> {
    return { phone: await confirmPhone(unit, caller, input) };
  }

  @Mutation(() => RemovePhonePayload, {
    description:
      'Removes a phone. The user gets a mail. Requires `mfa:own` and recent authentication. Errors: `NOT_FOUND`, also for phones of other users, `REAUTHENTICATION_REQUIRED`.',
  })
  async removePhone(
    @Arg('input', () => RemovePhoneInput, { description: 'The phone.' }) input: RemovePhoneInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<RemovePhonePayload> {
    await removePhone(unit, caller, input.id);
    return { viewer: viewerOf(caller) };
  }
}
