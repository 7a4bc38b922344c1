/** Providers as administrators see them. */
import { GraphQLJSONObject, GraphQLURL } from 'graphql-scalars';
import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { FederatedProvider } from './federated-provider.ts';

export const ProviderSourceEnum = { FILE: 'FILE', DATABASE: 'DATABASE' } as const;
registerEnumType(ProviderSourceEnum, {
  name: 'ProviderSource',
  description: 'Where a provider is defined.',
  valuesConfig: {
    FILE: { description: 'In the file `FEDERATED_PROVIDERS` of the operator. It cannot be changed here.' },
    DATABASE: { description: 'By `createFederatedProvider`.' },
  },
});

@ObjectType({ description: 'What is wrong with a provider.' })
export class ProviderProblem {
  @Field(() => String, {
    description:
      '`ADDRESS_REFUSED`: the gateway may not call it; `PROVIDER_UNAVAILABLE`; `PROVIDER_REFUSED`: an unexpected answer; `INCOMPLETE_METADATA`; `ISSUER_IN_FILE`; `SECRET_UNREADABLE`. New codes may be added.',
  })
  code!: string;

  @Field(() => String, { description: 'The problem in words.' })
  message!: string;
}

@ObjectType({ description: 'The result of a test of a provider.' })
export class ProviderTest {
  @Field(() => Date, { description: 'When it was tested.' })
  testedAt!: Date;

  @Field(() => [ProviderProblem], { description: 'The problems. Empty: the gateway could use the provider.' })
  problems!: readonly ProviderProblem[];
}

@ObjectType({ description: 'A provider with its configuration, for administrators.' })
export class ManagedFederatedProvider {
  @Field(() => FederatedProvider, { description: 'What users see of it.' })
  provider!: FederatedProvider;

  @Field(() => Boolean, { description: 'Whether users can sign in with it.' })
  enabled!: boolean;

  @Field(() => ProviderSourceEnum, { description: 'Where it is defined.' })
  source!: keyof typeof ProviderSourceEnum;

  @Field(() => GraphQLJSONObject, {
    description:
      'The configuration: `issuer`, `clientId`, `hasSecret`, `endpoints`, `scopes`, `nativeClientIds`, `mapping`, `policy`, `appleKey` (`teamId` and `keyId`) and `iconUrl`. It contains no secret.',
  })
  settings!: object;

  @Field(() => GraphQLURL, { description: 'The redirect address to register at the provider.' })
  callbackUrl!: string;

  @Field(() => ProviderTest, {
    nullable: true,
    description: 'The result of the last `testFederatedProvider`. Null: it was not tested yet.',
  })
  lastTest!: ProviderTest | null;
}
