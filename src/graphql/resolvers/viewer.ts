/** The signed-in user and their profile. */

import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { updateProfile } from '../../domain/accounts/profile.ts';
import type { AuthMethod } from '../../domain/caller.ts';
import { findSignInMethods } from '../../domain/factors/sign-in-methods.ts';
import type { Context } from '../request/context.ts';
import { UpdateProfileInput, UpdateProfilePayload } from '../types/profile.ts';
import { AuthMethodEnum } from '../types/session.ts';
import { User, Viewer } from '../types/viewer.ts';

@Resolver(() => Viewer)
export class ViewerResolver {
  @Query(() => Viewer, {
    nullable: true,
    description:
      'The signed-in user, or null when the request carries no access token. A rejected token is `UNAUTHENTICATED`: refresh when `reason` is `TOKEN_EXPIRED`, otherwise sign in again.',
  })
  viewer(@Ctx() { caller }: Context): Viewer | null {
    return caller.viewer;
  }

  @FieldResolver(() => [String], { description: 'The permissions of the user, for example `profile:write`.' })
  permissions(@Root() viewer: Viewer): string[] {
    return viewer.role.permissions;
  }

  @FieldResolver(() => Boolean, {
    description: 'False for accounts that were created without a password, and after a recovery until one is chosen.',
  })
  async hasPassword(@Root() { id }: Viewer, @Ctx() { unit }: Context): Promise<boolean> {
    return (await findSignInMethods(unit, id)).hasPassword;
  }

  @FieldResolver(() => [AuthMethodEnum], {
    description: 'The methods that sign the user in by themselves. The last one cannot be removed (`LAST_WAY_IN`).',
  })
  async signInMethods(@Root() { id }: Viewer, @Ctx() { unit }: Context): Promise<AuthMethod[]> {
    return (await findSignInMethods(unit, id)).signInMethods;
  }

  @FieldResolver(() => User, { description: 'The part of the account that other users see.' })
  user(@Root() { id, displayName }: Viewer): User {
    return { id, displayName };
  }

  @Mutation(() => UpdateProfilePayload, {
    description:
      'Changes the profile of the signed-in user. Requires `profile:write`. Errors: `UNAUTHENTICATED`, `FORBIDDEN`, `BAD_USER_INPUT` with `fields`.',
  })
  async updateProfile(
    @Arg('input', () => UpdateProfileInput, { description: 'The changes.' }) input: UpdateProfileInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<UpdateProfilePayload> {
    return { viewer: await updateProfile(unit, caller, input) };
  }
}
