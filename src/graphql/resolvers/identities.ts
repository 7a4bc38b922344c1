/** The identities of users: lists, links and unlinks them. */
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { viewerOf } from '../../domain/caller.ts';
import { linkIdentity, unlinkIdentity } from '../../domain/identities/links.ts';
import type { Context } from '../request/context.ts';
import {
  Identity,
  LinkIdentityInput,
  LinkIdentityPayload,
  UnlinkIdentityInput,
  UnlinkIdentityPayload,
} from '../types/identity.ts';
import { ManagedUser } from '../types/managed-user.ts';
import { Viewer } from '../types/viewer.ts';

@Resolver(() => Viewer)
export class IdentitiesResolver {
  @FieldResolver(() => [Identity], { description: 'The accounts of the user at providers, oldest first.' })
  identities(@Root() { id }: Viewer, @Ctx() { loaders }: Context): Promise<Identity[]> {
    return loaders.identitiesByUserId.load(id);
  }

  @Mutation(() => LinkIdentityPayload, {
    description:
      'Links an identity to the signed-in user, with the exchange code of a flow that this session began with the purpose `LINK`. The user gets a mail. Requires recent authentication. Errors: `REAUTHENTICATION_REQUIRED`, `INVALID_TOKEN`, `IDENTITY_TAKEN` when another user has it.',
  })
  async linkIdentity(
    @Arg('input', () => LinkIdentityInput, { description: 'The code.' }) input: LinkIdentityInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<LinkIdentityPayload> {
    await linkIdentity(unit, caller, input);
    return { viewer: viewerOf(caller) };
  }

  @Mutation(() => UnlinkIdentityPayload, {
    description:
      'Unlinks an identity. The user gets a mail. Requires recent authentication. Errors: `REAUTHENTICATION_REQUIRED`, `NOT_FOUND`, also for identities of other users, `CONFLICT` with the reason `LAST_WAY_IN` when the account has no other way to sign in.',
  })
  async unlinkIdentity(
    @Arg('input', () => UnlinkIdentityInput, { description: 'The identity.' }) input: UnlinkIdentityInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<UnlinkIdentityPayload> {
    await unlinkIdentity(unit, caller, input.identityId);
    return { viewer: viewerOf(caller) };
  }
}

@Resolver(() => ManagedUser)
export class ManagedIdentitiesResolver {
  @FieldResolver(() => [Identity], { description: 'The accounts of the user at providers, oldest first.' })
  identities(@Root() { id }: ManagedUser, @Ctx() { loaders }: Context): Promise<Identity[]> {
    return loaders.identitiesByUserId.load(id);
  }
}
