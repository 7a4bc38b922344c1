/** Service accounts, for administrators. */
import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { createClientSecret, listClientSecrets, revokeClientSecret } from '../../domain/applications/client-secrets.ts';
import { createServiceAccount } from '../../domain/applications/create-service-account.ts';
import { listKeys } from '../../domain/applications/list-keys.ts';
import {
  deleteServiceAccount,
  reactivateServiceAccount,
  setServiceAccountJwks,
  suspendServiceAccount,
} from '../../domain/applications/manage-service-accounts.ts';
import { listServiceAccounts, serviceAccountById } from '../../domain/applications/service-accounts.ts';
import type { Context } from '../request/context.ts';
import { ApiKeyConnection } from '../types/api-key.ts';
import { toConnection } from '../types/connection.ts';
import {
  ClientSecret,
  CreateClientSecretInput,
  CreateClientSecretPayload,
  CreateServiceAccountInput,
  CreateServiceAccountPayload,
  DeleteServiceAccountInput,
  DeleteServiceAccountPayload,
  ReactivateServiceAccountInput,
  ReactivateServiceAccountPayload,
  RevokeClientSecretInput,
  RevokeClientSecretPayload,
  ServiceAccount,
  ServiceAccountConnection,
  type ServiceAccountInstruction,
  type ServiceAccountPayload,
  SetServiceAccountJwksInput,
  SetServiceAccountJwksPayload,
  SuspendServiceAccountInput,
  SuspendServiceAccountPayload,
} from '../types/service-account.ts';
import { Role } from '../types/viewer.ts';

const firstArgument = { nullable: true, description: 'The number of entries, 0 to 100. Default 20.' } as const;
const afterArgument = { nullable: true, description: 'Return entries after this cursor.' } as const;

@Resolver(() => ServiceAccount)
export class ServiceAccountResolver {
  @Query(() => ServiceAccountConnection, {
    description: 'The service accounts that are not deleted, newest first. Requires `service-accounts:write`.',
  })
  async serviceAccounts(
    @Ctx() { unit }: Context,
    @Arg('first', () => Int, firstArgument) first?: number | null,
    @Arg('after', () => String, afterArgument) after?: string | null,
  ): Promise<ServiceAccountConnection> {
    return toConnection(await listServiceAccounts(unit, { first, after }));
  }

  @Query(() => ServiceAccount, {
    nullable: true,
    description: 'One service account by id. Requires `service-accounts:write`. Errors: `NOT_FOUND`.',
  })
  serviceAccount(
    @Arg('id', () => ID, { description: 'The id of the service account.' }) id: string,
    @Ctx() { unit }: Context,
  ): Promise<ServiceAccount> {
    return serviceAccountById(unit, id);
  }

  @FieldResolver(() => Role, {
    description:
      'The current role. It bounds what its keys and tokens may do. Requires `service-accounts:write` or `audit:read`.',
  })
  role(@Root() { roleName }: ServiceAccount, @Ctx() { loaders }: Context): Promise<Role> {
    return loaders.roleByName.load(roleName);
  }

  @FieldResolver(() => ApiKeyConnection, {
    description: 'The API keys that are neither revoked nor expired, newest first. Requires `service-accounts:write`.',
  })
  async keys(
    @Root() { id }: ServiceAccount,
    @Ctx() { unit }: Context,
    @Arg('first', () => Int, firstArgument) first?: number | null,
    @Arg('after', () => String, afterArgument) after?: string | null,
  ): Promise<ApiKeyConnection> {
    return toConnection(await listKeys(unit, { serviceAccount: id }, { first, after }));
  }

  @FieldResolver(() => [ClientSecret], {
    description: 'The client secrets that are neither revoked nor expired. Requires `service-accounts:write`.',
  })
  clientSecrets(@Root() { id }: ServiceAccount, @Ctx() { unit }: Context): Promise<ClientSecret[]> {
    return listClientSecrets(unit, id);
  }

  @Mutation(() => CreateServiceAccountPayload, {
    description:
      'Creates a service account. Requires `service-accounts:write` and recent authentication. Errors: `REAUTHENTICATION_REQUIRED`; `FORBIDDEN` for `SUPER_ADMIN`, for a role that is not below the rank of the caller and for one with a permission that the caller does not hold; `CONFLICT` when the name is taken; `BAD_USER_INPUT` with `fields`.',
  })
  async createServiceAccount(
    @Arg('input', () => CreateServiceAccountInput, { description: 'The service account.' })
    input: CreateServiceAccountInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<ServiceAccountPayload> {
    return { serviceAccount: await createServiceAccount(unit, caller, input) };
  }

  @Mutation(() => SuspendServiceAccountPayload, {
    description:
      'Suspends a service account: its keys and tokens are rejected from the next request on. Requires `service-accounts:write` and recent authentication. Errors: `REAUTHENTICATION_REQUIRED`, `NOT_FOUND`, also for accounts with a higher role, `CONFLICT` unless it is active.',
  })
  async suspendServiceAccount(
    @Arg('input', () => SuspendServiceAccountInput, { description: 'The service account.' })
    input: ServiceAccountInstruction,
    @Ctx() { caller, unit }: Context,
  ): Promise<ServiceAccountPayload> {
    return { serviceAccount: await suspendServiceAccount(unit, caller, input) };
  }

  @Mutation(() => ReactivateServiceAccountPayload, {
    description:
      'Reactivates a suspended service account. Requires `service-accounts:write` and recent authentication. Errors: `REAUTHENTICATION_REQUIRED`, `NOT_FOUND`, `CONFLICT` unless it is suspended.',
  })
  async reactivateServiceAccount(
    @Arg('input', () => ReactivateServiceAccountInput, { description: 'The service account.' })
    input: ServiceAccountInstruction,
    @Ctx() { caller, unit }: Context,
  ): Promise<ServiceAccountPayload> {
    return { serviceAccount: await reactivateServiceAccount(unit, caller, input) };
  }

  @Mutation(() => DeleteServiceAccountPayload, {
    description:
      'Deletes a service account and revokes its keys and secrets. It cannot be restored, and its name stays taken for 90 days. Requires `service-accounts:write` and recent authentication. Errors: `REAUTHENTICATION_REQUIRED`, `NOT_FOUND`.',
  })
  async deleteServiceAccount(
    @Arg('input', () => DeleteServiceAccountInput, { description: 'The service account.' })
    input: ServiceAccountInstruction,
    @Ctx() { caller, unit }: Context,
  ): Promise<ServiceAccountPayload> {
    return { serviceAccount: await deleteServiceAccount(unit, caller, input) };
  }

  @Mutation(() => SetServiceAccountJwksPayload, {
    description:
      'Replaces the public keys with which a service account authenticates at `/oauth/token` by `private_key_jwt` (RFC 7523). Requires `service-accounts:write` and recent authentication. Errors: `REAUTHENTICATION_REQUIRED`, `NOT_FOUND`, `BAD_USER_INPUT` with `fields`.',
  })
  async setServiceAccountJwks(
    @Arg('input', () => SetServiceAccountJwksInput, { description: 'The keys.' })
    { id, jwks }: SetServiceAccountJwksInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<ServiceAccountPayload> {
    return { serviceAccount: await setServiceAccountJwks(unit, caller, { id, jwks: jwks ?? null }) };
  }

  @Mutation(() => CreateClientSecretPayload, {
    description:
      'Creates a client secret for `/oauth/token`. Requires `service-accounts:write` and recent authentication. Errors: `REAUTHENTICATION_REQUIRED`, `NOT_FOUND`, `CONFLICT` when the service account has five secrets or is not active, `BAD_USER_INPUT` with `fields`.',
  })
  createClientSecret(
    @Arg('input', () => CreateClientSecretInput, { description: 'The secret.' })
    { serviceAccountId, expiresIn }: CreateClientSecretInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<CreateClientSecretPayload> {
    return createClientSecret(unit, caller, { serviceAccountId, expiresIn: expiresIn ?? null });
  }

  @Mutation(() => RevokeClientSecretPayload, {
    description:
      'Revokes a client secret at once. Tokens that were issued with it end within `CLIENT_TOKEN_TTL`. Requires `service-accounts:write` and recent authentication. Errors: `REAUTHENTICATION_REQUIRED`, `NOT_FOUND`.',
  })
  async revokeClientSecret(
    @Arg('input', () => RevokeClientSecretInput, { description: 'The secret.' }) { id }: RevokeClientSecretInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<RevokeClientSecretPayload> {
    await revokeClientSecret(unit, caller, id);
    return { revoked: true };
  }
}
