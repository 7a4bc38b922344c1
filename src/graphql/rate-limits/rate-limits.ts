/**
 * Adapts graphql-rate-limit to the permission map. The library reads counts and writes them back, so parallel requests
 * exceed a limit (measured: 200 of 200 passed a limit of 5). Here reading reserves a place and writing does nothing. The
 * store reports one call, over or under the limit, because the library copies every reported timestamp (1 ms per thousand).
 */
import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLResolveInfo } from 'graphql';
import { getGraphQLRateLimiter } from 'graphql-rate-limit';
import { Refusal, refusalOf } from '../../domain/errors.ts';
import type { Networks } from '../../domain/source.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { Limit, LimitName, Limits } from '../../ratelimit/limits.ts';
import type { RateLimiter, Standing } from '../../ratelimit/rate-limiter.ts';
import type { Context } from '../request/context.ts';
import { originOf } from '../request/errors.ts';
import type { RequestLimits } from './rate-limit-headers.ts';
import { ReservingStore, release } from './reserving-store.ts';
import { type Args, subjectFor } from './subject.ts';

export type { LimitName, Standing };

export interface RateLimitOptions {
  limiter: RateLimiter;
  limits: Limits;
  /** Networks that are exempt from limits by source. */
  allowlist: Networks;
  metrics: Pick<Metrics, 'rateLimited' | 'errorAnswered'>;
}

/** A call of an operation, as its resolver receives it. */
export interface Call {
  parent: unknown;
  args: Args;
  context: Context;
  info: GraphQLResolveInfo;
}

/** Counts a call by the limit of this name. @returns the refusal when the limit is exceeded */
export type Limited = (name: LimitName, call: Call) => Promise<Refusal | null>;

export function createLimited({ limiter, limits, allowlist, metrics }: RateLimitOptions): Limited {
  const store = new ReservingStore(limiter);
  const count = getGraphQLRateLimiter({
    identifyContext: ({ identity }: { identity: string }) => identity,
    store,
  });
  return async (name, { parent, args, context, info }) => {
    const limit = limits[name];
    const subject = subjectFor(name, args, context, allowlist);
    if (!limit || subject === null) return null;
    const identity = store.expect(name, subject);
    const fieldConfig = { max: 1, window: `${limit.windowSeconds}s` };
    const problem = await count({ parent, args: { ...args }, context: { identity }, info }, fieldConfig);
    const standing = store.take(identity);
    if (standing) context.limits.note(name, limit, standing);
    if (problem !== undefined) {
      metrics.rateLimited(name);
      return new Refusal('RATE_LIMITED', { retryAfterSeconds: standing?.waitSeconds ?? limit.windowSeconds });
    }
    if (standing && returnable.has(name))
      keepPlace(context.limits, { name, limit, standing }, () => release(limiter, name, subject));
    return null;
  };
}

function keepPlace(
  taken: RequestLimits,
  { name, limit, standing }: { name: LimitName; limit: Limit; standing: Standing },
  giveBack: () => Promise<void>,
): void {
  taken.keepPlace(name, async () => {
    await giveBack();
    taken.note(name, limit, { ...standing, remaining: standing.remaining + 1 });
  });
}

/** Limits that return the call: to a successful sign-in, and to a registration with invalid input. */
const returnable: ReadonlySet<LimitName> = new Set(['login', 'register']);

/** A call with BAD_USER_INPUT does not count as a registration. */
export const returnPlaces: ApolloServerPlugin<Context> = {
  async requestDidStart({ contextValue }) {
    return {
      async didEncounterErrors({ errors }) {
        const isRefusedInput = errors.some((error) => refusalOf(originOf(error))?.code === 'BAD_USER_INPUT');
        if (isRefusedInput) await contextValue.limits.giveBack('register');
      },
    };
  },
};
