/** Second factors: status, the second step of sign-in, enrolment and removal. */
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { viewerOf } from '../../domain/caller.ts';
import { regenerateBackupCodes } from '../../domain/factors/backup-codes.ts';
import { mfaStatusOf } from '../../domain/factors/mfa-status.ts';
import { beginTotpEnrollment, confirmTotpEnrollment, disableTotp } from '../../domain/factors/totp-enrollment.ts';
import { verifyMfa } from '../../domain/sign-in/verify-mfa.ts';
import type { Context } from '../request/context.ts';
import { deliver } from '../request/delivery.ts';
import { AuthSession } from '../types/auth-session.ts';
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
import { Viewer } from '../types/viewer.ts';

@Resolver(() => Viewer)
export class MfaResolver {
  @FieldResolver(() => MfaStatus, { description: 'The second factors of the user.' })
  mfa(@Root() viewer: Viewer, @Ctx() { unit }: Context): Promise<MfaStatus> {
    return mfaStatusOf(unit, viewer);
  }

  @Mutation(() => AuthSession, {
    description:
      'The second step of sign-in, after `login` returned `MfaChallenge`. The options of the `login` call apply. Errors: `INVALID_MFA_CODE` for a wrong, malformed or used code; `INVALID_MFA_TICKET` when the ticket has expired, was used, or has received five wrong codes: start again with the password; `TOO_MANY_ATTEMPTS` with `retryAfter` after ten wrong codes of the account, across tickets (known devices have a separate counter); `BAD_USER_INPUT`, `SERVICE_BUSY`.',
  })
  async verifyMfa(
    @Arg('input', () => VerifyMfaInput, { description: 'The ticket and the code.' }) input: VerifyMfaInput,
    @Ctx() context: Context,
  ): Promise<AuthSession> {
    const { delivery, ...session } = await verifyMfa(context.unit, context.caller, input);
    return deliver(session, delivery, context);
  }

  @Mutation(() => BeginTotpEnrollmentPayload, {
    description:
      'Starts the setup of an authenticator app: show the QR code, then call `confirmTotpEnrollment`. A repeated call creates a new secret. Requires `mfa:own` and recent authentication, with the second factor when the user has one. Errors: `REAUTHENTICATION_REQUIRED`, `MFA_ALREADY_ENABLED`, `BAD_USER_INPUT`.',
  })
  beginTotpEnrollment(
    @Arg('input', () => BeginTotpEnrollmentInput, { defaultValue: {}, description: 'The options. May be omitted.' })
    input: BeginTotpEnrollmentInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<BeginTotpEnrollmentPayload> {
    return beginTotpEnrollment(unit, caller, input.accountName ?? null);
  }

  @Mutation(() => ConfirmTotpEnrollmentPayload, {
    description:
      'Completes the setup with the first code of the app, and raises this session to `AAL2`. The first second factor of an account revokes the other sessions. Errors: `INVALID_MFA_CODE`, `MFA_NOT_ENABLED` when no setup was started or it has expired, `MFA_ALREADY_ENABLED`, `TOO_MANY_ATTEMPTS`.',
  })
  async confirmTotpEnrollment(
    @Arg('input', () => ConfirmTotpEnrollmentInput, { description: 'The code.' }) input: ConfirmTotpEnrollmentInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<ConfirmTotpEnrollmentPayload> {
    return { backupCodes: await confirmTotpEnrollment(unit, caller, input.code) };
  }

  @Mutation(() => DisableTotpPayload, {
    description:
      'Removes the authenticator app. Removing the last second factor also removes the backup codes. Requires `mfa:own` and recent authentication. Errors: `REAUTHENTICATION_REQUIRED`, `INVALID_MFA_CODE`, `MFA_NOT_ENABLED`, `TOO_MANY_ATTEMPTS`.',
  })
  async disableTotp(
    @Arg('input', () => DisableTotpInput, { description: 'A code.' }) input: DisableTotpInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<DisableTotpPayload> {
    await disableTotp(unit, caller, input.code);
    return { viewer: viewerOf(caller) };
  }

  @Mutation(() => RegenerateBackupCodesPayload, {
    description:
      'Creates ten new backup codes and invalidates the earlier ones. Requires `mfa:own` and recent authentication. Errors: `REAUTHENTICATION_REQUIRED`, `INVALID_MFA_CODE`, `MFA_NOT_ENABLED`, `TOO_MANY_ATTEMPTS`.',
  })
  async regenerateBackupCodes(
    @Arg('input', () => RegenerateBackupCodesInput, { description: 'A code.' }) input: RegenerateBackupCodesInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<RegenerateBackupCodesPayload> {
    return { backupCodes: await regenerateBackupCodes(unit, caller, input.code) };
  }
}
