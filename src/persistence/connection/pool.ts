/** The connections of one pool: which servers they may use, how many there are, and how long requests wait for one. */
import type { Pool, PoolConfig } from 'pg';
import type { DatabaseTarget } from './database-url.ts';
import { hostClient } from './host-client.ts';
import { Hosts } from './hosts.ts';
import { repairPool } from './pool-repair.ts';

export interface PoolCounts {
  idle: number;
  busy: number;
  /** Requests without a connection. */
  waiting: number;
}

/** A connection is replaced after this time: an address may belong to another server then. */
const maxLifetimeSeconds = 300;

export class ConnectionPool {
  readonly #hosts: Hosts | null;
  readonly #onWait: (seconds: number) => void;
  #pool: Pool | null = null;
  #empty: () => void = () => undefined;

  /** @param onWait receives the time of each request that found no idle connection */
  constructor({ servers, writableOnly }: DatabaseTarget, onWait: (seconds: number) => void = () => undefined) {
    this.#hosts = servers.length > 1 ? new Hosts(servers, writableOnly, () => this.#empty()) : null;
    this.#onWait = onWait;
  }

  /** The options of MikroORM's driver. */
  get options(): PoolConfig & { onPoolCreated(pool: Pool): void } {
    return {
      ...(this.#hosts && { Client: hostClient(this.#hosts) }),
      maxLifetimeSeconds,
      onPoolCreated: (pool) => {
        this.#pool = pool;
        this.#empty = repairPool(pool, () => void this.review());
        measureWaits(pool, this.#onWait);
      },
    };
  }

  counts(): PoolCounts {
    const { totalCount = 0, idleCount = 0, waitingCount = 0 } = this.#pool ?? {};
    return { idle: idleCount, busy: totalCount - idleCount, waiting: waitingCount };
  }

  /** Asks all servers of DATABASE_URL, and moves to another one where the present one was replaced. */
  async review(): Promise<void> {
    await this.#hosts?.review();
  }
}

/** Requests that find an idle connection are not measured: they do not wait. */
function measureWaits(pool: Pool, onWait: (seconds: number) => void): void {
  pool.connect = new Proxy(pool.connect, {
    apply(connect, _self, [callback]: [unknown?]) {
      if (pool.idleCount > pool.waitingCount) return Reflect.apply(connect, pool, [callback]);
      const startedAt = performance.now();
      const end = () => onWait((performance.now() - startedAt) / 1000);
      if (typeof callback !== 'function') {
        const connected: Promise<unknown> = Reflect.apply(connect, pool, []);
        connected.then(end, end);
        return connected;
      }
      return Reflect.apply(connect, pool, [
        (...answer: unknown[]) => {
          end();
          Reflect.apply(callback, undefined, answer);
        },
      ]);
    },
  });
}
