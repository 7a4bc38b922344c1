/** Passkeys: which there are, registering them, and signing in with them. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { type Delivery, SessionDeliveryEnum } from './session.ts';
import { Viewer } from './viewer.ts';

@ObjectType({ description: 'A passkey of yours (WebAuthn): a key that a device or a password manager keeps for you.' })
export class Passkey {
  @Field(() => ID, { description: 'For `removePasskey`.' })
  id!: string;

  @Field(() => String, { description: 'What you called it.' })
  name!: string;

  @Field(() => Date, { description: 'When it was set up.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it last signed in. Null: never yet.' })
  lastUsedAt!: Date | null;

  @Field(() => Boolean, {
    description:
      'Whether it is kept in more than one place, as in a synchronised keychain. Others go with their device.',
  })
  backedUp!: boolean;

  @Field(() => Date, {
    nullable: true,
    description:
      'From when on the passkey signs in without a password. Until then it is a second factor beside the password, and `confirmPasskey` makes it sign in alone at once. Null: since it was added.',
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

@InputType({ description: 'How authenticators shall show the account. May be empty.' })
export class BeginPasskeyRegistrationInput {
  @Field(() => String, {
    nullable: true,
    description:
      'What to call the account where its owner chooses among several. At most 100 characters; without it, the address of the account.',
  })
  accountName?: string | null;
}

@ObjectType({ description: 'What to ask the browser for. Nothing has changed yet.' })
export class BeginPasskeyRegistrationPayload {
  @Field(() => GraphQLJSONObject, {
    description:
      '`PublicKeyCredentialCreationOptionsJSON`: pass it through `PublicKeyCredential.parseCreationOptionsFromJSON` to `navigator.credentials.create({ publicKey })`.',
  })
  options!: Record<string, unknown>;

  @Field(() => Date, { description: 'Until when `confirmPasskeyRegistration` takes the answer.' })
  expiresAt!: Date;
}

@InputType({ description: 'What the browser answered, and a name for the passkey.' })
export class ConfirmPasskeyRegistrationInput {
  @Field(() => GraphQLJSONObject, {
    description: '`RegistrationResponseJSON`: what `toJSON()` of the new credential gives.',
  })
  response!: Record<string, unknown>;

  @Field(() => String, {
    description: 'By which its owner knows it again, such as `MacBook`. At most 100 characters.',
  })
  name!: string;
}

@ObjectType({ description: 'The answer to `confirmPasskeyRegistration`: from now on signing in takes a second step.' })
export class ConfirmPasskeyRegistrationPayload {
  @Field(() => Passkey, { description: 'The new passkey.' })
  passkey!: Passkey;

  @Field(() => [String], {
    nullable: true,
    description:
      'Ten codes for when every passkey is lost. Shown this once: print them, keep them. Null when the account has some already.',
  })
  backupCodes!: string[] | null;
}

@InputType({ description: 'For what to sign in. May be empty: then the passkey takes the place of the password.' })
export class BeginPasskeyLoginInput {
  @Field(() => String, {
    nullable: true,
    description: 'What `login` answered, when the passkey is the second step after the password.',
  })
  ticket?: string | null;
}

@ObjectType({ description: 'What to ask the browser for. Without a ticket it tells nothing about any account.' })
export class BeginPasskeyLoginPayload {
  @Field(() => GraphQLJSONObject, {
    description:
      '`PublicKeyCredentialRequestOptionsJSON`: pass it through `PublicKeyCredential.parseRequestOptionsFromJSON` to `navigator.credentials.get({ publicKey })`; without a ticket also with `mediation: "conditional"`, so that passkeys show up in the form.',
  })
  options!: Record<string, unknown>;

  @Field(() => Date, { description: 'Until when `loginWithPasskey` takes the answer.' })
  expiresAt!: Date;
}

@InputType({ description: 'What the browser answered.' })
export class LoginWithPasskeyInput {
  @Field(() => GraphQLJSONObject, {
    description: '`AuthenticationResponseJSON`: what `toJSON()` of the credential gives.',
  })
  response!: Record<string, unknown>;

  @Field(() => String, {
    nullable: true,
    description:
      'The ticket that `beginPasskeyLogin` was given. What `login` was asked for with it counts, not the rest of this.',
  })
  ticket?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Stay signed in for 30 days without use (90 at most) instead of the usual 7 (30 at most).',
  })
  rememberMe!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'What to call this device in the list of sessions. At most 100 characters.',
  })
  deviceName?: string | null;

  @Field(() => SessionDeliveryEnum, { defaultValue: 'BEARER', description: 'How to get the refresh token.' })
  delivery!: Delivery;
}

@InputType({ description: 'Which passkey to take away.' })
export class RemovePasskeyInput {
  @Field(() => ID, { description: 'Its `id`.' })
  id!: string;
}

@ObjectType({ description: 'The answer to `removePasskey`.' })
export class RemovePasskeyPayload {
  @Field(() => Viewer, { description: 'Yourself, as you are now.' })
  viewer!: Viewer;
}
