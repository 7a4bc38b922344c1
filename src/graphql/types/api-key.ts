/** API keys: the type, the caller that uses one, and the inputs and payloads of changes. */
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType } from './connection.ts';
import { ServiceAccount, userOrServiceAccount } from './service-account.ts';
import { User } from './viewer.ts';

export const ApiKeyOwner = createUnionType({
  name: 'ApiKeyOwner',
  description: 'The owner of an API key. New members may be added.',
  types: () => [User, ServiceAccount] as const,
  resolveType: userOrServiceAccount,
});

@ObjectType({ description: 'An API key. The key itself is shown once, by the mutation that makes it.' })
export class ApiKey {
  @Field(() => ID, { description: 'A UUIDv7.' })
  id!: string;

  @Field(() => String, { description: 'The name that the owner chose.' })
  name!: string;

  @Field(() => String, { description: 'The beginning of the key, to tell keys apart: `pst_pat_4fQz…`.' })
  hint!: string;

  @Field(() => [String], {
    description: 'The permissions that the key may use. Those that the role of the owner has lost have no effect.',
  })
  scopes!: string[];

  @Field(() => Date, { description: 'The time of the creation.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'The time from which the key is rejected with `TOKEN_EXPIRED`.' })
  expiresAt!: Date;

  @Field(() => Date, { nullable: true, description: 'The last use, to the minute. Null: never used.' })
  lastUsedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'The IP address of the last use.' })
  lastUsedFrom!: string | null;

  @Field(() => [String], { description: 'The networks that the key is accepted from. Empty: all networks.' })
  ipAllowlist!: string[];

  @Field(() => Int, { nullable: true, description: 'The own limit of the key. Null: the limit of the service.' })
  limitPerMinute!: number | null;

  @Field(() => Date, {
    nullable: true,
    description: 'After `rotateApiKey`: the time until which the former secret works too. Null: only one secret works.',
  })
  rotating!: Date | null;

  /** What `owner` is looked up by. */
  userId!: string | null;
  serviceAccountId!: string | null;
}

export const ApiKeyConnection = connectionType(ApiKey, 'ApiKey', 'API keys');
export type ApiKeyConnection = InstanceType<typeof ApiKeyConnection>;

@ObjectType({ description: 'A program that calls with an API key or with a token of `/oauth/token`.' })
export class Machine {
  @Field(() => ID, { description: 'The id of the service account, or of the personal API key.' })
  id!: string;

  @Field(() => String, { description: 'The name of the service account, or of the personal API key.' })
  name!: string;

  @Field(() => [String], {
    description: 'The permissions of this call: the scopes of the key or token that its owner holds now.',
  })
  scopes!: string[];
}

@InputType({ description: 'A new API key.' })
export class CreateApiKeyInput {
  @Field(() => String, { description: 'A name to tell keys apart. At most 100 characters.' })
  name!: string;

  @Field(() => [String], {
    description: 'The permissions that the key may use, for example `users:read`. The owner must hold each of them.',
  })
  scopes!: string[];

  @Field(() => Int, { description: 'The lifetime in seconds, from 60. The service limits it, by default to 365 days.' })
  expiresIn!: number;

  @Field(() => [String], {
    nullable: true,
    description:
      'The networks and addresses that the key is accepted from, for example `192.0.2.0/24`. At most 20. Absent: all networks.',
  })
  ipAllowlist?: string[] | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Requests a minute. It lowers the limit of the service; a higher number has no effect.',
  })
  limitPerMinute?: number | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The service account that gets the key. Absent: the signed-in user. Requires `service-accounts:write`.',
  })
  serviceAccountId?: string | null;
}

@InputType({ description: 'The key to rotate.' })
export class RotateApiKeyInput {
  @Field(() => ID, { description: 'The id of the key.' })
  id!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'The seconds for which the former secret works too, at most 7 days. 0: it stops working at once. Default: a day.',
  })
  overlap?: number | null;
}

@InputType({ description: 'The changes. Absent and null fields keep their value.' })
export class UpdateApiKeyInput {
  @Field(() => ID, { description: 'The id of the key.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'The name. At most 100 characters.' })
  name?: string | null;

  @Field(() => [String], { nullable: true, description: 'The scopes that remain: some of the present ones.' })
  scopes?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'The networks. An empty list admits all networks.' })
  ipAllowlist?: string[] | null;

  @Field(() => Int, { nullable: true, description: 'Requests a minute.' })
  limitPerMinute?: number | null;
}

@InputType({ description: 'The key to revoke.' })
export class RevokeApiKeyInput {
  @Field(() => ID, { description: 'The id of the key.' })
  id!: string;
}

/** The payload of a mutation that makes a secret. */
function issued(mutation: string, name: string) {
  @ObjectType(name, { description: `The answer to \`${mutation}\`.` })
  class IssuedKeyPayload {
    @Field(() => ApiKey, { description: 'The key.' })
    apiKey!: ApiKey;

    @Field(() => String, {
      description: 'The whole key, for `Authorization: Bearer`. It is shown only now: store it in a secret store.',
    })
    secret!: string;
  }
  return IssuedKeyPayload;
}

export const CreateApiKeyPayload = issued('createApiKey', 'CreateApiKeyPayload');
export const RotateApiKeyPayload = issued('rotateApiKey', 'RotateApiKeyPayload');
export type IssuedKeyPayload = InstanceType<ReturnType<typeof issued>>;

@ObjectType({ description: 'The answer to `updateApiKey`.' })
export class UpdateApiKeyPayload {
  @Field(() => ApiKey, { description: 'The key after the change.' })
  apiKey!: ApiKey;
}

@ObjectType({ description: 'The answer to `revokeApiKey`.' })
export class RevokeApiKeyPayload {
  @Field(() => Boolean, { description: 'True: the key is rejected from now on.' })
  revoked!: boolean;
}
