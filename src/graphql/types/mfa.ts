/** Second factors: what there are, setting them up, and the second step of signing in. */
import { Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { MfaMethod } from '../../domain/factors/second-factors.ts';
import { Viewer } from './viewer.ts';

export const MfaMethodEnum = { TOTP: 'TOTP', BACKUP_CODE: 'BACKUP_CODE', PASSKEY: 'PASSKEY' } as const;
registerEnumType(MfaMethodEnum, {
  name: 'MfaMethod',
  description: 'What can be given as the second step of signing in.',
  valuesConfig: {
    TOTP: { description: 'The six digits that an authenticator app shows now.' },
    BACKUP_CODE: { description: 'One of the codes for when the app is lost. Each works once.' },
    PASSKEY: {
      description:
        'A passkey (WebAuthn). It has no code to type in: `beginPasskeyLogin`, then `loginWithPasskey`, take it with the ticket.',
    },
  },
});

@ObjectType({
  description:
    'The password was right, and a second factor is asked for: call `verifyMfa` with the ticket, or `beginPasskeyLogin` where `methods` has `PASSKEY`. You are not signed in yet.',
})
export class MfaChallenge {
  @Field(() => String, {
    description:
      'Opens the second step and nothing else, until `expiresAt` or the fifth wrong code or passkey. Keep it in memory only.',
  })
  ticket!: string;

  @Field(() => [MfaMethodEnum], { description: 'What the account can be asked for, the usual one first.' })
  methods!: MfaMethod[];

  @Field(() => Date, { description: 'When the ticket ends: then begin again with the password.' })
  expiresAt!: Date;
}

@ObjectType({ description: 'The second factors of an account.' })
export class MfaStatus {
  @Field(() => Boolean, { description: 'Whether signing in takes a second step.' })
  enabled!: boolean;

  @Field(() => [MfaMethodEnum], { description: 'What can be given as that step.' })
  methods!: MfaMethod[];

  @Field(() => Int, { description: 'Of ten. Make new ones with `regenerateBackupCodes` when they run out.' })
  backupCodesRemaining!: number;

  @Field(() => Boolean, {
    description: 'Whether the role demands it. Without one, everything else then answers `MFA_ENROLLMENT_REQUIRED`.',
  })
  required!: boolean;
}

@InputType({ description: 'The second step of signing in.' })
export class VerifyMfaInput {
  @Field(() => String, { description: 'What `login` answered.' })
  ticket!: string;

  @Field(() => MfaMethodEnum, { description: 'What the code is: `TOTP` or `BACKUP_CODE`.' })
  method!: MfaMethod;

  @Field(() => String, {
    description:
      'The code. Spaces and dashes are ignored; a backup code is also read in capitals. At most 64 characters.',
  })
  code!: string;
}

@InputType({ description: 'How the app shall show the account. May be empty.' })
export class BeginTotpEnrollmentInput {
  @Field(() => String, {
    nullable: true,
    description: 'What to call the account in the app. At most 100 characters; without it, the address of the account.',
  })
  accountName?: string | null;
}

@ObjectType({
  description: 'What an authenticator app needs to know, for one of three ways of telling it. Nothing has changed yet.',
})
export class BeginTotpEnrollmentPayload {
  @Field(() => String, { description: 'In base32, to type in by hand. Shown this once.' })
  secret!: string;

  @Field(() => String, { description: 'The same as an `otpauth://` link: opens the app on a phone.' })
  otpauthUri!: string;

  @Field(() => String, {
    description: 'The link as a QR code to scan: a PNG as `data:` URI, good as `src` of an image.',
  })
  qrCode!: string;

  @Field(() => Date, { description: 'Until when `confirmTotpEnrollment` takes it up.' })
  expiresAt!: Date;
}

@InputType({ description: 'The proof that the app has the secret.' })
export class ConfirmTotpEnrollmentInput {
  @Field(() => String, { description: 'The six digits that it shows now.' })
  code!: string;
}

@ObjectType({ description: 'The answer to `confirmTotpEnrollment`: from now on signing in takes a second step.' })
export class ConfirmTotpEnrollmentPayload {
  @Field(() => [String], { description: 'Ten codes for when the app is lost. Shown this once: print them, keep them.' })
  backupCodes!: string[];
}

@InputType({ description: 'The proof that it is you who takes the app away.' })
export class DisableTotpInput {
  @Field(() => String, { description: 'The six digits that the app shows now, or a backup code.' })
  code!: string;
}

@ObjectType({ description: 'The answer to `disableTotp`.' })
export class DisableTotpPayload {
  @Field(() => Viewer, { description: 'Yourself, as you are now.' })
  viewer!: Viewer;
}

@InputType({ description: 'The proof that it is you who wants new codes.' })
export class RegenerateBackupCodesInput {
  @Field(() => String, { description: 'The six digits that the app shows now, or a backup code.' })
  code!: string;
}

@ObjectType({ description: 'The answer to `regenerateBackupCodes`. The codes before work no more.' })
export class RegenerateBackupCodesPayload {
  @Field(() => [String], { description: 'Ten new codes. Shown this once: print them, keep them.' })
  backupCodes!: string[];
}
