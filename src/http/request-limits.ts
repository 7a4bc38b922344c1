/**
 * Evaluates the general limits, first and alone. Every request to `/graphql` counts by source as `anonymous` before its
 * body is read, so that early failures count too. Once the credentials are verified, it counts by user as `authenticated`
 * or by API key as `apiKey` instead. No further work starts for a rejected request. Requests of the federation router (ROUTER_SECRET) are for many
 * users and are not counted; the router limits its own clients.
 */
import type { FastifyReply, FastifyRequest, onSendHookHandler } from 'fastify';
import { type Caller, callerKeyOf } from '../domain/caller.ts';
import { Refusal } from '../domain/errors.ts';
import { isWithin, networkOfSource, sourceOf } from '../domain/source.ts';
import { RequestLimits } from '../graphql/rate-limits/rate-limit-headers.ts';
import type { LimitName, RateLimitOptions, Standing } from '../graphql/rate-limits/rate-limits.ts';
import { release, reserve } from '../graphql/rate-limits/reserving-store.ts';
import { errorBody } from '../graphql/request/errors.ts';
import { clientOf } from './client.ts';
import type { HttpOptions } from './options.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the first hook of requests to `/graphql`. */
    limits: RequestLimits | null;
  }
}

type Options = Pick<HttpOptions, 'limits' | 'isRouter' | 'identify'>;

export class RequestCounter {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** For the route's `onRequest`. */
  countSource = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const { allowlist, limiter } = this.#options.limits;
    request.limits = new RequestLimits();
    const { ipAddress } = clientOf(request);
    if (this.#isRouter(request) || isWithin(ipAddress, allowlist)) return;
    const subject = { key: sourceOf(ipAddress), network: networkOfSource(ipAddress) };
    const standing = await reserve(limiter, 'anonymous', subject);
    if (standing === null) return;
    note(request, this.#options.limits, 'anonymous', standing);
    if (standing.waitSeconds === null) {
      request.limits.keepPlace('anonymous', () => release(limiter, 'anonymous', subject));
      return;
    }
    // Other clients at the same source must not lock out a known caller.
    if (await this.#isKnown(request)) return;
    return this.#refuse(request, reply, 'anonymous', standing.waitSeconds);
  };

  /** Counts the request of a known caller by user or by key instead. @returns the response, if the limit is exceeded */
  async countCaller(request: FastifyRequest, reply: FastifyReply, caller: Caller): Promise<FastifyReply | null> {
    const key = callerKeyOf(caller);
    if (key === null || this.#isRouter(request)) return null;
    await request.limits?.giveBack('anonymous');
    request.limits?.forget('anonymous');
    const name = caller.machine ? 'apiKey' : 'authenticated';
    const standing = await this.#consume(name, key, caller.machine);
    if (standing === null) return null;
    note(request, this.#options.limits, name, standing);
    return standing.waitSeconds === null ? null : this.#refuse(request, reply, name, standing.waitSeconds);
  }

  /** The own limit of a key only lowers the one of the deployment. */
  #consume(name: LimitName, key: string, machine: Caller['machine']): Promise<Standing | null> {
    const { limiter, limits } = this.#options.limits;
    const own = machine?.limitPerMinute ?? null;
    const limit = limits[name];
    const share = own !== null && limit ? (own * limit.windowSeconds) / 60 / limit.max : 1;
    return limiter.consume(name, key, Math.min(share, 1));
  }

  #isRouter({ headers }: FastifyRequest): boolean {
    return this.#options.isRouter(headers['router-authorization']);
  }

  async #isKnown(request: FastifyRequest): Promise<boolean> {
    const { authorization } = request.headers;
    if (authorization === undefined) return false;
    const { caller } = await this.#options.identify(clientOf(request), authorization);
    return callerKeyOf(caller) !== null;
  }

  #refuse(request: FastifyRequest, reply: FastifyReply, name: LimitName, waitSeconds: number): FastifyReply {
    this.#options.limits.metrics.rateLimited(name);
    const refusal = new Refusal('RATE_LIMITED', { retryAfterSeconds: waitSeconds });
    return reply.code(429).header('retry-after', waitSeconds).send(errorBody(refusal, request.id));
  }
}

/** For the route's `onSend`. */
export const writeLimits: onSendHookHandler = (request, reply, payload, done) => {
  reply.headers(request.limits?.headers() ?? {});
  done(null, payload);
};

function note(request: FastifyRequest, { limits }: RateLimitOptions, name: LimitName, standing: Standing): void {
  const limit = limits[name];
  if (limit) request.limits?.note(name, limit, standing);
}
