/** Inputs and payloads of role changes. The type Role is in types/viewer.ts. */
import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { Role } from './viewer.ts';

@ObjectType({ description: 'A permission of the gateway, and what it opens.' })
export class Permission {
  @Field(() => String, { description: 'The name, for example `users:read`. New permissions may be added.' })
  name!: string;

  @Field(() => [String], {
    description:
      'The operations and fields that the permission opens, for example `Query.users`. Some have further conditions, see schema/permissions.md.',
  })
  operations!: string[];
}

@InputType({ description: 'A new custom role.' })
export class CreateRoleInput {
  @Field(() => String, {
    description:
      'The name: 2 to 64 capital letters, digits and `_`, a letter first, for example `SUPPORT_DESK`. It cannot be changed later.',
  })
  name!: string;

  @Field(() => Int, {
    description: 'The rank, 0 to 99 and below the rank of the caller. Users of this role manage users of lower ranks.',
  })
  rank!: number;

  @Field(() => [String], { description: 'The permissions. The caller has to hold each of them.' })
  permissions!: string[];
}

@InputType({ description: 'The changes of a role. Absent fields stay unchanged.' })
export class UpdateRoleInput {
  @Field(() => String, { description: 'The name of the role.' })
  name!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The rank, 0 to 99 and below the rank of the caller. The ranks of system roles are fixed.',
  })
  rank?: number | null;

  @Field(() => [String], { nullable: true, description: 'The new permissions. They replace the existing ones.' })
  permissions?: string[] | null;
}

@InputType({ description: 'The role to delete.' })
export class DeleteRoleInput {
  @Field(() => String, { description: 'The name of the role.' })
  name!: string;
}

@ObjectType({ description: 'The answer to `createRole`.' })
export class CreateRolePayload {
  @Field(() => Role, { description: 'The new role.' })
  role!: Role;
}

@ObjectType({ description: 'The answer to `updateRole`.' })
export class UpdateRolePayload {
  @Field(() => Role, { description: 'The role after the change.' })
  role!: Role;
}

@ObjectType({ description: 'The answer to `deleteRole`.' })
export class DeleteRolePayload {
  @Field(() => Role, { description: 'The deleted role.' })
  role!: Role;
}
