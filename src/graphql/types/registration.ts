/** Inputs and payloads of registration, address confirmation and password reset. */
import { Field, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { RegistrationStatus } from '../../domain/accounts/registration/register.ts';
import { EmailAddressScalar } from '../scalars.ts';

export const RegistrationStatusEnum = { VERIFICATION_SENT: 'VERIFICATION_SENT', ACTIVE: 'ACTIVE' } as const;
registerEnumType(RegistrationStatusEnum, {
  name: 'RegistrationStatus',
  description: 'The next step after `register`.',
  valuesConfig: {
    VERIFICATION_SENT: {
      description:
        'A mail was sent. The answer is the same when the address already has an account; the mail then says so.',
    },
    ACTIVE: { description: 'The account is active: sign in. Only when the operator has disabled verification.' },
  },
});

@InputType({ description: 'A new account.' })
export class RegisterInput {
  @Field(() => EmailAddressScalar, { description: 'The e-mail address to sign in with.' })
  email!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The password. It has to meet `passwordPolicy`. Optional when `signInMethods` contains `EMAIL_CODE`: without it, the account has no password.',
  })
  password?: string | null;

  @Field(() => String, { nullable: true, description: 'The display name. At most 100 characters.' })
  displayName?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The language of mails to the user, for example `en` or `de-AT`. Unsupported languages fall back to the language of the service.',
  })
  locale?: string | null;
}

@ObjectType({ description: 'The answer to `register`. It contains no tokens: the user signs in afterwards.' })
export class RegisterPayload {
  @Field(() => RegistrationStatusEnum, { description: 'The next step.' })
  status!: RegistrationStatus;
}

@InputType({ description: 'The proof that the user receives mail at an address.' })
export class VerifyEmailInput {
  @Field(() => String, {
    description: 'The text after `#token=` in the link of the mail. Single use, valid for 24 hours.',
  })
  token!: string;
}

@ObjectType({ description: 'The answer to `verifyEmail`.' })
export class VerifyEmailPayload {
  @Field(() => Boolean, { description: 'Always true. An invalid token is an error.' })
  verified!: boolean;
}

@InputType({ description: 'The address to send the mail to again.' })
export class ResendVerificationEmailInput {
  @Field(() => EmailAddressScalar, { description: 'The e-mail address of the registration.' })
  email!: string;

  @Field(() => String, { nullable: true, description: 'The password of the registration. It renews the registration.' })
  password?: string | null;
}

@ObjectType({ description: 'The answer to `resendVerificationEmail`.' })
export class ResendVerificationEmailPayload {
  @Field(() => Boolean, { description: 'Always true, with and without a pending registration.' })
  accepted!: boolean;
}

@InputType({ description: 'The account whose password to reset.' })
export class RequestPasswordResetInput {
  @Field(() => EmailAddressScalar, { description: 'The e-mail address of the account.' })
  email!: string;
}

@ObjectType({ description: 'The answer to `requestPasswordReset`.' })
export class RequestPasswordResetPayload {
  @Field(() => Boolean, { description: 'Always true, for known and unknown addresses.' })
  accepted!: boolean;
}

@ObjectType({ description: 'A link of a mail that sets a password: a reset or an invitation.' })
export class PasswordLink {
  @Field(() => EmailAddressScalar, { description: 'The e-mail address of the account.' })
  email!: string;
}

@InputType({ description: 'A new password, and the token that authorises it.' })
export class ResetPasswordInput {
  @Field(() => String, { description: 'The text after `#token=` in the link. Single use.' })
  token!: string;

  @Field(() => String, {
    description: 'The new password. It has to meet `passwordPolicy`. A rejected password leaves the token valid.',
  })
  newPassword!: string;
}

@ObjectType({ description: 'The answer to `resetPassword`.' })
export class ResetPasswordPayload {
  @Field(() => Boolean, { description: 'Always true. An invalid token is an error.' })
  reset!: boolean;
}
