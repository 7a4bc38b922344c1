/** Second factors: status, enrolment, and the second step of sign-in. */
import { Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { MfaMethod } from '../../domain/factors/second-factors.ts';
import { Viewer } from './viewer.ts';

export const MfaMethodEnum = {
  TOTP: 'TOTP',
  BACKUP_CODE: 'BACKUP_CODE',
  PASSKEY: 'PASSKEY',
  EMAIL_CODE: 'EMAIL_CODE',
  SMS_CODE: 'SMS_CODE',
} as const;
registerEnumType(MfaMethodEnum, {
  name: 'MfaMethod',
  description: 'The methods for the second step of sign-in.',
  valuesConfig: {
    TOTP: { description: 'The current six-digit code of an authenticator app.' },
    BACKUP_CODE: { description: 'A backup code, for users without access to their other factors. Single use.' },
    PASSKEY: {
      description:
        'A passkey (WebAuthn). It has no code: call `beginPasskeyLogin`, then `loginWithPasskey`, both with the ticket.',
    },
    EMAIL_CODE: {
      description: 'A code in a mail, which `beginMfaCode` sends. Only for accounts without another factor.',
    },
    SMS_CODE: { description: 'A code in an SMS, which `beginMfaCode` sends.' },
  },
});

@ObjectType({
  description:
    'The first proof was correct and a second step is required. Call `verifyMfa` with the ticket; before that, `beginMfaCode` for the codes of mails and SMS. With `PASSKEY` in `methods`, `beginPasskeyLogin` is the other way. The user is not signed in yet.',
})
export class MfaChallenge {
  @Field(() => String, {
    description:
      'Authorises the second step only. Valid until `expiresAt` or the fifth wrong code or passkey. Keep it in memory only.',
  })
  ticket!: string;

  @Field(() => [MfaMethodEnum], { description: 'The methods of the account, the preferred one first.' })
  methods!: MfaMethod[];

  @Field(() => Date, {
    description: 'The time at which the ticket expires. After that, start again with the password.',
  })
  expiresAt!: Date;
}

@ObjectType({ description: 'The second factors of an account.' })
export class MfaStatus {
  @Field(() => Boolean, { description: 'True when sign-in requires a second factor.' })
  enabled!: boolean;

  @Field(() => [MfaMethodEnum], { description: 'The methods that the user has set up.' })
  methods!: MfaMethod[];

  @Field(() => Int, {
    description: 'The number of unused backup codes, 0 to 10. `regenerateBackupCodes` creates new ones.',
  })
  backupCodesRemaining!: number;

  @Field(() => Boolean, {
    description:
      'True when the role requires a second factor. Without one, other operations answer `MFA_ENROLLMENT_REQUIRED`.',
  })
  required!: boolean;
}

@InputType({ description: 'The second step of sign-in.' })
export class VerifyMfaInput {
  @Field(() => String, { description: 'The ticket of the `MfaChallenge` that `login` returned.' })
  ticket!: string;

  @Field(() => MfaMethodEnum, { description: 'The kind of the code: every method but `PASSKEY`.' })
  method!: MfaMethod;

  @Field(() => String, {
    description: 'The code. Spaces, dashes and letter case are ignored. At most 64 characters.',
  })
  code!: string;
}

@InputType({ description: 'The second step to send a code for.' })
export class BeginMfaCodeInput {
  @Field(() => String, { description: 'The ticket of the `MfaChallenge`.' })
  ticket!: string;

  @Field(() => MfaMethodEnum, { description: '`EMAIL_CODE` or `SMS_CODE`: one of the `methods` of the challenge.' })
  method!: MfaMethod;
}

@InputType({ description: 'The label of the account in the authenticator app. May be empty.' })
export class BeginTotpEnrollmentInput {
  @Field(() => String, {
    nullable: true,
    description: 'The name of the account in the app. At most 100 characters. Default: the e-mail address.',
  })
  accountName?: string | null;
}

@ObjectType({
  description: 'The secret for the authenticator app, in three forms. Nothing has changed yet.',
})
export class BeginTotpEnrollmentPayload {
  @Field(() => String, { description: 'The secret in base32, for manual entry. Shown only once.' })
  secret!: string;

  @Field(() => String, { description: 'The secret as an `otpauth://` link, which opens the app on a phone.' })
  otpauthUri!: string;

  @Field(() => String, {
    description: 'The link as a QR code: a PNG as `data:` URI, for the `src` of an image.',
  })
  qrCode!: string;

  @Field(() => Date, { description: 'The time until which `confirmTotpEnrollment` accepts a code.' })
  expiresAt!: Date;
}

@InputType({ description: 'The proof that the app has the secret.' })
export class ConfirmTotpEnrollmentInput {
  @Field(() => String, { description: 'The current six-digit code of the app.' })
  code!: string;
}

@ObjectType({ description: 'The answer to `confirmTotpEnrollment`. Sign-in now requires a second factor.' })
export class ConfirmTotpEnrollmentPayload {
  @Field(() => [String], {
    description: 'Ten backup codes, for users without access to the app. Shown only once: ask the user to store them.',
  })
  backupCodes!: string[];
}

@InputType({ description: 'The proof that the owner removes the authenticator app.' })
export class DisableTotpInput {
  @Field(() => String, { description: 'The current six-digit code of the app, or a backup code.' })
  code!: string;
}

@ObjectType({ description: 'The answer to `disableTotp`.' })
export class DisableTotpPayload {
  @Field(() => Viewer, { description: 'The signed-in user after the change.' })
  viewer!: Viewer;
}

@InputType({ description: 'The proof that the owner requests new codes.' })
export class RegenerateBackupCodesInput {
  @Field(() => String, { description: 'The current six-digit code of the app, or a backup code.' })
  code!: string;
}

@ObjectType({ description: 'The answer to `regenerateBackupCodes`. The earlier codes are invalid.' })
export class RegenerateBackupCodesPayload {
  @Field(() => [String], { description: 'Ten new backup codes. Shown only once: ask the user to store them.' })
  backupCodes!: string[];
}
