/** Wires what follows the database: its time, its primary, its standby, and the seals of the audit trail. */
import type { Config } from '../config/config.ts';
import { AuditSealing, type AuditSealingDependencies } from '../domain/audit/sealing.ts';
import { DatabaseClock } from '../domain/database-clock.ts';
import { FailoverWatch } from '../domain/operations/failover-watch.ts';
import { ReadReplica } from '../domain/read-replica.ts';
import type { Unit } from '../domain/transaction.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { readDatabaseTime } from '../persistence/database-time.ts';
import type { Database } from './database.ts';

const elapsedMs = () => performance.now();

export function createDatabaseClock(fork: Database['fork']): DatabaseClock {
  return new DatabaseClock({
    machineMs: () => Date.now(),
    elapsedMs,
    databaseTime: () => readDatabaseTime(fork()),
  });
}

/** @returns null when DATABASE_READ_URL is not set */
export function createReplica({ fork, forkReplica }: Database, { database }: Config): ReadReplica | null {
  return forkReplica && new ReadReplica({ fork, forkReplica, elapsedMs, maxLagSeconds: database.readMaxLagSeconds });
}

interface Base extends Pick<AuditSealingDependencies, 'fork' | 'clock' | 'sealer' | 'logger'> {
  config: Config;
  metrics: Metrics;
}

export function followPrimary(
  base: Base,
  database: Database,
  databaseClock: DatabaseClock,
  unit: () => Unit,
): { failovers: FailoverWatch; auditSealing: AuditSealing } {
  const failovers = new FailoverWatch({ ...base, unit, review: () => database.reviewServers() });
  const auditSealing = new AuditSealing({
    ...base,
    retentionSeconds: base.config.domain.auditRetentionSeconds,
    forkMaintenance: () => database.forkMaintenance(),
    partitions: base.config.database.partitions === 'on',
    skewSeconds: () => databaseClock.skewSeconds(),
    isReplaced: (position) => failovers.isReplaced(position),
  });
  base.metrics.watchPool(() => database.connections());
  base.metrics.watchRole(() => failovers.role);
  return { failovers, auditSealing };
}
