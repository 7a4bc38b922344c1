/** Can this instance serve? One line a dependency; process-readiness.ts checks the process itself. */

import { isReadOnly } from '../../persistence/connection/availability.ts';
import { readDatabaseState } from '../../persistence/connection/database-state.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { readQueueProblems } from '../../persistence/mail/outbox.ts';
import { findGaps } from '../../persistence/partitions/partition-list.ts';
import { findSessionState } from '../../persistence/sessions/session-state.ts';
import { type Clock, secondsAfter } from '../clock.ts';
import type { ReadReplica } from '../read-replica.ts';

export interface Check {
  name:
    | 'database'
    | 'database-role'
    | 'replica'
    | 'migrations'
    | 'partitions'
    | 'mail'
    | 'limits'
    | 'clock'
    | 'server'
    | 'memory'
    | 'event-loop'
    | 'hashes';
  state: 'ok' | 'degraded' | 'failed';
  detail: string;
}

/** A mail leaves within seconds; one that waits this long means that the mail server does not take them. */
const mailDelayedSeconds = 300;
const degradedSkewSeconds = 2;
const failedSkewSeconds = 30;

/** Where rate limits are counted; `problem` says why Redis does not count. */
export interface LimiterStatus {
  state: 'shared' | 'local' | 'degraded';
  problem: string | null;
}

export interface ReadinessDependencies {
  em: EntityManager;
  clock: Clock;
  pendingMigrations(): Promise<string[]>;
  limits: LimiterStatus;
  /** How far this machine's clock is ahead of the database's. */
  clockSkewSeconds: number;
  /** null: lists have no standby. */
  replica: Pick<ReadReplica, 'state' | 'lagSeconds'> | null;
  /** Whether another database server has replaced this one. */
  isDatabaseReplaced: boolean;
}

const readOnly: Check[] = [
  { name: 'database', state: 'failed', detail: 'is read-only' },
  { name: 'database-role', state: 'failed', detail: 'read-only: a standby, or default_transaction_read_only' },
];

/** No session has it. */
export const noSession = '00000000-0000-0000-0000-000000000000';

export async function checkReadiness(deps: ReadinessDependencies): Promise<Check[]> {
  try {
    const { takesWrites, encryption } = await readDatabaseState(deps.em);
    if (!takesWrites) return readOnly;
    // The statement of every authenticated request, which a pooler may refuse while others pass.
    await findSessionState(deps.em, noSession);
    const mail = await mailCheck(deps);
    const pending = await deps.pendingMigrations();
    const partitions = partitionsCheck(await findGaps(deps.em, deps.clock.now()));
    return [
      { name: 'database', state: 'ok', detail: encryption ?? 'answers' },
      roleCheck(deps),
      ...replicaChecks(deps),
      pending.length === 0
        ? { name: 'migrations', state: 'ok', detail: 'all applied' }
        : { name: 'migrations', state: 'failed', detail: `${pending.length} pending: run "postern migrate"` },
      partitions,
      mail,
      limitsCheck(deps.limits),
      clockCheck(deps.clockSkewSeconds),
    ];
  } catch (error) {
    if (isReadOnly(error)) return readOnly;
    return [{ name: 'database', state: 'failed', detail: 'does not answer' }];
  }
}

function roleCheck({ isDatabaseReplaced }: ReadinessDependencies): Check {
  const name = 'database-role';
  if (!isDatabaseReplaced) return { name, state: 'ok', detail: 'primary' };
  return { name, state: 'failed', detail: 'another server has replaced this primary: stop this one' };
}

/** The primary serves in place of the standby, so the instance is ready. */
function replicaChecks({ replica }: ReadinessDependencies): Check[] {
  if (replica === null) return [];
  const name = 'replica';
  if (replica.state === 'ok') return [{ name, state: 'ok', detail: 'serves lists' }];
  const problem = replica.state === 'absent' ? 'absent' : `lagging: ${replica.lagSeconds?.toFixed(1)} s behind`;
  return [{ name, state: 'degraded', detail: `${problem}; the primary serves lists` }];
}

/** Rows of a table without a partition for their time go to its default partition: no request fails. */
function partitionsCheck(gaps: readonly string[]): Check {
  const name = 'partitions';
  if (gaps.length === 0) return { name, state: 'ok', detail: 'none is missing' };
  const tables = gaps.join(' and ');
  return { name, state: 'degraded', detail: `none for the current time in ${tables}: run "postern partitions create"` };
}

/**
 * Mails that wait are no reason to stop serving. How many wait is not told here, where every caller may ask: the metrics
 * have the numbers.
 */
async function mailCheck({ em, clock }: ReadinessDependencies): Promise<Check> {
  const { lastError, isLate } = await readQueueProblems(em, secondsAfter(clock.now(), -mailDelayedSeconds));
  const name = 'mail';
  if (lastError !== null) return { name, state: 'degraded', detail: `a delivery failed (${lastError}) and is retried` };
  if (isLate) return { name, state: 'degraded', detail: 'mails wait for longer than five minutes' };
  return { name, state: 'ok', detail: 'mails are delivered' };
}

function limitsCheck({ state, problem }: LimiterStatus): Check {
  const name = 'limits';
  if (state === 'shared') return { name, state: 'ok', detail: 'Redis is available: limits are shared' };
  const detail =
    state === 'local'
      ? 'REDIS_URL is not set: limits are counted per process'
      : `Redis is unavailable (${problem}): limits are counted per process and are stricter`;
  return { name, state: 'degraded', detail };
}

/** Verdicts use the database's time; what this machine tells others (logs, HTTP dates) is wrong by the skew. */
function clockCheck(skewSeconds: number): Check {
  const apart = Math.abs(skewSeconds);
  const state = apart > failedSkewSeconds ? 'failed' : apart > degradedSkewSeconds ? 'degraded' : 'ok';
  const side = skewSeconds > 0 ? 'ahead of' : 'behind';
  const detail = state === 'ok' ? 'agrees with the database' : `${Math.round(apart)} s ${side} the database: check NTP`;
  return { name: 'clock', state, detail };
}
