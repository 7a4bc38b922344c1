/** Can this instance serve? One line a dependency. */
import type { EntityManager } from '../persistence/entity-manager.ts';
import { oldestWaitingSeconds } from '../persistence/queries/outbox.ts';
import type { Clock } from './clock.ts';

export interface Check {
  name: 'database' | 'migrations' | 'mail' | 'limits' | 'server';
  state: 'ok' | 'degraded' | 'failed';
  detail: string;
}

/** A mail leaves within seconds; one that waits this long means that the mail server does not take them. */
const mailDelayedSeconds = 300;

export interface ReadinessDependencies {
  em: EntityManager;
  clock: Clock;
  pendingMigrations(): Promise<string[]>;
  /** Where rate limits are counted. */
  limits: 'shared' | 'local' | 'degraded';
}

const limitDetails = {
  shared: 'Redis answers',
  local: 'REDIS_URL is not set: limits are kept per process',
  degraded: 'Redis does not answer: limits are kept per process, and stricter',
} as const;

export async function checkReadiness({
  em,
  clock,
  pendingMigrations,
  limits,
}: ReadinessDependencies): Promise<Check[]> {
  const limitsCheck: Check = {
    name: 'limits',
    state: limits === 'shared' ? 'ok' : 'degraded',
    detail: limitDetails[limits],
  };
  try {
    const waiting = await oldestWaitingSeconds(em, clock.now());
    const pending = await pendingMigrations();
    return [
      { name: 'database', state: 'ok', detail: 'answers' },
      pending.length === 0
        ? { name: 'migrations', state: 'ok', detail: 'all applied' }
        : { name: 'migrations', state: 'failed', detail: `${pending.length} pending: run "postern migrate"` },
      waiting === null || waiting < mailDelayedSeconds
        ? { name: 'mail', state: 'ok', detail: 'the queue moves' }
        : { name: 'mail', state: 'degraded', detail: `the oldest mail has waited for ${waiting} s` },
      limitsCheck,
    ];
  } catch {
    return [{ name: 'database', state: 'failed', detail: 'does not answer' }];
  }
}
