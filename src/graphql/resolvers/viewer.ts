/** What I see of myself, and what I change about myself. */

import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { updateProfile } from '../../domain/accounts/profile.ts';
import type { Context } from '../request/context.ts';
import { UpdateProfileInput, UpdateProfilePayload } from '../types/profile.ts';
import { User, Viewer } from '../types/viewer.ts';

@Resolver(() => Viewer)
export class ViewerResolver {
  @Query(() => Viewer, {
    nullable: true,
    description:
      'Yourself, or null when the request carries no access token. With a token that is no longer good: `UNAUTHENTICATED`, whose `reason` says whether to refresh (`TOKEN_EXPIRED`) or to sign in again.',
  })
  viewer(@Ctx() { caller }: Context): Viewer | null {
    return caller.viewer;
  }

  @FieldResolver(() => [String], { description: 'What you may do now, such as `profile:write`.' })
  permissions(@Root() viewer: Viewer): string[] {
    return viewer.role.permissions;
  }

  @FieldResolver(() => User, { description: 'Yourself as others see you.' })
  user(@Root() { id, displayName }: Viewer): User {
    return { id, displayName };
  }

  @Mutation(() => UpdateProfilePayload, {
    description:
      'Changes what others see of you. Needs `profile:write`. Errors: `UNAUTHENTICATED`, `FORBIDDEN`, `BAD_USER_INPUT` with `fields`.',
  })
  async updateProfile(
    @Arg('input', () => UpdateProfileInput, { description: 'The changes.' }) input: UpdateProfileInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<UpdateProfilePayload> {
    return { viewer: await updateProfile(unit, caller, input) };
  }
}
