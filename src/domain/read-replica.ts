/**
 * Serves lists from a standby while it is close to the primary, and never within five seconds after a change by the same
 * caller. Without the standby, the primary serves them.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseBusy, isDatabaseUnavailable } from '../persistence/connection/availability.ts';
import type { EntityManager } from '../persistence/entity-manager.ts';
import { hasWrittenSince, readReplayedPosition, readWrittenPosition } from '../persistence/read-replica.ts';
import { actorOf, type Caller } from './caller.ts';
import { secondsAfter } from './clock.ts';
import { firstIdOf } from './ids.ts';
import type { Page } from './page.ts';
import { ReplicaLag } from './replica-lag.ts';
import type { Unit } from './transaction.ts';

const ownChangesSeconds = 5;
/** Attempts to reach the position of the primary, and the pause between two. */
const catchUp = { attempts: 20, pauseMs: 100 };

export interface ReplicaDependencies {
  /** Returns a new unit of work on the primary. */
  fork(): EntityManager;
  /** Returns a new unit of work on the standby. */
  forkReplica(): EntityManager;
  /** Milliseconds of a clock that only advances. */
  elapsedMs(): number;
  maxLagSeconds: number;
}

export interface ReadingUnit extends Unit {
  /** null: DATABASE_READ_URL is not set. */
  replica: ReadReplica | null;
}

export class ReadReplica {
  readonly #deps: ReplicaDependencies;
  readonly #lag = new ReplicaLag();
  #lagSeconds: number | null = null;

  constructor(deps: ReplicaDependencies) {
    this.#deps = deps;
  }

  /** null: the last measurement failed, or there was none. */
  get lagSeconds(): number | null {
    return this.#lagSeconds;
  }

  get state(): 'ok' | 'lagging' | 'absent' {
    if (this.#lagSeconds === null) return 'absent';
    return this.#lagSeconds <= this.#deps.maxLagSeconds ? 'ok' : 'lagging';
  }

  /** Never rejects: without an answer the standby is absent. */
  async measure(): Promise<void> {
    try {
      const written = await readWrittenPosition(this.#deps.fork());
      const at = this.#deps.elapsedMs();
      const replayed = await readReplayedPosition(this.#deps.forkReplica());
      this.#lagSeconds = this.#lag.add(written, replayed, at);
    } catch {
      this.lost();
    }
  }

  /** Until the next measurement, the primary serves. */
  lost(): void {
    this.#lagSeconds = null;
  }

  /** @returns null when the primary must serve this caller */
  async emFor({ em, clock }: Unit, caller: Caller): Promise<EntityManager | null> {
    if (this.state !== 'ok') return null;
    const sinceId = firstIdOf(secondsAfter(clock.now(), -ownChangesSeconds));
    const { actorId } = actorOf(caller);
    const isOwnChange = actorId !== null && (await hasWrittenSince(em, actorId, sinceId));
    return isOwnChange ? null : this.#deps.forkReplica();
  }

  /** @returns null when the standby does not reach the present position of the primary soon */
  async caughtUp(): Promise<EntityManager | null> {
    for (let attempt = 0; attempt < catchUp.attempts; attempt += 1) {
      await this.measure();
      if (this.#lagSeconds === null) return null;
      if (this.#lag.isCaughtUp) return this.#deps.forkReplica();
      await sleep(catchUp.pauseMs);
    }
    return null;
  }
}

/** Runs a reading on the standby where the caller may use it; where the standby fails, on the primary. */
export async function readNearby<U extends ReadingUnit, Result>(
  unit: U,
  caller: Caller,
  read: (unit: U) => Promise<Result>,
): Promise<Result> {
  const em = (await unit.replica?.emFor(unit, caller)) ?? null;
  return em === null
    ? read(unit)
    : orOnPrimary(
        unit,
        () => read({ ...unit, em }),
        () => read(unit),
      );
}

/** The same for a list, whose length is read later. */
export function listNearby<U extends ReadingUnit, Node>(
  unit: U,
  caller: Caller,
  list: (unit: U) => Promise<Page<Node>>,
): Promise<Page<Node>> {
  return readNearby(unit, caller, async (reading) => {
    const page = await list(reading);
    return reading === unit ? page : { ...page, count: () => countOf(unit, page, list) };
  });
}

function countOf<U extends ReadingUnit, Node>(unit: U, page: Page<Node>, list: (unit: U) => Promise<Page<Node>>) {
  return orOnPrimary(
    unit,
    () => page.count(),
    async () => (await list(unit)).count(),
  );
}

/** A standby also cancels a query that conflicts with what it applies (SQLSTATE 40001). */
async function orOnPrimary<Result>(
  { replica }: ReadingUnit,
  onReplica: () => Promise<Result>,
  onPrimary: () => Promise<Result>,
): Promise<Result> {
  try {
    return await onReplica();
  } catch (error) {
    if (!isDatabaseUnavailable(error) && !isDatabaseBusy(error)) throw error;
    replica?.lost();
    return onPrimary();
  }
}
