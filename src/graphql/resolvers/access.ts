/** The explanation of access. */
import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { explainAccess } from '../permissions/explain.ts';
import type { Context } from '../request/context.ts';
import { AccessExplanation, ExplainAccessArgs } from '../types/access.ts';

@Resolver()
export class AccessResolver {
  @Query(() => AccessExplanation, {
    description:
      'Explains why an operation is allowed or denied to a user in the present state. Each call is audited. Requires `audit:read`. Errors: `FORBIDDEN`, `NOT_FOUND`, `BAD_USER_INPUT` with `fields`.',
  })
  explainAccess(
    @Args(() => ExplainAccessArgs) { userId, operation, sessionId = null, targetUserId = null }: ExplainAccessArgs,
    @Ctx() { caller, unit }: Context,
  ): Promise<AccessExplanation> {
    return explainAccess(unit, caller, { userId, operation, sessionId, targetUserId });
  }
}
