/**
 * One open stream. Before each message it reads the present state of its caller and checks the permission again: nothing
 * that was known when it opened decides about an event.
 */
import { execute, type GraphQLSchema } from 'graphql';
import { type Refusal, refusalOf } from '../../domain/errors.ts';
import type { EventSource } from '../../domain/events/source.ts';
import type { StreamedEvent } from '../../domain/events/tail.ts';
import type { Entry } from '../permissions/entry.ts';
import { missingRequirement } from '../permissions/missing-requirement.ts';
import type { Context } from '../request/context.ts';
import type { ErrorFormatter } from '../request/errors.ts';
import { commentMessage, completeMessage, nextMessage } from './messages.ts';
import type { StreamOperation } from './operation.ts';

export type StreamEnd =
  | 'client'
  | 'session_ended'
  | 'token_expired'
  | 'permission_lost'
  | 'shutdown'
  | 'slow_reader'
  | 'database'
  | 'failure';

/** Where a stream writes to. */
export interface StreamOutput {
  /** @returns false when the reader is too slow: the message was dropped */
  write(text: string): boolean;
  /** Sends what was written, then ends. */
  end(): void;
  /** Ends at once. */
  destroy(): void;
}

export interface StreamOptions {
  schema: GraphQLSchema;
  operation: StreamOperation;
  entry: Entry;
  source: EventSource;
  sessionId: string;
  userId: string;
  expiresAt: Date;
  /** Reads the present state of the caller. */
  contextNow(): Promise<Context>;
  formatError: ErrorFormatter;
  output: StreamOutput;
  onEnd(reason: StreamEnd): void;
  /** Reports an unexpected error. */
  report(error: unknown): void;
}

/** The last minute of an access token is announced. */
const announcedSeconds = 60;
const commentEveryMs = 12_000;
/** More events that wait for their turn end the stream: its client reads the state again. */
const maxWaiting = 20_000;
/** So many events are presented at once: a long list is never in memory as messages. */
const batchSize = 100;

export class EventStream {
  readonly #options: StreamOptions;
  #waiting: StreamedEvent[] = [];
  #isDue = false;
  /** The last round failed, or the database did not answer. */
  #isOwed = false;
  #isRunning = false;
  #isEnded = false;
  #isAnnounced = false;
  #announce = false;
  #lastWriteMs = 0;

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  receive = (event: StreamedEvent): void => {
    if (this.#isEnded) return;
    if (this.#options.source.wants(event)) this.#waiting.push(event);
    else if (!this.#changesAccess(event)) return;
    if (this.#waiting.length > maxWaiting) this.end('slow_reader');
    else void this.check();
  };

  /** Sends what waits, if the caller still may receive it; otherwise ends the stream. */
  async check(): Promise<void> {
    this.#isDue = true;
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      while (this.#isDue && !this.#isEnded) {
        this.#isDue = false;
        this.#isOwed = false;
        await this.#round();
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isRunning = false;
    }
  }

  /** Called twice a second. @param elapsedMs of a monotonic clock */
  tick(now: Date, elapsedMs: number): void {
    const { expiresAt, source } = this.#options;
    const leftSeconds = (expiresAt.getTime() - now.getTime()) / 1000;
    if (leftSeconds <= 0) {
      this.end('token_expired');
      return;
    }
    if (elapsedMs - this.#lastWriteMs >= commentEveryMs) this.#write(commentMessage, elapsedMs);
    if (leftSeconds <= announcedSeconds && !this.#isAnnounced && source.expiring) {
      this.#isAnnounced = true;
      this.#announce = true;
    }
    if (this.#isOwed || this.#announce) void this.check();
  }

  end(reason: StreamEnd): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#waiting = [];
    const { output, onEnd } = this.#options;
    if (reason === 'slow_reader') output.destroy();
    else if (reason !== 'client') {
      output.write(completeMessage);
      output.end();
    }
    onEnd(reason);
  }

  /** Whether the event may have ended the session, or taken the permission. */
  #changesAccess({ type, userId, sessionId }: StreamedEvent): boolean {
    if (type === 'SESSION_ENDED') return sessionId === this.#options.sessionId;
    return type === 'ROLE_UPDATED' || userId === this.#options.userId;
  }

  async #round(): Promise<void> {
    // Events that arrive meanwhile may be newer than the state that is read, so they wait for the next round.
    const events = this.#waiting.slice(0, batchSize);
    const context = await this.#options.contextNow();
    const { caller, unit } = context;
    const shortfall = missingRequirement(this.#options.entry, context);
    if (shortfall) return this.#refuse(shortfall.refusal, context);
    const { source, expiresAt } = this.#options;
    const announced = this.#announce ? source.expiring?.(expiresAt) : undefined;
    this.#announce = false;
    const present = events.length > 0 ? await source.present(unit, events, caller) : [];
    this.#waiting = this.#waiting.slice(events.length);
    if (this.#waiting.length > 0) this.#isDue = true;
    await this.#send(announced ? [...present, announced] : present, context);
  }

  /** An outage repeats the round: the client learns of the end of its session, however late. */
  #fail(error: unknown): void {
    this.#isOwed = true;
    if (refusalOf(error)) return;
    this.#options.report(error);
    this.end('failure');
  }

  /** While the state cannot be read, the stream waits: Streams ends it when that takes too long. */
  async #refuse({ code, options }: Refusal, context: Context): Promise<void> {
    if (isOutage(code)) {
      this.#isOwed = true;
      return;
    }
    if (code !== 'UNAUTHENTICATED') return this.end('permission_lost');
    if (options.reason === 'TOKEN_EXPIRED') return this.end('token_expired');
    const ending = await this.#options.source.ending?.(context.unit);
    if (ending) await this.#send([ending], context);
    this.end('session_ended');
  }

  async #send(payloads: readonly object[], contextValue: Context): Promise<void> {
    const { schema, operation, formatError } = this.#options;
    const { document, operationName, variables: variableValues } = operation;
    for (const rootValue of payloads) {
      if (this.#isEnded) return;
      const { data, errors } = await execute({
        schema,
        document,
        operationName,
        variableValues,
        rootValue,
        contextValue,
      });
      const formatted = errors?.map((error) => formatError(error.toJSON(), error));
      this.#write(nextMessage({ ...(data !== undefined && { data }), ...(formatted && { errors: formatted }) }));
    }
  }

  #write(text: string, elapsedMs = performance.now()): void {
    if (this.#isEnded) return;
    this.#lastWriteMs = elapsedMs;
    if (!this.#options.output.write(text)) this.end('slow_reader');
  }
}

function isOutage(code: Refusal['code']): boolean {
  return code === 'SERVICE_BUSY' || code === 'SERVICE_UNAVAILABLE';
}
