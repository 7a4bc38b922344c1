/** Counts for the metrics. Each is read from an index, up to a bound. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { boundedCount } from '../bounded-count.ts';

export interface Counts {
  activeSessions: number;
  lockedAccounts: number;
}

/** An index of a million entries is counted in about a tenth of a second. */
const maxSessions = 1_000_001;

export async function readCounts(em: EntityManager, now: Date): Promise<Counts> {
  const [row] = await em.execute<Counts[]>(
    `select
       ${boundedCount('token_families where revoked_at is null and expires_at > :now', maxSessions)} as "activeSessions",
       ${boundedCount("attempt_counters where bucket = 'account' and locked_until > :now")} as "lockedAccounts"`,
    { now },
  );
  if (!row) throw new Error('counting gave nothing');
  return row;
}
