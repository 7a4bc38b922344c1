/** Inputs and payloads of making, changing and deleting roles. What a role is, is types/viewer.ts. */
import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { Role } from './viewer.ts';

@InputType({ description: 'A role of your own.' })
export class CreateRoleInput {
  @Field(() => String, {
    description: 'Capital letters, digits and `_`, a letter first, 2 to 64 of them: `SUPPORT_DESK`. It never changes.',
  })
  name!: string;

  @Field(() => Int, { description: 'From 0 to 99, below your own: its holders manage those below it.' })
  rank!: number;

  @Field(() => [String], { description: 'What it permits; nothing that your own role does not.' })
  permissions!: string[];
}

@InputType({ description: 'What to change about a role. What is absent stays.' })
export class UpdateRoleInput {
  @Field(() => String, { description: 'Which role.' })
  name!: string;

  @Field(() => Int, { nullable: true, description: 'From 0 to 99, below your own. Those of system roles are fixed.' })
  rank?: number | null;

  @Field(() => [String], { nullable: true, description: 'All that it permits from now on.' })
  permissions?: string[] | null;
}

@InputType({ description: 'Which role to delete.' })
export class DeleteRoleInput {
  @Field(() => String, { description: 'Its name.' })
  name!: string;
}

@ObjectType({ description: 'The answer to `createRole`.' })
export class CreateRolePayload {
  @Field(() => Role, { description: 'The new role.' })
  role!: Role;
}

@ObjectType({ description: 'The answer to `updateRole`.' })
export class UpdateRolePayload {
  @Field(() => Role, { description: 'The role as it is now.' })
  role!: Role;
}

@ObjectType({ description: 'The answer to `deleteRole`.' })
export class DeleteRolePayload {
  @Field(() => Role, { description: 'The role as it was.' })
  role!: Role;
}
