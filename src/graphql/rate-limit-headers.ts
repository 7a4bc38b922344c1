/**
 * Tells every caller where they stand with the limits that counted for them, before they run into one:
 * `RateLimit-Policy: "login";q=10;w=900` and `RateLimit: "login";r=9;t=899` (draft-ietf-httpapi-ratelimit-headers-11),
 * which unlike the older RateLimit-Limit, -Remaining and -Reset can speak of several limits at once.
 */
import type { ApolloServerPlugin } from '@apollo/server';
import type { Limit, LimitName } from '../ratelimit/limits.ts';
import type { Standing } from '../ratelimit/rate-limiter.ts';
import type { Context } from './context.ts';

interface Noted {
  windowSeconds: number;
  standing: Standing;
}

const noted = new WeakMap<Context, Map<LimitName, Noted>>();

/** The latest of a limit counts: later calls of the same request leave less, and a place given back more. */
export function noteStanding(context: Context, name: LimitName, { windowSeconds }: Limit, standing: Standing): void {
  const standings = noted.get(context) ?? new Map<LimitName, Noted>();
  standings.set(name, { windowSeconds, standing });
  noted.set(context, standings);
}

export const tellLimits: ApolloServerPlugin<Context> = {
  async requestDidStart({ contextValue }) {
    return {
      async willSendResponse({ response }) {
        const standings = [...(noted.get(contextValue) ?? [])];
        if (standings.length === 0) return;
        const policies = standings.map(([name, { windowSeconds, standing }]) => {
          return `"${name}";q=${standing.max};w=${windowSeconds}`;
        });
        const states = standings.map(([name, { standing }]) => {
          return `"${name}";r=${standing.remaining};t=${standing.resetSeconds}`;
        });
        response.http.headers.set('ratelimit-policy', policies.join(', '));
        response.http.headers.set('ratelimit', states.join(', '));
      },
    };
  },
};
