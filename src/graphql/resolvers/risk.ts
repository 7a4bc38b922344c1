/** The risk of sign-ins, for administrators. */
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { resetRiskHistory } from '../../domain/administration/reset-risk-history.ts';
import { readRiskOverview } from '../../domain/administration/risk-overview.ts';
import { readNearby } from '../../domain/read-replica.ts';
import { listRiskRules } from '../../domain/risk/rules.ts';
import type { Context } from '../request/context.ts';
import type { UserInstruction, UserPayload } from '../types/managed-user.ts';
import { ResetRiskHistoryInput, ResetRiskHistoryPayload, RiskOverview, RiskRule } from '../types/risk.ts';

@Resolver()
export class RiskResolver {
  @Query(() => RiskOverview, {
    description:
      'How risky the sign-ins of a period were. Requires `audit:read`. Errors: `FORBIDDEN`, `BAD_USER_INPUT` with `fields`.',
  })
  riskOverview(
    @Ctx() { caller, unit }: Context,
    @Arg('since', () => Date, { nullable: true, description: 'The start, at most 31 days ago. Default: 7 days ago.' })
    since?: Date | null,
  ): Promise<RiskOverview> {
    return readNearby(unit, caller, (reading) => readRiskOverview(reading, since ?? null));
  }

  @Query(() => [RiskRule], {
    description: 'The points of every signal, as the gateway counts them. Requires `audit:read`. Errors: `FORBIDDEN`.',
  })
  riskRules(@Ctx() { unit }: Context): RiskRule[] {
    return listRiskRules(unit.settings.risk.rules);
  }

  @Mutation(() => ResetRiskHistoryPayload, {
    description:
      'Forgets the countries, networks and hours of a user, for example after a relocation. The next sign-ins are learned again, without signals of novelty. Requires `risk:write` and recent authentication. Errors: `NOT_FOUND`, `FORBIDDEN` for a user of the same or a higher rank, `REAUTHENTICATION_REQUIRED`, `CONFLICT` for a deleted user, `BAD_USER_INPUT` with `fields`.',
  })
  async resetRiskHistory(
    @Arg('input', () => ResetRiskHistoryInput, { description: 'The user, and the reason.' }) input: UserInstruction,
    @Ctx() { caller, unit }: Context,
  ): Promise<UserPayload> {
    return { user: await resetRiskHistory(unit, caller, input) };
  }
}
