/**
 * Follows the primary of the database: its role, and its timeline, which counts up with each promotion. A server with
 * an older timeline than the newest one that was seen is a primary that was replaced.
 */
import type { Logger } from '../../logger.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import { type PrimaryPosition, readPrimaryPosition } from '../../persistence/connection/primary-position.ts';
import { isFailoverRecorded } from '../../persistence/operations/failovers.ts';
import { secondsAfter } from '../clock.ts';
import { systemCaller } from '../operator.ts';
import { transact, type Unit } from '../transaction.ts';

/** `replaced`: it accepts writes, and another server with a newer timeline does so too. */
export type DatabaseRole = 'primary' | 'read_only' | 'replaced' | 'unknown';

/** Instances see a failover within this time of each other. */
const sameFailoverSeconds = 600;
/** The rounds from one question to all servers to the next. */
const reviewEveryRounds = 2;

export interface FailoverDependencies {
  /** Returns a new unit of work. */
  unit(): Unit;
  /** Asks all servers of DATABASE_URL, and moves to the one that accepts writes on the newest timeline. */
  review(): Promise<void>;
  metrics: Pick<Metrics, 'failoverObserved'>;
  logger: Logger;
}

export class FailoverWatch {
  readonly #deps: FailoverDependencies;
  #role: DatabaseRole = 'unknown';
  #newest: { clusterId: string; timeline: number } | null = null;
  #rounds = 0;

  constructor(deps: FailoverDependencies) {
    this.#deps = deps;
  }

  /** `unknown`: the last check failed, or there was none. */
  get role(): DatabaseRole {
    return this.#role;
  }

  /** Whether a server with a newer timeline has replaced this one. */
  isReplaced({ clusterId, timeline }: { clusterId: string; timeline: number }): boolean {
    return this.#newest !== null && this.#newest.clusterId === clusterId && timeline < this.#newest.timeline;
  }

  /** @throws the error of the database */
  async check(): Promise<void> {
    this.#rounds += 1;
    if (this.#rounds % reviewEveryRounds === 0) await this.#deps.review();
    this.#role = 'unknown';
    const position = await readPrimaryPosition(this.#deps.unit().em);
    this.#role = position.acceptsWrites ? 'primary' : 'read_only';
    if (position.timeline !== null) await this.#compare({ ...position, timeline: position.timeline });
  }

  async #compare(position: PrimaryPosition & { timeline: number }): Promise<void> {
    const { clusterId, timeline } = position;
    const newest = this.#newest;
    if (this.isReplaced(position)) {
      this.#role = 'replaced';
      this.#deps.logger.error({ timeline, newest }, 'the database server was replaced by another one: stop it');
      return;
    }
    const isFailover = newest?.clusterId === clusterId && timeline > newest.timeline;
    if (isFailover) await this.#record(timeline);
    this.#newest = { clusterId, timeline };
  }

  async #record(timeline: number): Promise<void> {
    await transact(this.#deps.unit(), systemCaller('failover'), async ({ tx, now, audit }) => {
      const recorded = await isFailoverRecorded(tx, timeline, secondsAfter(now, -sameFailoverSeconds));
      if (!recorded) audit({ action: 'database.failover_observed', details: { timeline } });
    });
    this.#deps.metrics.failoverObserved();
    this.#deps.logger.warn({ timeline }, 'another database server became the primary');
  }
}
