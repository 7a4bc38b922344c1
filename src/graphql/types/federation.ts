/**
 * What Apollo Federation asks of a subgraph (its subgraph specification names these types). Left out of both SDLs: in
 * the public one they are nobody's business, and in the subgraph's the router supplies them.
 */
import { GraphQLScalarType } from 'graphql';
import { createUnionType, Field, ObjectType } from 'type-graphql';
import { User } from './viewer.ts';

export const AnyScalar = new GraphQLScalarType<unknown, unknown>({
  name: '_Any',
  description: 'A representation of an entity: its `__typename` and the fields of its key.',
});

export const Entity = createUnionType({
  name: '_Entity',
  description: 'What other subgraphs refer to.',
  types: () => [User] as const,
  resolveType: () => User,
});

@ObjectType('_Service', { description: 'What a router composes its supergraph from.' })
export class Service {
  @Field(() => String, { description: 'The SDL of this subgraph, with the directives of federation.' })
  sdl!: string;
}
