/** API keys of users and service accounts, and the program that calls. */
import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { revokeKey, rotateKey, updateKey } from '../../domain/applications/change-key.ts';
import { createKey } from '../../domain/applications/create-key.ts';
import { keyOfMachine, listKeys } from '../../domain/applications/list-keys.ts';
import { describeMachine } from '../../domain/applications/machine.ts';
import type { Context } from '../request/context.ts';
import {
  ApiKey,
  ApiKeyConnection,
  ApiKeyOwner,
  CreateApiKeyInput,
  CreateApiKeyPayload,
  type IssuedKeyPayload,
  Machine,
  RevokeApiKeyInput,
  RevokeApiKeyPayload,
  RotateApiKeyInput,
  RotateApiKeyPayload,
  UpdateApiKeyInput,
  UpdateApiKeyPayload,
} from '../types/api-key.ts';
import { toConnection } from '../types/connection.ts';
import { ManagedUser } from '../types/managed-user.ts';
import type { ServiceAccount } from '../types/service-account.ts';
import { type User, Viewer } from '../types/viewer.ts';

@Resolver(() => ApiKey)
export class ApiKeysResolver {
  @FieldResolver(() => ApiKeyOwner, { description: 'The user or service account that the key belongs to.' })
  owner(
    @Root() { userId, serviceAccountId }: ApiKey,
    @Ctx() { loaders }: Context,
  ): Promise<User | ServiceAccount | null> {
    return userId === null ? loaders.serviceAccountById.load(serviceAccountId ?? '') : loaders.userById.load(userId);
  }

  @Mutation(() => CreateApiKeyPayload, {
    description:
      'Creates an API key for the signed-in user, or for a service account. Requires recent authentication, and `keys:own` or `service-accounts:write`. Errors: `REAUTHENTICATION_REQUIRED`; `FORBIDDEN` with `requiredPermission`, also for a scope that the owner does not hold; `CONFLICT` when the owner has 25 keys or the service account is not active; `NOT_FOUND` for the service account; `BAD_USER_INPUT` with `fields`.',
  })
  createApiKey(
    @Arg('input', () => CreateApiKeyInput, { description: 'The key.' }) input: CreateApiKeyInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<IssuedKeyPayload> {
    return createKey(unit, caller, input);
  }

  @Mutation(() => RotateApiKeyPayload, {
    description:
      'Gives an API key another secret. Both secrets work until the overlap ends. Requires recent authentication. Errors: `REAUTHENTICATION_REQUIRED`, `NOT_FOUND`, also for keys of others, `CONFLICT` while an earlier rotation lasts, `BAD_USER_INPUT` with `fields`.',
  })
  rotateApiKey(
    @Arg('input', () => RotateApiKeyInput, { description: 'The key.' }) { id, overlap }: RotateApiKeyInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<IssuedKeyPayload> {
    return rotateKey(unit, caller, { id, overlapSeconds: overlap ?? null });
  }

  @Mutation(() => UpdateApiKeyPayload, {
    description:
      'Changes an API key. Scopes can only be removed. Requires recent authentication. Errors: `REAUTHENTICATION_REQUIRED`, `NOT_FOUND`, also for keys of others, `BAD_USER_INPUT` with `fields`.',
  })
  async updateApiKey(
    @Arg('input', () => UpdateApiKeyInput, { description: 'The changes.' }) input: UpdateApiKeyInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<UpdateApiKeyPayload> {
    return { apiKey: await updateKey(unit, caller, input) };
  }

  @Mutation(() => RevokeApiKeyPayload, {
    description:
      'Revokes an API key at once, with both of its secrets. Administrators can revoke keys of users and service accounts below their rank. Errors: `NOT_FOUND`, also for keys that the caller may not revoke.',
  })
  async revokeApiKey(
    @Arg('input', () => RevokeApiKeyInput, { description: 'The key.' }) input: RevokeApiKeyInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<RevokeApiKeyPayload> {
    await revokeKey(unit, caller, input.id);
    return { revoked: true };
  }
}

@Resolver(() => Machine)
export class MachineResolver {
  @Query(() => Machine, {
    nullable: true,
    description:
      'The program that calls, with an API key or a token of `/oauth/token`. Null for users and without credentials. Rejected credentials are `UNAUTHENTICATED`.',
  })
  machine(@Ctx() { caller }: Context): Machine | null {
    return caller.machine ? describeMachine(caller.machine) : null;
  }

  @FieldResolver(() => ApiKey, {
    nullable: true,
    description: 'The API key of the call. Null for a token of `/oauth/token`.',
  })
  async key(@Ctx() { caller, unit }: Context): Promise<ApiKey | null> {
    return caller.machine ? keyOfMachine(unit, caller.machine) : null;
  }
}

@Resolver(() => Viewer)
export class OwnKeysResolver {
  @FieldResolver(() => ApiKeyConnection, {
    description: 'The API keys of the user that are neither revoked nor expired, newest first. Requires `keys:own`.',
  })
  async apiKeys(
    @Root() { id }: Viewer,
    @Ctx() { unit }: Context,
    @Arg('first', () => Int, { nullable: true, description: 'The number of entries, 0 to 100. Default 20.' }) first?:
      | number
      | null,
    @Arg('after', () => String, { nullable: true, description: 'Return entries after this cursor.' }) after?:
      | string
      | null,
  ): Promise<ApiKeyConnection> {
    return toConnection(await listKeys(unit, { user: id }, { first, after }));
  }
}

@Resolver(() => ManagedUser)
export class ManagedKeysResolver {
  @FieldResolver(() => ApiKeyConnection, {
    description:
      'The API keys of the user that are neither revoked nor expired, newest first. `revokeApiKey` ends them. Requires `users:read`.',
  })
  async apiKeys(
    @Root() { id }: ManagedUser,
    @Ctx() { unit }: Context,
    @Arg('first', () => Int, { nullable: true, description: 'The number of entries, 0 to 100. Default 20.' }) first?:
      | number
      | null,
    @Arg('after', () => String, { nullable: true, description: 'Return entries after this cursor.' }) after?:
      | string
      | null,
  ): Promise<ApiKeyConnection> {
    return toConnection(await listKeys(unit, { user: id }, { first, after }));
  }
}
