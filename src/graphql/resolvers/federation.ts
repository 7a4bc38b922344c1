/** Answers a federation router: the SDL, and users and service accounts by id. An e-mail address is no key: it would reveal which addresses have an account. */
import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Query, Resolver } from 'type-graphql';
import { findEntities } from '../federation/entities.ts';
import { printSubgraphSdl } from '../federation/subgraph-sdl.ts';
import type { Context } from '../request/context.ts';
import { AnyScalar, Entity, Service } from '../types/federation.ts';
import type { ServiceAccount } from '../types/service-account.ts';
import type { User } from '../types/viewer.ts';

@Resolver()
export class FederationResolver {
  @Query(() => [Entity], {
    name: '_entities',
    nullable: 'items',
    description:
      'Users and service accounts by `id`, for a router with `Router-Authorization`: at most 100 per request. Null for an unknown, deleted or malformed id.',
  })
  entities(
    @Arg('representations', () => [AnyScalar], {
      description: 'Representations of `User` or `ServiceAccount`: `{ __typename, id }`.',
    })
    representations: unknown[],
    @Ctx() context: Context,
  ): Promise<(User | ServiceAccount | null)[]> {
    return findEntities(representations, context);
  }

  @Query(() => Service, { name: '_service', description: 'This subgraph, for a router with `Router-Authorization`.' })
  service(@Info() { schema }: GraphQLResolveInfo): Service {
    return { sdl: printSubgraphSdl(schema) };
  }
}
