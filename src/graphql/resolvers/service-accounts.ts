/** Service accounts, for administrators. */
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../request/context.ts';
import { ServiceAccount } from '../types/service-account.ts';
import { Role } from '../types/viewer.ts';

@Resolver(() => ServiceAccount)
export class ServiceAccountResolver {
  @FieldResolver(() => Role, { description: 'The current role. It bounds what its keys and tokens may do.' })
  role(@Root() { roleName }: ServiceAccount, @Ctx() { loaders }: Context): Promise<Role> {
    return loaders.roleByName.load(roleName);
  }
}
