/** Second factors: the second step of signing in, and setting up and taking away what it asks for. */
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { viewerOf } from '../../domain/caller.ts';
import type { Context } from '../request/context.ts';
import { deliver } from '../request/delivery.ts';
import {
  BeginTotpEnrollmentInput,
  BeginTotpEnrollmentPayload,
  ConfirmTotpEnrollmentInput,
  ConfirmTotpEnrollmentPayload,
  DisableTotpInput,
  DisableTotpPayload,
  MfaStatus,
  RegenerateBackupCodesInput,
  RegenerateBackupCodesPayload,
  VerifyMfaInput,
} from '../types/mfa.ts';
import { AuthSession } from '../types/session.ts';
import { Viewer } from '../types/viewer.ts';

@Resolver(() => Viewer)
export class MfaResolver {
  @FieldResolver(() => MfaStatus, { description: 'Your second factors.' })
  mfa(@Root() viewer: Viewer, @Ctx() { services }: Context): Promise<MfaStatus> {
    return services.secondFactors.statusOf(viewer);
  }

  @Mutation(() => AuthSession, {
    description:
      'The second step of signing in, after `login` answered `MfaChallenge`. Tokens travel as `login` was asked to. Errors: `INVALID_MFA_CODE`, the same for a wrong, a malformed and a used one; `INVALID_MFA_TICKET` (begin again with the password) when the ticket has ended, was used, or has seen five wrong codes; `TOO_MANY_ATTEMPTS` with `retryAfter` after ten of the account, whatever the ticket (known devices have a counter of their own); `BAD_USER_INPUT`, `SERVICE_BUSY`.',
  })
  async verifyMfa(
    @Arg('input', () => VerifyMfaInput, { description: 'Ticket and code.' }) input: VerifyMfaInput,
    @Ctx() context: Context,
  ): Promise<AuthSession> {
    const { delivery, ...session } = await context.services.mfaSignIns.verify(context.caller, input);
    return deliver(session, delivery, context);
  }

  @Mutation(() => BeginTotpEnrollmentPayload, {
    description:
      'Begins to set up an authenticator app: show the QR code, then call `confirmTotpEnrollment`. Calling it again makes a new secret. Needs `mfa:own`, a recent proof of who you are, and of a second factor where you have one. Errors: `REAUTHENTICATION_REQUIRED`, `MFA_ALREADY_ENABLED`, `BAD_USER_INPUT`.',
  })
  beginTotpEnrollment(
    @Arg('input', () => BeginTotpEnrollmentInput, { defaultValue: {}, description: 'May be left out.' })
    input: BeginTotpEnrollmentInput,
    @Ctx() { caller, services }: Context,
  ): Promise<BeginTotpEnrollmentPayload> {
    return services.totpEnrollments.begin(caller, input.accountName ?? null);
  }

  @Mutation(() => ConfirmTotpEnrollmentPayload, {
    description:
      'Sets the app up with its first code, and lifts this session to `AAL2`. The first second factor of an account ends the other sessions. Errors: `INVALID_MFA_CODE`, `MFA_NOT_ENABLED` when nothing was begun or it has run out, `MFA_ALREADY_ENABLED`, `TOO_MANY_ATTEMPTS`.',
  })
  async confirmTotpEnrollment(
    @Arg('input', () => ConfirmTotpEnrollmentInput, { description: 'The code.' }) input: ConfirmTotpEnrollmentInput,
    @Ctx() { caller, services }: Context,
  ): Promise<ConfirmTotpEnrollmentPayload> {
    return { backupCodes: await services.totpEnrollments.confirm(caller, input.code) };
  }

  @Mutation(() => DisableTotpPayload, {
    description:
      'Takes the authenticator app away; with the last second factor go the backup codes. Needs `mfa:own` and a recent proof of who you are. Errors: `REAUTHENTICATION_REQUIRED`, `INVALID_MFA_CODE`, `MFA_NOT_ENABLED`, `TOO_MANY_ATTEMPTS`.',
  })
  async disableTotp(
    @Arg('input', () => DisableTotpInput, { description: 'A code.' }) input: DisableTotpInput,
    @Ctx() { caller, services }: Context,
  ): Promise<DisableTotpPayload> {
    await services.totpEnrollments.disable(caller, input.code);
    return { viewer: viewerOf(caller) };
  }

  @Mutation(() => RegenerateBackupCodesPayload, {
    description:
      'Makes ten new backup codes; those before work no more. Needs `mfa:own` and a recent proof of who you are. Errors: `REAUTHENTICATION_REQUIRED`, `INVALID_MFA_CODE`, `MFA_NOT_ENABLED`, `TOO_MANY_ATTEMPTS`.',
  })
  async regenerateBackupCodes(
    @Arg('input', () => RegenerateBackupCodesInput, { description: 'A code.' }) input: RegenerateBackupCodesInput,
    @Ctx() { caller, services }: Context,
  ): Promise<RegenerateBackupCodesPayload> {
    return { backupCodes: await services.backupCodes.regenerate(caller, input.code) };
  }
}
