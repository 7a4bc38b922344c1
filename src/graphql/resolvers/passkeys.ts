/** Passkeys: registration, sign-in, renaming and removal. */
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { viewerOf } from '../../domain/caller.ts';
import { confirmPasskey } from '../../domain/factors/passkey-probation.ts';
import { beginPasskeyRegistration, confirmPasskeyRegistration } from '../../domain/factors/passkey-registration.ts';
import { listPasskeys, removePasskey, renamePasskey } from '../../domain/factors/passkeys.ts';
import { beginPasskeyLogin, loginWithPasskey } from '../../domain/sign-in/passkey-login.ts';
import type { Context } from '../request/context.ts';
import { deliver } from '../request/delivery.ts';
import { AuthSession } from '../types/auth-session.ts';
import {
  BeginPasskeyLoginInput,
  BeginPasskeyLoginPayload,
  BeginPasskeyRegistrationInput,
  BeginPasskeyRegistrationPayload,
  ConfirmPasskeyInput,
  ConfirmPasskeyPayload,
  ConfirmPasskeyRegistrationInput,
  ConfirmPasskeyRegistrationPayload,
  LoginWithPasskeyInput,
  Passkey,
  RemovePasskeyInput,
  RemovePasskeyPayload,
  RenamePasskeyInput,
  RenamePasskeyPayload,
} from '../types/passkey.ts';
import { Viewer } from '../types/viewer.ts';

@Resolver(() => Viewer)
export class PasskeysResolver {
  @FieldResolver(() => [Passkey], { description: 'The passkeys of the user, oldest first. Requires `mfa:own`.' })
  passkeys(@Root() { id }: Viewer, @Ctx() { unit }: Context): Promise<Passkey[]> {
    return listPasskeys(unit, id);
  }

  @Mutation(() => BeginPasskeyRegistrationPayload, {
    description:
      'Starts the registration of a passkey: pass the options to the browser, then call `confirmPasskeyRegistration` with its response in the same session. Requires `mfa:own` and recent authentication, with the second factor when the user has one. Errors: `REAUTHENTICATION_REQUIRED`, `CONFLICT` when the user already has ten passkeys, `BAD_USER_INPUT`.',
  })
  beginPasskeyRegistration(
    @Arg('input', () => BeginPasskeyRegistrationInput, {
      defaultValue: {},
      description: 'The options. May be omitted.',
    })
    input: BeginPasskeyRegistrationInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<BeginPasskeyRegistrationPayload> {
    return beginPasskeyRegistration(unit, caller, input.accountName ?? null);
  }

  @Mutation(() => ConfirmPasskeyRegistrationPayload, {
    description:
      'Sets the passkey up, and lifts this session to `AAL2`. The first second factor of an account ends the other sessions. A passkey that is added after the first day of the account signs in without a password only after 24 hours, or after `confirmPasskey` with the mailed token. Errors: `INVALID_MFA_CODE` (begin again) for an answer that does not hold, or not to what this session was asked in the last five minutes; `MFA_ALREADY_ENABLED` for a passkey that is set up already, `CONFLICT` when you have ten, `REAUTHENTICATION_REQUIRED`, `BAD_USER_INPUT`.',
  })
  confirmPasskeyRegistration(
    @Arg('input', () => ConfirmPasskeyRegistrationInput, { description: 'The response of the browser and a name.' })
    input: ConfirmPasskeyRegistrationInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<ConfirmPasskeyRegistrationPayload> {
    return confirmPasskeyRegistration(unit, caller, input);
  }

  @Mutation(() => ConfirmPasskeyPayload, {
    description:
      'Enables a new passkey to sign in without a password at once instead of after 24 hours, with the token of the mail about the new passkey. A repeated call gives the same answer. Passkeys of the first day of an account need no confirmation. Errors: `INVALID_TOKEN` for an unknown or expired token, and for a passkey that was removed.',
  })
  async confirmPasskey(
    @Arg('input', () => ConfirmPasskeyInput, { description: 'The token.' }) input: ConfirmPasskeyInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<ConfirmPasskeyPayload> {
    await confirmPasskey(unit, caller, input.token);
    return { confirmed: true };
  }

  @Mutation(() => BeginPasskeyLoginPayload, {
    description:
      'Starts a sign-in with a passkey: pass the options to the browser, then call `loginWithPasskey` with its response. With `reauthenticate: true` it prepares `reauthenticate` instead. Errors: without a ticket, `FORBIDDEN` with the reason `METHOD_DISABLED` where the sign-in with passkeys is disabled; `INVALID_MFA_TICKET` with a ticket, `UNAUTHENTICATED` with `reauthenticate` and without a session; with either, `MFA_NOT_ENABLED` when the account has no passkey; `BAD_USER_INPUT` with both.',
  })
  beginPasskeyLogin(
    @Arg('input', () => BeginPasskeyLoginInput, { defaultValue: {}, description: 'The options. May be omitted.' })
    input: BeginPasskeyLoginInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<BeginPasskeyLoginPayload> {
    return beginPasskeyLogin(unit, caller, {
      ticket: input.ticket ?? null,
      reauthenticate: input.reauthenticate ?? false,
    });
  }

  @Mutation(() => AuthSession, {
    description:
      'Signs in with a passkey. Without a ticket the passkey replaces the password and requires user verification (fingerprint, face or PIN); with the ticket of `login` it is the second step. The session is `AAL2` in both cases. Errors without a ticket: `INVALID_CREDENTIALS` for an unknown passkey, a missing user verification, and an invalid or expired response; `INVALID_CREDENTIALS` with the field code `PASSKEY_UNCONFIRMED` and `retryAfter` for a recently added passkey: sign in with the password and use the passkey as the second step, or follow the mailed link (`confirmPasskey`); `ACCOUNT_SUSPENDED`, `FORBIDDEN` with the reason `LOCATION_NOT_ALLOWED` in a refused country, `BAD_USER_INPUT`. Errors with a ticket: `INVALID_MFA_CODE`, `INVALID_MFA_TICKET` and `TOO_MANY_ATTEMPTS` as for `verifyMfa`, `SERVICE_BUSY`.',
  })
  async loginWithPasskey(
    @Arg('input', () => LoginWithPasskeyInput, {
      description: 'The response of the browser, and the ticket of a second step.',
    })
    input: LoginWithPasskeyInput,
    @Ctx() context: Context,
  ): Promise<AuthSession> {
    const { delivery, ...session } = await loginWithPasskey(context.unit, context.caller, input);
    return deliver(session, delivery, context);
  }

  @Mutation(() => RenamePasskeyPayload, {
    description:
      'Renames a passkey. Requires `mfa:own` and recent authentication with the second factor. Errors: `REAUTHENTICATION_REQUIRED`, `NOT_FOUND`, also for passkeys of other users, `BAD_USER_INPUT`.',
  })
  async renamePasskey(
    @Arg('input', () => RenamePasskeyInput, { description: 'The passkey and the name.' }) input: RenamePasskeyInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<RenamePasskeyPayload> {
    return { passkey: await renamePasskey(unit, caller, input) };
  }

  @Mutation(() => RemovePasskeyPayload, {
    description:
      'Removes a passkey. Removing the last second factor also removes the backup codes. Requires `mfa:own` and recent authentication with the second factor. Errors: `REAUTHENTICATION_REQUIRED`, `NOT_FOUND`, also for passkeys of other users; `CONFLICT` with the reason `LAST_WAY_IN` when the account has no other way to sign in.',
  })
  async removePasskey(
    @Arg('input', () => RemovePasskeyInput, { description: 'The passkey.' }) input: RemovePasskeyInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<RemovePasskeyPayload> {
    await removePasskey(unit, caller, input.id);
    return { viewer: viewerOf(caller) };
  }
}
