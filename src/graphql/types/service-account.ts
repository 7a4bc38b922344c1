/** Service accounts: identities for programs that belong to no user. */
import { Field, ID, ObjectType } from 'type-graphql';
import type { ServiceAccountStatus } from '../../domain/applications/service-accounts.ts';
import { UserStatusEnum } from './managed-user.ts';

@ObjectType({
  description: 'An identity for programs. It has a role and authenticates with API keys or client credentials.',
})
export class ServiceAccount {
  @Field(() => ID, { description: 'A UUIDv7. It is the `client_id` at `/oauth/token` and the `sub` of its tokens.' })
  id!: string;

  @Field(() => String, { description: 'The name. No two service accounts have the same name.' })
  name!: string;

  @Field(() => UserStatusEnum, { description: 'The state: `ACTIVE`, `SUSPENDED` or `DELETED`.' })
  status!: ServiceAccountStatus;

  @Field(() => Date, { description: 'The time of the creation.' })
  createdAt!: Date;

  /** What `role` is looked up by. */
  roleName!: string;
}
