/** Phones of users. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Viewer } from './viewer.ts';

@ObjectType({ description: 'A phone of the user, verified with a code by text message.' })
export class Phone {
  @Field(() => ID, { description: 'A UUIDv7.' })
  id!: string;

  @Field(() => String, { description: 'The number, partly hidden, for example `+49•••••••••89`.' })
  maskedNumber!: string;

  @Field(() => String, { description: 'The country of the number (ISO 3166-1), for example `DE`.' })
  country!: string;

  @Field(() => Date, { description: 'The time at which it was verified.' })
  verifiedAt!: Date;

  @Field(() => Boolean, {
    description:
      'True when codes to it are a second factor. That ends when the last other second factor of the account is removed.',
  })
  factor!: boolean;
}

@ObjectType({ description: 'What the operator permits for phones.' })
export class PhoneRules {
  @Field(() => [String], { description: 'The countries whose numbers get messages (ISO 3166-1), for example `DE`.' })
  countries!: string[];

  @Field(() => Int, { description: 'The largest number of phones of one user.' })
  maximum!: number;

  @Field(() => Boolean, {
    description:
      'True when a phone can be a second factor of the user, beside an authenticator app or a passkey. False for a role that requires a second factor.',
  })
  factor!: boolean;
}

@InputType({ description: 'The number to send a code to.' })
export class BeginPhoneVerificationInput {
  @Field(() => String, {
    description: 'With the country code, for example `+4915123456789`. Spaces, dashes and parentheses are ignored.',
  })
  number!: string;
}

@InputType({ description: 'The code of a text message.' })
export class ConfirmPhoneInput {
  @Field(() => String, { description: 'The `flow` of `beginPhoneVerification`.' })
  flow!: string;

  @Field(() => String, { description: 'The eight digits of the message. Spaces and dashes are ignored.' })
  code!: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether the phone becomes a second factor, beside an authenticator app or a passkey.',
  })
  factor!: boolean;
}

@ObjectType({ description: 'The answer to `confirmPhone`.' })
export class ConfirmPhonePayload {
  @Field(() => Phone, { description: 'The verified phone.' })
  phone!: Phone;
}

@InputType({ description: 'The phone to remove.' })
export class RemovePhoneInput {
  @Field(() => ID, { description: 'The `id` of the phone.' })
  id!: string;
}

@ObjectType({ description: 'The answer to `removePhone`.' })
export class RemovePhonePayload {
  @Field(() => Viewer, { description: 'The signed-in user after the change.' })
  viewer!: Viewer;
}
