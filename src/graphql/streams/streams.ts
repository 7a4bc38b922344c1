/** The open streams of this process: opens them, bounds their number, and ends them at a shutdown or in an outage. */
import { type GraphQLSchema, getArgumentValues } from 'graphql';
import { viewerOf } from '../../domain/caller.ts';
import type { Clock } from '../../domain/clock.ts';
import { Refusal } from '../../domain/errors.ts';
import type { EventFanOut } from '../../domain/events/fan-out.ts';
import type { EventTail } from '../../domain/events/tail.ts';
import { endOfToken } from '../../domain/sessions/authentication.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { Deny } from '../permissions/deny.ts';
import { missingRequirement } from '../permissions/missing-requirement.ts';
import { operations } from '../permissions/permissions.ts';
import type { Context } from '../request/context.ts';
import type { ErrorFormatter } from '../request/errors.ts';
import { EventStream, type StreamEnd, type StreamOutput } from './event-stream.ts';
import type { StreamOperation } from './operation.ts';
import { isStreamName, type StreamName, sources } from './sources.ts';

export interface StreamLimits {
  perSession: number;
  perUser: number;
  /** Of this process. */
  total: number;
}

export interface StreamsOptions {
  schema: GraphQLSchema;
  limits: StreamLimits;
  fanOut: EventFanOut;
  tail: Pick<EventTail, 'silentSeconds'>;
  clock: Clock;
  deny: Deny;
  formatError: ErrorFormatter;
  metrics: Pick<Metrics, 'streamEnded' | 'watchStreams'>;
  /** Reports an unexpected error. */
  report(error: unknown): void;
}

/** A client that asks for a stream. */
export interface StreamClient {
  token: string;
  /** Reads the present state of the caller. */
  contextNow(): Promise<Context>;
  output: StreamOutput;
}

const tickEveryMs = 500;
/** Longer outages end the streams: their clients find another instance. */
const maxSilentSeconds = 60;
const retryAfterSeconds = 60;

export class Streams {
  readonly #options: StreamsOptions;
  readonly #open = new Map<EventStream, StreamName>();
  readonly #bySession = new Tally();
  readonly #byUser = new Tally();
  #ticking: NodeJS.Timeout | null = null;
  #isStopping = false;

  constructor(options: StreamsOptions) {
    this.#options = options;
    options.metrics.watchStreams(() => this.#countByName());
  }

  /**
   * Checks the permission before anything is registered, and the present state again once every later event will be
   * received: a revocation between the two is seen by one of them.
   * @throws Refusal
   */
  async open(operation: StreamOperation, { token, contextNow, output }: StreamClient): Promise<EventStream> {
    const name = operation.field.name.value;
    if (!isStreamName(name)) throw new Refusal('BAD_REQUEST');
    const entry = operations.Subscription[name];
    const context = await contextNow();
    const shortfall = missingRequirement(entry, context);
    if (shortfall) throw await this.#options.deny(context, `Subscription.${name}`, shortfall);
    const { id: userId, session } = viewerOf(context.caller);
    const source = sources[name](context.caller, this.#argumentsOf(operation));
    const release = this.#admit(userId, session.id);
    const { schema, formatError, fanOut, report } = this.#options;
    const expiresAt = endOfToken(token);
    let stopReceiving = () => {};
    const onEnd = (reason: StreamEnd) => {
      stopReceiving();
      release();
      this.#forget(stream, reason);
    };
    const caller = { sessionId: session.id, userId, expiresAt, contextNow };
    const stream = new EventStream({ schema, operation, entry, source, ...caller, formatError, output, onEnd, report });
    this.#keep(stream, name);
    try {
      stopReceiving = await fanOut.receive(source.userId, stream.receive);
    } catch (error) {
      stream.end('database');
      throw error;
    }
    // It may have ended while it waited for the position.
    if (stream.isEnded) stopReceiving();
    else void stream.check();
    return stream;
  }

  /** Ends every stream; clients reconnect to another instance. */
  stop(): void {
    this.#isStopping = true;
    for (const stream of [...this.#open.keys()]) stream.end('shutdown');
  }

  #admit(userId: string, sessionId: string): () => void {
    const { perSession, perUser, total } = this.#options.limits;
    if (this.#isStopping || this.#open.size >= total) throw new Refusal('SERVICE_BUSY', { retryAfterSeconds });
    if (this.#bySession.of(sessionId) >= perSession || this.#byUser.of(userId) >= perUser)
      throw new Refusal('RATE_LIMITED', { retryAfterSeconds });
    this.#bySession.add(sessionId, 1);
    this.#byUser.add(userId, 1);
    return () => {
      this.#bySession.add(sessionId, -1);
      this.#byUser.add(userId, -1);
    };
  }

  #argumentsOf({ field, variables }: StreamOperation): Record<string, unknown> {
    const definition = this.#options.schema.getSubscriptionType()?.getFields()[field.name.value];
    return definition ? getArgumentValues(definition, field, variables) : {};
  }

  #keep(stream: EventStream, name: StreamName): void {
    this.#open.set(stream, name);
    this.#ticking ??= setInterval(() => this.#tick(), tickEveryMs);
  }

  #forget(stream: EventStream, reason: StreamEnd): void {
    this.#open.delete(stream);
    this.#options.metrics.streamEnded(reason);
    if (this.#open.size > 0 || this.#ticking === null) return;
    clearInterval(this.#ticking);
    this.#ticking = null;
  }

  #tick(): void {
    const { tail, clock } = this.#options;
    const isSilent = tail.silentSeconds >= maxSilentSeconds;
    const [now, elapsedMs] = [clock.now(), performance.now()];
    for (const stream of [...this.#open.keys()]) {
      if (isSilent) stream.end('database');
      else stream.tick(now, elapsedMs);
    }
  }

  #countByName(): Readonly<Record<StreamName, number>> {
    const names = [...this.#open.values()];
    const count = (name: StreamName) => names.filter((each) => each === name).length;
    return {
      sessionEvents: count('sessionEvents'),
      securityEvents: count('securityEvents'),
      adminEvents: count('adminEvents'),
    };
  }
}

class Tally {
  readonly #counts = new Map<string, number>();

  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  add(key: string, change: number): void {
    const count = this.of(key) + change;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
  }
}
