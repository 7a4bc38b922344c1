/** Roles, for administrators. */
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { createRole, deleteRole, updateRole } from '../../domain/administration/role-changes.ts';
import { listRoles } from '../../domain/administration/roles.ts';
import { openedOperations } from '../permissions/opened-operations.ts';
import type { Context } from '../request/context.ts';
import {
  CreateRoleInput,
  CreateRolePayload,
  DeleteRoleInput,
  DeleteRolePayload,
  Permission,
  UpdateRoleInput,
  UpdateRolePayload,
} from '../types/role.ts';
import { Role } from '../types/viewer.ts';

@Resolver()
export class RolesResolver {
  @Query(() => [Role], { description: 'All roles, highest rank first. Requires `roles:read`.' })
  roles(@Ctx() { unit }: Context): Promise<Role[]> {
    return listRoles(unit);
  }

  @Query(() => [Permission], { description: 'All permissions. Requires `roles:read`. Errors: `FORBIDDEN`.' })
  permissions(): Permission[] {
    return openedOperations();
  }

  @Mutation(() => CreateRolePayload, {
    description:
      'Creates a role. Requires `roles:write`. Errors: `FORBIDDEN` for a rank that is not below the rank of the caller and for a permission that the caller does not hold, `CONFLICT` when the name is taken, `BAD_USER_INPUT` with `fields`.',
  })
  async createRole(
    @Arg('input', () => CreateRoleInput, { description: 'The role.' }) input: CreateRoleInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<CreateRolePayload> {
    return { role: await createRole(unit, caller, input) };
  }

  @Mutation(() => UpdateRolePayload, {
    description:
      'Changes a role. The change takes effect on the next request of its users. The permissions of `ADMIN`, `MODERATOR` and `USER` can be changed; changing `SUPER_ADMIN` or `GUEST` is a `CONFLICT`. Requires `roles:write`. Errors: as for `createRole`, `NOT_FOUND`.',
  })
  async updateRole(
    @Arg('input', () => UpdateRoleInput, { description: 'The changes.' }) input: UpdateRoleInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<UpdateRolePayload> {
    return { role: await updateRole(unit, caller, input) };
  }

  @Mutation(() => DeleteRolePayload, {
    description:
      'Deletes a role without users. Requires `roles:write`. Errors: `CONFLICT` for a system role and while users have it, `FORBIDDEN`, `NOT_FOUND`.',
  })
  async deleteRole(
    @Arg('input', () => DeleteRoleInput, { description: 'The role.' }) input: DeleteRoleInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<DeleteRolePayload> {
    return { role: await deleteRole(unit, caller, input.name) };
  }
}
