/** The audit entries of failovers: one instance writes the entry of each. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { serialiseBy } from '../named-locks.ts';

/** Until the transaction ends, other instances wait. */
export async function isFailoverRecorded(tx: EntityManager, timeline: number, since: Date): Promise<boolean> {
  await serialiseBy(tx, 'failover');
  const [row] = await tx.execute<{ recorded: boolean }[]>(
    `select exists (select from audit_entries where action = 'database.failover_observed'
       and occurred_at > ? and (details->>'timeline')::int = ?) as recorded`,
    [since, timeline],
  );
  return row?.recorded ?? false;
}
