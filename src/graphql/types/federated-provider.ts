/** The identity providers that users can sign in with. */
import { GraphQLURL } from 'graphql-scalars';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { ProviderKind } from '../../domain/identities/provider.ts';

export const FederatedProviderKindEnum = {
  GOOGLE: 'GOOGLE',
  GITHUB: 'GITHUB',
  MICROSOFT: 'MICROSOFT',
  APPLE: 'APPLE',
  OIDC: 'OIDC',
  OAUTH2: 'OAUTH2',
} as const;
registerEnumType(FederatedProviderKindEnum, {
  name: 'FederatedProviderKind',
  description: 'The kinds of providers. New ones may be added.',
  valuesConfig: {
    GOOGLE: { description: 'Google.' },
    GITHUB: { description: 'GitHub.' },
    MICROSOFT: { description: 'Microsoft Entra ID.' },
    APPLE: { description: 'Apple.' },
    OIDC: { description: 'Any provider of OpenID Connect.' },
    OAUTH2: { description: 'Any provider of OAuth 2.0 with an address that describes the user.' },
  },
});

@ObjectType({ description: 'A provider that users can sign in with.' })
export class FederatedProvider {
  @Field(() => ID, { description: 'The id, for `beginFederatedLogin`.' })
  id!: string;

  @Field(() => String, { description: 'The short name, for example `google`.' })
  slug!: string;

  @Field(() => String, { description: 'The name for a button.' })
  displayName!: string;

  @Field(() => FederatedProviderKindEnum, { description: 'The kind.' })
  kind!: ProviderKind;

  @Field(() => GraphQLURL, { nullable: true, description: 'The address of an icon for a button.' })
  iconUrl!: string | null;
}
