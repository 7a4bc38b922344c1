/** Accounts of users at providers. */
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { EmailAddressScalar } from '../scalars.ts';
import { FederatedProvider } from './federated-provider.ts';
import { Viewer } from './viewer.ts';

@ObjectType({ description: 'An account at a provider that signs its user in.' })
export class Identity {
  @Field(() => ID, { description: 'A UUIDv7.' })
  id!: string;

  @Field(() => FederatedProvider, { description: 'The provider.' })
  provider!: FederatedProvider;

  @Field(() => EmailAddressScalar, {
    nullable: true,
    description: 'The address at the provider, as of the last sign-in. It may differ from the address of the account.',
  })
  email!: string | null;

  @Field(() => String, { description: 'The end of the id at the provider, to tell two identities apart.' })
  subjectHint!: string;

  @Field(() => Date, { description: 'The time at which it was linked.' })
  linkedAt!: Date;

  @Field(() => Date, { nullable: true, description: 'The time of the last sign-in with it.' })
  lastUsedAt!: Date | null;
}

@InputType({ description: 'The exchange code of a flow with the purpose `LINK` that this session began.' })
export class LinkIdentityInput {
  @Field(() => String, {
    description: 'The `code` of the address that the browser returned to. Single use, for a minute.',
  })
  code!: string;

  @Field(() => String, { description: 'The verifier whose hash was the `codeChallenge`.' })
  codeVerifier!: string;
}

@ObjectType({ description: 'The answer to `linkIdentity`.' })
export class LinkIdentityPayload {
  @Field(() => Viewer, { description: 'The signed-in user after the change.' })
  viewer!: Viewer;
}

@InputType({ description: 'The identity to unlink.' })
export class UnlinkIdentityInput {
  @Field(() => ID, { description: 'The `id` of the identity.' })
  identityId!: string;
}

@ObjectType({ description: 'The answer to `unlinkIdentity`.' })
export class UnlinkIdentityPayload {
  @Field(() => Viewer, { description: 'The signed-in user after the change.' })
  viewer!: Viewer;
}
