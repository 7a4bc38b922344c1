/** Inputs and payloads of registering, confirming an address and accepting an invitation. */
import { Field, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { RegistrationStatus } from '../../domain/accounts/registration.ts';
import { EmailAddressScalar } from '../scalars.ts';

export const RegistrationStatusEnum = { VERIFICATION_SENT: 'VERIFICATION_SENT', ACTIVE: 'ACTIVE' } as const;
registerEnumType(RegistrationStatusEnum, {
  name: 'RegistrationStatus',
  description: 'What `register` led to.',
  valuesConfig: {
    VERIFICATION_SENT: {
      description:
        'Look into your mail. The answer is the same when the address has an account already; the mail then says so.',
    },
    ACTIVE: { description: 'The account is ready: sign in. Only where the operator has switched verification off.' },
  },
});

@InputType({ description: 'A new account.' })
export class RegisterInput {
  @Field(() => EmailAddressScalar, { description: 'The address to sign in with.' })
  email!: string;

  @Field(() => String, { description: 'As `passwordPolicy` demands.' })
  password!: string;

  @Field(() => String, { nullable: true, description: 'What you want to be called. At most 100 characters.' })
  displayName?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The language of mails to you, such as `en` or `de-AT`. One that we do not have falls back to ours.',
  })
  locale?: string | null;
}

@ObjectType({ description: 'The answer to `register`. There are no tokens in it: sign in afterwards.' })
export class RegisterPayload {
  @Field(() => RegistrationStatusEnum, { description: 'What to do next.' })
  status!: RegistrationStatus;
}

@InputType({ description: 'The proof that you read mail at an address.' })
export class VerifyEmailInput {
  @Field(() => String, {
    description: 'What stands behind `#token=` in the link of the mail. Works once, for 24 hours.',
  })
  token!: string;
}

@ObjectType({ description: 'The answer to `verifyEmail`.' })
export class VerifyEmailPayload {
  @Field(() => Boolean, { description: 'Always true: a token that is no good is an error.' })
  verified!: boolean;
}

@InputType({ description: 'Where to send the mail again.' })
export class ResendVerificationEmailInput {
  @Field(() => EmailAddressScalar, { description: 'The address you registered with.' })
  email!: string;

  @Field(() => String, { nullable: true, description: 'The password you registered with: renews that registration.' })
  password?: string | null;
}

@ObjectType({ description: 'The answer to `resendVerificationEmail`.' })
export class ResendVerificationEmailPayload {
  @Field(() => Boolean, { description: 'Always true, whether anything waits for confirmation or not.' })
  accepted!: boolean;
}

@InputType({ description: 'Whose password to reset.' })
export class RequestPasswordResetInput {
  @Field(() => EmailAddressScalar, { description: 'The address of the account.' })
  email!: string;
}

@ObjectType({ description: 'The answer to `requestPasswordReset`.' })
export class RequestPasswordResetPayload {
  @Field(() => Boolean, { description: 'Always true, whether there is such an account or not.' })
  accepted!: boolean;
}

@InputType({ description: 'A new password, and the token that permits it.' })
export class ResetPasswordInput {
  @Field(() => String, { description: 'What stands behind `#token=` in the link you were given. Works once.' })
  token!: string;

  @Field(() => String, { description: 'As `passwordPolicy` demands. One that is refused does not use the token up.' })
  newPassword!: string;
}

@ObjectType({ description: 'The answer to `resetPassword`.' })
export class ResetPasswordPayload {
  @Field(() => Boolean, { description: 'Always true: a token that is no good is an error.' })
  reset!: boolean;
}
