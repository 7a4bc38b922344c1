/** Identity providers, for administrators. */
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import {
  createFederatedProvider,
  deleteFederatedProvider,
  updateFederatedProvider,
} from '../../domain/administration/provider-changes.ts';
import { listManagedProviders, testFederatedProvider } from '../../domain/administration/providers.ts';
import type { Context } from '../request/context.ts';
import { ManagedFederatedProvider } from '../types/managed-provider.ts';
import {
  CreateFederatedProviderInput,
  CreateFederatedProviderPayload,
  DeleteFederatedProviderInput,
  DeleteFederatedProviderPayload,
  TestFederatedProviderInput,
  TestFederatedProviderPayload,
  UpdateFederatedProviderInput,
  UpdateFederatedProviderPayload,
} from '../types/provider-administration.ts';

@Resolver()
export class ManagedProvidersResolver {
  @Query(() => [ManagedFederatedProvider], {
    description:
      'All providers with their configuration, also disabled ones, in the order in which users see them. Requires `providers:write`.',
  })
  managedFederatedProviders(@Ctx() { unit }: Context): Promise<ManagedFederatedProvider[]> {
    return listManagedProviders(unit);
  }

  @Mutation(() => CreateFederatedProviderPayload, {
    description:
      'Creates a provider. Register its `callbackUrl` there. Requires `providers:write` and recent authentication. Errors: `BAD_USER_INPUT` with `fields`, `CONFLICT` when another provider has the slug or the issuer, `REAUTHENTICATION_REQUIRED`.',
  })
  async createFederatedProvider(
    @Arg('input', () => CreateFederatedProviderInput, { description: 'The provider.' })
    input: CreateFederatedProviderInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<CreateFederatedProviderPayload> {
    return { provider: await createFederatedProvider(unit, caller, input) };
  }

  @Mutation(() => UpdateFederatedProviderPayload, {
    description:
      'Changes a provider. The change takes effect on the next request of every instance: `enabled: false` refuses every sign-in with the provider and keeps its linked identities. Requires `providers:write` and recent authentication. Errors: `NOT_FOUND`, `BAD_USER_INPUT` with `fields`, `CONFLICT` for a provider of the file, `REAUTHENTICATION_REQUIRED`.',
  })
  async updateFederatedProvider(
    @Arg('input', () => UpdateFederatedProviderInput, { description: 'The changes.' })
    input: UpdateFederatedProviderInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<UpdateFederatedProviderPayload> {
    return { provider: await updateFederatedProvider(unit, caller, input) };
  }

  @Mutation(() => DeleteFederatedProviderPayload, {
    description:
      'Deletes a provider that no user has an identity of; any other one can be disabled. Requires `providers:write` and recent authentication. Errors: `NOT_FOUND`, `CONFLICT` while identities are linked with it and for a provider of the file, `REAUTHENTICATION_REQUIRED`.',
  })
  async deleteFederatedProvider(
    @Arg('input', () => DeleteFederatedProviderInput, { description: 'The provider.' })
    input: DeleteFederatedProviderInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<DeleteFederatedProviderPayload> {
    return { provider: await deleteFederatedProvider(unit, caller, input.id) };
  }

  @Mutation(() => TestFederatedProviderPayload, {
    description:
      'Reads the metadata of a provider, which may be disabled, and stores the result in `lastTest`. Requires `providers:write`. Errors: `NOT_FOUND`.',
  })
  testFederatedProvider(
    @Arg('input', () => TestFederatedProviderInput, { description: 'The provider.' })
    input: TestFederatedProviderInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<TestFederatedProviderPayload> {
    return testFederatedProvider(unit, caller, input.id);
  }
}
