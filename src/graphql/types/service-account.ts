/** Service accounts: identities for programs that belong to no user. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { ServiceAccountStatus } from '../../domain/applications/service-accounts.ts';
import { connectionType } from './connection.ts';
import { UserStatusEnum } from './managed-user.ts';
import { User } from './viewer.ts';

@ObjectType({
  description: 'An identity for programs. It has a role and authenticates with API keys or client credentials.',
})
export class ServiceAccount {
  @Field(() => ID, { description: 'A UUIDv7. It is the `client_id` at `/oauth/token` and the `sub` of its tokens.' })
  id!: string;

  @Field(() => String, { description: 'The name. No two service accounts have the same name.' })
  name!: string;

  @Field(() => UserStatusEnum, {
    description: 'The state: `ACTIVE`, `SUSPENDED` or `DELETED`. Requires `service-accounts:write` or `audit:read`.',
  })
  status!: ServiceAccountStatus;

  @Field(() => Date, { description: 'The time of the creation. Requires `service-accounts:write` or `audit:read`.' })
  createdAt!: Date;

  /** What `role` is looked up by. */
  roleName!: string;
}

/** For unions of both: a user that was read with its role has an e-mail address. */
export function userOrServiceAccount(value: object): typeof User | typeof ServiceAccount {
  return 'roleName' in value && !('email' in value) ? ServiceAccount : User;
}

export const ServiceAccountConnection = connectionType(ServiceAccount, 'ServiceAccount', 'service accounts');
export type ServiceAccountConnection = InstanceType<typeof ServiceAccountConnection>;

@ObjectType({ description: 'A client secret of a service account. The secret itself is shown once.' })
export class ClientSecret {
  @Field(() => ID, { description: 'A UUIDv7.' })
  id!: string;

  @Field(() => String, { description: 'The end of the secret, to tell secrets apart.' })
  hint!: string;

  @Field(() => Date, { description: 'The time of the creation.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'The time from which it is rejected. Null: it does not expire.' })
  expiresAt!: Date | null;
}

@InputType({ description: 'A new service account.' })
export class CreateServiceAccountInput {
  @Field(() => String, { description: 'A name that no other service account has. At most 100 characters.' })
  name!: string;

  @Field(() => String, {
    description: 'The name of a role of a lower rank than the role of the caller, and not `SUPER_ADMIN`.',
  })
  role!: string;
}

/** The input of a change that needs a service account and a reason only. Each mutation has its own input type. */
function instruction(name: string, description: string) {
  @InputType(name, { description })
  class ServiceAccountInstruction {
    @Field(() => ID, { description: 'The id of the service account.' })
    id!: string;

    @Field(() => String, { nullable: true, description: 'The reason for the audit trail. At most 500 characters.' })
    reason?: string | null;
  }
  return ServiceAccountInstruction;
}

export const SuspendServiceAccountInput = instruction('SuspendServiceAccountInput', 'The service account to suspend.');
export const ReactivateServiceAccountInput = instruction(
  'ReactivateServiceAccountInput',
  'The service account to reactivate.',
);
export const DeleteServiceAccountInput = instruction('DeleteServiceAccountInput', 'The service account to delete.');
export type ServiceAccountInstruction = InstanceType<ReturnType<typeof instruction>>;

@InputType({ description: 'The public keys of a service account.' })
export class SetServiceAccountJwksInput {
  @Field(() => ID, { description: 'The id of the service account.' })
  id!: string;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description:
      'A JWK set (RFC 7517) of 1 to 10 public keys: EC P-256 or P-384, or RSA of at least 2048 bits. Null: no keys.',
  })
  jwks?: Record<string, unknown> | null;
}

@InputType({ description: 'A new client secret.' })
export class CreateClientSecretInput {
  @Field(() => ID, { description: 'The id of the service account.' })
  serviceAccountId!: string;

  @Field(() => Int, { nullable: true, description: 'The lifetime in seconds, from 60. Absent: it does not expire.' })
  expiresIn?: number | null;
}

@InputType({ description: 'The client secret to revoke.' })
export class RevokeClientSecretInput {
  @Field(() => ID, { description: 'The id of the client secret.' })
  id!: string;
}

/** The payload of a change of a service account. */
function payload(mutation: string, name: string) {
  @ObjectType(name, { description: `The answer to \`${mutation}\`.` })
  class ServiceAccountPayload {
    @Field(() => ServiceAccount, { description: 'The service account after the change.' })
    serviceAccount!: ServiceAccount;
  }
  return ServiceAccountPayload;
}

export const CreateServiceAccountPayload = payload('createServiceAccount', 'CreateServiceAccountPayload');
export const SuspendServiceAccountPayload = payload('suspendServiceAccount', 'SuspendServiceAccountPayload');
export const ReactivateServiceAccountPayload = payload('reactivateServiceAccount', 'ReactivateServiceAccountPayload');
export const DeleteServiceAccountPayload = payload('deleteServiceAccount', 'DeleteServiceAccountPayload');
export const SetServiceAccountJwksPayload = payload('setServiceAccountJwks', 'SetServiceAccountJwksPayload');
export type ServiceAccountPayload = InstanceType<ReturnType<typeof payload>>;

@ObjectType({ description: 'The answer to `createClientSecret`.' })
export class CreateClientSecretPayload {
  @Field(() => ClientSecret, { description: 'The client secret.' })
  clientSecret!: ClientSecret;

  @Field(() => String, { description: 'The secret itself. It is shown only now: store it in a secret store.' })
  secret!: string;
}

@ObjectType({ description: 'The answer to `revokeClientSecret`.' })
export class RevokeClientSecretPayload {
  @Field(() => Boolean, { description: 'True: the secret is rejected from now on.' })
  revoked!: boolean;
}
