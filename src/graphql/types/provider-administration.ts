/** The inputs and results of the operations that change and test providers. */
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { ProviderKind } from '../../domain/identities/provider.ts';
import { FederatedProviderKindEnum } from './federated-provider.ts';
import { ManagedFederatedProvider, ProviderProblem } from './managed-provider.ts';
import { ProviderSettingsInput } from './provider-settings.ts';

@InputType({ description: 'A new provider. Slug, kind and issuer cannot be changed later.' })
export class CreateFederatedProviderInput extends ProviderSettingsInput {
  @Field(() => String, {
    description: 'The short name, which ends the callback address: up to 32 lower-case letters, digits and hyphens.',
  })
  slug!: string;

  @Field(() => FederatedProviderKindEnum, { description: 'The kind.' })
  kind!: ProviderKind;

  @Field(() => String, { description: 'The name for a button. At most 100 characters.' })
  displayName!: string;

  @Field(() => String, { description: 'The client id that the provider has issued.' })
  clientId!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The issuer. Absent: that of `GOOGLE`, `APPLE` and `GITHUB`. `OAUTH2`: the address under which its subjects are unique.',
  })
  issuer?: string | null;
}

@InputType({
  description:
    'The changes of a provider. Absent members stay unchanged; a given object or list replaces the whole one.',
})
export class UpdateFederatedProviderInput extends ProviderSettingsInput {
  @Field(() => ID, { description: 'The `id` of the provider.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'The name for a button. At most 100 characters.' })
  displayName?: string;

  @Field(() => String, { nullable: true, description: 'The client id.' })
  clientId?: string;
}

@InputType({ description: 'The provider to delete.' })
export class DeleteFederatedProviderInput {
  @Field(() => ID, { description: 'The `id` of the provider.' })
  id!: string;
}

@InputType({ description: 'The provider to test.' })
export class TestFederatedProviderInput {
  @Field(() => ID, { description: 'The `id` of the provider.' })
  id!: string;
}

@ObjectType({ description: 'The answer to `createFederatedProvider`.' })
export class CreateFederatedProviderPayload {
  @Field(() => ManagedFederatedProvider, { description: 'The new provider.' })
  provider!: ManagedFederatedProvider;
}

@ObjectType({ description: 'The answer to `updateFederatedProvider`.' })
export class UpdateFederatedProviderPayload {
  @Field(() => ManagedFederatedProvider, { description: 'The provider after the change.' })
  provider!: ManagedFederatedProvider;
}

@ObjectType({ description: 'The answer to `deleteFederatedProvider`.' })
export class DeleteFederatedProviderPayload {
  @Field(() => ManagedFederatedProvider, { description: 'The deleted provider.' })
  provider!: ManagedFederatedProvider;
}

@ObjectType({ description: 'The answer to `testFederatedProvider`.' })
export class TestFederatedProviderPayload {
  @Field(() => Date, { description: 'When it was tested. `ManagedFederatedProvider.lastTest` keeps the result.' })
  testedAt!: Date;

  @Field(() => [ProviderProblem], { description: 'The problems. Empty: the gateway can use the provider.' })
  problems!: readonly ProviderProblem[];
}
