/** Roles, for those who grant and make them. */
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { Context } from '../request/context.ts';
import {
  CreateRoleInput,
  CreateRolePayload,
  DeleteRoleInput,
  DeleteRolePayload,
  UpdateRoleInput,
  UpdateRolePayload,
} from '../types/role.ts';
import { Role } from '../types/viewer.ts';

@Resolver()
export class RolesResolver {
  @Query(() => [Role], { description: 'Every role there is, the highest rank first. Needs `roles:read`.' })
  roles(@Ctx() { services }: Context): Promise<Role[]> {
    return services.roles.list();
  }

  @Mutation(() => CreateRolePayload, {
    description:
      'Makes a role. Needs `roles:write`. Errors: `FORBIDDEN` for a rank that is not below your own or a permission that you do not hold, `CONFLICT` when the name is taken, `BAD_USER_INPUT` with `fields`.',
  })
  async createRole(
    @Arg('input', () => CreateRoleInput, { description: 'The role.' }) input: CreateRoleInput,
    @Ctx() { caller, services }: Context,
  ): Promise<CreateRolePayload> {
    return { role: await services.roles.create(caller, input) };
  }

  @Mutation(() => UpdateRolePayload, {
    description:
      'Changes a role; for its holders from their next request on. Of `ADMIN`, `MODERATOR` and `USER` the permissions can change, of `SUPER_ADMIN` and `GUEST` nothing: `CONFLICT`. Needs `roles:write`. Errors: as `createRole`, `NOT_FOUND`.',
  })
  async updateRole(
    @Arg('input', () => UpdateRoleInput, { description: 'The changes.' }) input: UpdateRoleInput,
    @Ctx() { caller, services }: Context,
  ): Promise<UpdateRolePayload> {
    return { role: await services.roles.update(caller, input) };
  }

  @Mutation(() => DeleteRolePayload, {
    description:
      'Deletes a role that nobody has. Needs `roles:write`. Errors: `CONFLICT` for a system role and while users have it, `FORBIDDEN`, `NOT_FOUND`.',
  })
  async deleteRole(
    @Arg('input', () => DeleteRoleInput, { description: 'The role.' }) input: DeleteRoleInput,
    @Ctx() { caller, services }: Context,
  ): Promise<DeleteRolePayload> {
    return { role: await services.roles.delete(caller, input.name) };
  }
}
