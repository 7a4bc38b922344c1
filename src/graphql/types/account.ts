/** Inputs and payloads of what signed-in users do with their account. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { EmailAddressScalar } from '../scalars.ts';
import { Viewer } from './viewer.ts';

@InputType({ description: 'The password you have, and the one you want.' })
export class ChangePasswordInput {
  @Field(() => String, { description: 'The present one.' })
  currentPassword!: string;

  @Field(() => String, { description: 'As `passwordPolicy` demands.' })
  newPassword!: string;
}

@ObjectType({ description: 'The answer to `changePassword`.' })
export class ChangePasswordPayload {
  @Field(() => Int, { description: 'How many other sessions ended. The one you asked through lives on.' })
  revokedCount!: number;

  @Field(() => String, {
    nullable: true,
    description:
      'Bearer mode only: replaces the device token of this device. A new password makes all earlier device tokens worthless. In cookie mode the cookie is replaced.',
  })
  deviceToken!: string | null;
}

@InputType({ description: 'The address you want to sign in with.' })
export class RequestEmailChangeInput {
  @Field(() => EmailAddressScalar, { description: 'The new address. It gets a mail with a link to confirm.' })
  newEmail!: string;
}

@ObjectType({ description: 'The answer to `requestEmailChange`.' })
export class RequestEmailChangePayload {
  @Field(() => Boolean, { description: 'Always true, whether the new address is free or not.' })
  accepted!: boolean;
}

@InputType({ description: 'The proof that you read mail at the new address.' })
export class ConfirmEmailChangeInput {
  @Field(() => String, {
    description: 'What stands behind `#token=` in the link `/confirm-email`. Works once, for an hour.',
  })
  token!: string;
}

@ObjectType({ description: 'The answer to `confirmEmailChange`. The address is changed.' })
export class ConfirmEmailChangePayload {
  @Field(() => Viewer, {
    nullable: true,
    description: 'Yourself with the new address; null when the link was followed where you are not signed in.',
  })
  viewer!: Viewer | null;
}

@InputType({ description: 'The proof that it is you who wants to leave.' })
export class DeleteAccountInput {
  @Field(() => String, { description: 'Your password.' })
  password!: string;
}

@ObjectType({ description: 'The answer to `deleteAccount`. Your sessions have ended.' })
export class DeleteAccountPayload {
  @Field(() => Date, { description: 'When the account was deleted: now.' })
  deletedAt!: Date;

  @Field(() => Date, {
    description:
      'When everything about you is erased and the address is free again. Until then an administrator can restore the account.',
  })
  purgeAt!: Date;
}

@InputType({ description: 'What to export. May be empty: then it is everything.' })
export class ExportMyDataInput {
  @Field(() => Date, {
    nullable: true,
    description: 'Of sessions, mails and events only what is of this time or later.',
  })
  since?: Date | null;
}

@ObjectType({ description: 'The answer to `exportMyData`.' })
export class ExportMyDataPayload {
  @Field(() => GraphQLJSONObject, {
    description:
      'Everything stored about you: `account`, `passwords` (when they were replaced), `secondFactors`, `links` (that mails to you carried, without their tokens), `sessions`, `mails`, `events`. Made to be kept as a file.',
  })
  data!: Record<string, unknown>;
}
