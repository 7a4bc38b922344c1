/** Calls the operator's code at the points of points.ts, each call within the deadline of its hook. */
import type { Metrics } from '../../metrics/metrics.ts';
import { OutboundRefused, OutboundTooLarge, OutboundUnavailable } from '../../outbound/errors.ts';
import type { Clock } from '../clock.ts';
import { newId } from '../ids.ts';
import { InvalidAnswer } from './answer-members.ts';
import { readAnswer, type Verdict } from './answers.ts';
import type { HookCall, HookInputs, HookPoint } from './points.ts';

export interface Hook {
  timeoutMs: number;
  /** What a failure means: the operation is refused, or continues as without the hook. */
  onFailure: 'refuse' | 'continue';
  /** @param signal ends the call @returns the answer as JSON @throws any error */
  send(call: HookCall, signal: AbortSignal): Promise<string>;
}

/** The hook has given no usable answer in time. */
export interface HookFailure {
  /** Fixed words, without values. */
  problem: string;
}

export interface HooksDependencies {
  clock: Clock;
  metrics: Pick<Metrics, 'hookCalled'>;
  /** @param error of a module, for its author */
  report(failure: { point: HookPoint; problem: string }, error: unknown): void;
}

/** An endpoint has answered with a status that it must not. */
export class UnexpectedStatus extends Error {
  override name = 'UnexpectedStatus';

  constructor(status: number) {
    super(`status ${status}`);
  }
}

class DeadlinePassed extends Error {
  override name = 'DeadlinePassed';
}

/** Failures of one point within this time are recorded once. */
const notedEveryMs = 60_000;

export class Hooks {
  readonly #hooks: ReadonlyMap<HookPoint, Hook>;
  readonly #deps: HooksDependencies;
  readonly #notedAt = new Map<HookPoint, number>();

  constructor(hooks: ReadonlyMap<HookPoint, Hook>, deps: HooksDependencies) {
    this.#hooks = hooks;
    this.#deps = deps;
  }

  get points(): HookPoint[] {
    return [...this.#hooks.keys()];
  }

  has(...points: HookPoint[]): boolean {
    return points.some((point) => this.#hooks.has(point));
  }

  /** Whether the operation continues after a failure of the hook. */
  continuesAfterFailure(point: HookPoint): boolean {
    return this.#hooks.get(point)?.onFailure === 'continue';
  }

  /** The longest time of a call; null: the point has no hook. */
  timeoutMsOf(point: HookPoint): number | null {
    return this.#hooks.get(point)?.timeoutMs ?? null;
  }

  /** Call it outside transactions. @returns null where the point has no hook. Never throws */
  async call<Point extends HookPoint>(
    point: Point,
    data: HookInputs[Point],
    { dryRun = false }: { dryRun?: boolean } = {},
  ): Promise<Verdict<Point> | HookFailure | null> {
    const hook = this.#hooks.get(point);
    if (!hook) return null;
    const { clock, metrics, report } = this.#deps;
    const now = clock.now();
    const call = { id: newId(now), point, version: 1, occurredAt: now.toISOString(), dryRun, data } as const;
    try {
      const verdict = readAnswer(point, await withinDeadline(hook, call));
      metrics.hookCalled(point, verdict.allowed === null ? 'refused' : 'allowed');
      return verdict;
    } catch (error) {
      const problem = problemOf(error);
      metrics.hookCalled(point, 'failed');
      report({ point, problem }, error);
      return { problem };
    }
  }

  /** Whether the audit trail needs an entry about this failure: at most one a minute. */
  isFailureDue(point: HookPoint): boolean {
    const nowMs = this.#deps.clock.now().getTime();
    if (nowMs - (this.#notedAt.get(point) ?? Number.NEGATIVE_INFINITY) < notedEveryMs) return false;
    this.#notedAt.set(point, nowMs);
    return true;
  }
}

/** A later answer is discarded, whatever it says. */
async function withinDeadline({ timeoutMs, send }: Hook, call: HookCall): Promise<string> {
  const ended = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlinePassed()), timeoutMs);
  });
  try {
    return await Promise.race([send(call, ended.signal), late]);
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}

function problemOf(error: unknown): string {
  if (error instanceof InvalidAnswer || error instanceof UnexpectedStatus) return error.message;
  if (error instanceof DeadlinePassed) return 'no answer in time';
  if (error instanceof OutboundRefused) return 'its address is forbidden';
  if (error instanceof OutboundTooLarge) return 'the answer is too large';
  return error instanceof OutboundUnavailable ? error.message : 'an error of the module';
}
