/** Metrics of the database connections, and of the server behind them. */
import { Gauge, Histogram, type Registry } from 'prom-client';
import { createCounter, watchStates } from './instruments.ts';

const waitBuckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 1.5];
const roles = ['primary', 'read_only', 'replaced'] as const;

export function createDatabaseMetrics(registry: Registry) {
  const failovers = createCounter(registry, 'database_failovers', 'Failovers of the database that this process saw.');
  const waits = new Histogram({
    name: 'postern_pool_wait_seconds',
    help: 'Time until a connection, for requests that found no idle one.',
    buckets: waitBuckets,
    registers: [registry],
  });
  return {
    failoverObserved: () => failovers.inc(),
    waitedForConnection: (seconds: number) => waits.observe(seconds),
    watchPool: (counts: () => { idle: number; busy: number; waiting: number }) =>
      watchStates(
        registry,
        'pool_connections',
        'Connections of the pool that are idle and busy, and requests that wait for one.',
        () => ({ ...counts() }),
      ),
    /** @param lagSeconds null: the standby does not answer */
    watchReplica: (lagSeconds: () => number | null) => watchReplica(registry, lagSeconds),
    watchRole: (current: () => (typeof roles)[number] | 'unknown') => watchRole(registry, current),
  };
}

/** Omits the lag of an absent standby, because its old value would look valid. */
function watchReplica(registry: Registry, lagSeconds: () => number | null): void {
  new Gauge({
    name: 'postern_replica_lag_seconds',
    help: 'How far the standby of DATABASE_READ_URL is behind the primary.',
    registers: [registry],
    collect() {
      const lag = lagSeconds();
      if (lag === null) this.remove();
      else this.set(lag);
    },
  });
}

function watchRole(registry: Registry, current: () => string): void {
  new Gauge({
    name: 'postern_database_role',
    help: 'The role of the database server: 1 for the current one; 0 for all while it does not answer.',
    labelNames: ['role'] as const,
    registers: [registry],
    collect() {
      for (const role of roles) this.set({ role }, role === current() ? 1 : 0);
    },
  });
}
