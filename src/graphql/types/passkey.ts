/** Passkeys: the type, registration and sign-in. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { type Delivery, SessionDeliveryEnum } from './auth-session.ts';
import { Viewer } from './viewer.ts';

@ObjectType({
  description: 'A passkey (WebAuthn) of the signed-in user: a key that a device or a password manager stores.',
})
export class Passkey {
  @Field(() => ID, { description: 'The id for `removePasskey`.' })
  id!: string;

  @Field(() => String, { description: 'The name that the user chose.' })
  name!: string;

  @Field(() => Date, { description: 'The time of the registration.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'The time of the last sign-in with it. Null: never.' })
  lastUsedAt!: Date | null;

  @Field(() => Boolean, {
    description:
      'True when the passkey is synchronised or backed up. A passkey without a backup is lost with its device.',
  })
  backedUp!: boolean;

  @Field(() => Date, {
    nullable: true,
    description:
      'The time from which the passkey signs in without a password. Before that it is a second factor; `confirmPasskey` enables it at once. Null: enabled since it was added.',
  })
  aloneFrom!: Date | null;
}

@InputType({ description: 'The confirmation of a new passkey.' })
export class ConfirmPasskeyInput {
  @Field(() => String, { description: 'The token from the link `/confirm-passkey#token=…` of the mail.' })
  token!: string;
}

@ObjectType({ description: 'The answer to `confirmPasskey`.' })
export class ConfirmPasskeyPayload {
  @Field(() => Boolean, { description: 'True: the passkey now signs in without a password.' })
  confirmed!: boolean;
}

@InputType({ description: 'The label of the account in authenticators. May be empty.' })
export class BeginPasskeyRegistrationInput {
  @Field(() => String, {
    nullable: true,
    description:
      'The name of the account when the user chooses among several. At most 100 characters. Default: the e-mail address.',
  })
  accountName?: string | null;
}

@ObjectType({ description: 'The options for the browser. Nothing has changed yet.' })
export class BeginPasskeyRegistrationPayload {
  @Field(() => GraphQLJSONObject, {
    description:
      '`PublicKeyCredentialCreationOptionsJSON`: pass it through `PublicKeyCredential.parseCreationOptionsFromJSON` to `navigator.credentials.create({ publicKey })`.',
  })
  options!: Record<string, unknown>;

  @Field(() => Date, { description: 'The time until which `confirmPasskeyRegistration` accepts the response.' })
  expiresAt!: Date;
}

@InputType({ description: 'The response of the browser, and a name for the passkey.' })
export class ConfirmPasskeyRegistrationInput {
  @Field(() => GraphQLJSONObject, {
    description: '`RegistrationResponseJSON`: the result of `toJSON()` of the new credential.',
  })
  response!: Record<string, unknown>;

  @Field(() => String, {
    description: 'The name of the passkey, for example `MacBook`. At most 100 characters.',
  })
  name!: string;
}

@ObjectType({ description: 'The answer to `confirmPasskeyRegistration`. Sign-in now requires a second factor.' })
export class ConfirmPasskeyRegistrationPayload {
  @Field(() => Passkey, { description: 'The new passkey.' })
  passkey!: Passkey;

  @Field(() => [String], {
    nullable: true,
    description:
      'Ten backup codes, for users without access to their passkeys. Shown only once: ask the user to store them. Null when the account already has backup codes.',
  })
  backupCodes!: string[] | null;
}

@InputType({ description: 'The purpose of the sign-in. Empty: the passkey replaces the password.' })
export class BeginPasskeyLoginInput {
  @Field(() => String, {
    nullable: true,
    description: 'The ticket of the `MfaChallenge`, when the passkey is the second step after the password.',
  })
  ticket?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True: for `reauthenticate` in the session of this request. Only passkeys of the signed-in user are accepted, with user verification.',
  })
  reauthenticate?: boolean | null;
}

@ObjectType({
  description: 'The options for the browser. Without a ticket and a session they reveal nothing about any account.',
})
export class BeginPasskeyLoginPayload {
  @Field(() => GraphQLJSONObject, {
    description:
      '`PublicKeyCredentialRequestOptionsJSON`: pass it through `PublicKeyCredential.parseRequestOptionsFromJSON` to `navigator.credentials.get({ publicKey })`; without a ticket also with `mediation: "conditional"`, so that the form offers passkeys.',
  })
  options!: Record<string, unknown>;

  @Field(() => Date, { description: 'The time until which the response is accepted.' })
  expiresAt!: Date;
}

@InputType({ description: 'The response of the browser.' })
export class LoginWithPasskeyInput {
  @Field(() => GraphQLJSONObject, {
    description: '`AuthenticationResponseJSON`: the result of `toJSON()` of the credential.',
  })
  response!: Record<string, unknown>;

  @Field(() => String, {
    nullable: true,
    description:
      'The ticket that was passed to `beginPasskeyLogin`. With a ticket, the options of the `login` call apply and the other fields of this input are ignored.',
  })
  ticket?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Keeps the session for 30 days without use (90 days in total) instead of 7 (30 in total).',
  })
  rememberMe!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'The name of this device in the list of sessions. At most 100 characters.',
  })
  deviceName?: string | null;

  @Field(() => SessionDeliveryEnum, {
    defaultValue: 'BEARER',
    description: 'The way in which the refresh token is returned.',
  })
  delivery!: Delivery;
}

@InputType({ description: 'A passkey and its new name.' })
export class RenamePasskeyInput {
  @Field(() => ID, { description: 'The `id` of the passkey.' })
  id!: string;

  @Field(() => String, { description: 'The new name, for example `MacBook`. At most 100 characters.' })
  name!: string;
}

@ObjectType({ description: 'The answer to `renamePasskey`.' })
export class RenamePasskeyPayload {
  @Field(() => Passkey, { description: 'The renamed passkey.' })
  passkey!: Passkey;
}

@InputType({ description: 'The passkey to remove.' })
export class RemovePasskeyInput {
  @Field(() => ID, { description: 'The `id`.' })
  id!: string;
}

@ObjectType({ description: 'The answer to `removePasskey`.' })
export class RemovePasskeyPayload {
  @Field(() => Viewer, { description: 'The signed-in user after the change.' })
  viewer!: Viewer;
}
