/** Inputs and payloads of what signed-in users do with their account. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { EmailAddressScalar } from '../scalars.ts';
import { Viewer } from './viewer.ts';

@InputType({ description: 'The current and the new password.' })
export class ChangePasswordInput {
  @Field(() => String, { description: 'The current password.' })
  currentPassword!: string;

  @Field(() => String, { description: 'The new password. It has to meet `passwordPolicy`.' })
  newPassword!: string;
}

@ObjectType({ description: 'The answer to `changePassword`.' })
export class ChangePasswordPayload {
  @Field(() => Int, {
    description: 'The number of other sessions that were revoked. The session of this request stays valid.',
  })
  revokedCount!: number;

  @Field(() => String, {
    nullable: true,
    description:
      'Bearer mode only: the new device token of this device. A new password invalidates all earlier device tokens. In cookie mode the cookie is replaced.',
  })
  deviceToken!: string | null;
}

@InputType({ description: 'The first password of an account without one.' })
export class SetPasswordInput {
  @Field(() => String, { description: 'The password. It has to meet `passwordPolicy`.' })
  newPassword!: string;
}

@ObjectType({ description: 'The answer to `setPassword`.' })
export class SetPasswordPayload extends ChangePasswordPayload {}

@InputType({ description: 'The new e-mail address.' })
export class RequestEmailChangeInput {
  @Field(() => EmailAddressScalar, { description: 'The new address. A mail with a confirmation link is sent to it.' })
  newEmail!: string;
}

@ObjectType({ description: 'The answer to `requestEmailChange`.' })
export class RequestEmailChangePayload {
  @Field(() => Boolean, { description: 'Always true, for a free and for a taken address.' })
  accepted!: boolean;
}

@InputType({ description: 'The proof that the user receives mail at the new address.' })
export class ConfirmEmailChangeInput {
  @Field(() => String, {
    description: 'The text after `#token=` in the link `/confirm-email`. Single use, valid for one hour.',
  })
  token!: string;
}

@ObjectType({ description: 'The answer to `confirmEmailChange`. The address is changed.' })
export class ConfirmEmailChangePayload {
  @Field(() => Viewer, {
    nullable: true,
    description:
      'The signed-in user with the new address. Null when the request carries no access token of this account.',
  })
  viewer!: Viewer | null;
}

@InputType({ description: 'The proof that the owner deletes the account.' })
export class DeleteAccountInput {
  @Field(() => String, {
    nullable: true,
    description: 'The current password. Required unless the account has none (`Viewer.hasPassword`).',
  })
  password?: string | null;
}

@ObjectType({ description: 'The answer to `deleteAccount`. All sessions are revoked.' })
export class DeleteAccountPayload {
  @Field(() => Date, { description: 'The time of the deletion.' })
  deletedAt!: Date;

  @Field(() => Date, {
    description:
      'The time at which all data of the account is erased and the address can be registered again. Until then an administrator can restore the account.',
  })
  purgeAt!: Date;
}

@InputType({ description: 'The data to export. Empty: all data.' })
export class ExportMyDataInput {
  @Field(() => Date, {
    nullable: true,
    description: 'Limits sessions, mails and events to this time and later.',
  })
  since?: Date | null;
}

@ObjectType({ description: 'The answer to `exportMyData`.' })
export class ExportMyDataPayload {
  @Field(() => GraphQLJSONObject, {
    description:
      'All stored data of the user: `account`, `passwords` (the times of replacement), `secondFactors`, `links` (of mails, without their tokens), `sessions`, `mails`, `events`. Save it as a file.',
  })
  data!: Record<string, unknown>;
}
