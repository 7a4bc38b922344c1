/** Does DATABASE_READ_URL lead to a standby that is close to the primary? */
import { readServerState } from '../../../persistence/connection/server-check.ts';
import type { ReadReplica } from '../../read-replica.ts';
import { type Finding, fail, warn } from './finding.ts';

export async function replicaProblem(replica: ReadReplica | null): Promise<Finding | null> {
  if (replica === null) return null;
  const em = await replica.caughtUp();
  if (em === null && replica.state === 'absent')
    return fail(
      'the standby of DATABASE_READ_URL does not answer, so the primary serves lists',
      'start it, or correct DATABASE_READ_URL',
    );
  if (em === null)
    return warn(
      'the standby of DATABASE_READ_URL does not catch up, so the primary serves lists',
      'see pg_stat_replication on the primary, and pg_is_wal_replay_paused() on the standby',
    );
  const { inRecovery } = await readServerState(em);
  if (inRecovery) return null;
  return warn('DATABASE_READ_URL leads to a primary', 'set it to a standby, or remove it');
}
