/**
 * The types that the subgraph specification of Apollo Federation requires. Both SDLs omit them: clients cannot use them,
 * and the router supplies its own.
 */
import { GraphQLScalarType } from 'graphql';
import { createUnionType, Field, ObjectType } from 'type-graphql';
import { ServiceAccount, userOrServiceAccount } from './service-account.ts';
import { User } from './viewer.ts';

export const AnyScalar = new GraphQLScalarType<unknown, unknown>({
  name: '_Any',
  description: 'A representation of an entity: its `__typename` and the fields of its key.',
});

export const Entity = createUnionType({
  name: '_Entity',
  description: 'The entities that other subgraphs can reference.',
  types: () => [User, ServiceAccount] as const,
  resolveType: userOrServiceAccount,
});

@ObjectType('_Service', { description: 'The subgraph as a federation router needs it.' })
export class Service {
  @Field(() => String, { description: 'The SDL of this subgraph with its federation directives.' })
  sdl!: string;
}
