/** What a federation router asks: our SDL, and the users that other subgraphs refer to. Only `id` is a key: an address would tell who has an account. */
import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Query, Resolver } from 'type-graphql';
import { findEntities } from '../federation/entities.ts';
import { printSubgraphSdl } from '../federation/subgraph-sdl.ts';
import type { Context } from '../request/context.ts';
import { AnyScalar, Entity, Service } from '../types/federation.ts';
import type { User } from '../types/viewer.ts';

@Resolver()
export class FederationResolver {
  @Query(() => [Entity], {
    name: '_entities',
    nullable: 'items',
    description:
      'Users by their `id`, for a router with `Router-Authorization`: at most 100 a request. Null for an id that is unknown, deleted or none.',
  })
  entities(
    @Arg('representations', () => [AnyScalar], { description: 'Of `User`: `{ __typename, id }`.' })
    representations: unknown[],
    @Ctx() context: Context,
  ): Promise<(User | null)[]> {
    return findEntities(representations, context);
  }

  @Query(() => Service, { name: '_service', description: 'This subgraph, for a router with `Router-Authorization`.' })
  service(@Info() { schema }: GraphQLResolveInfo): Service {
    return { sdl: printSubgraphSdl(schema) };
  }
}
