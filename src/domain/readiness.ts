/** Can this instance serve? One line a dependency. */

import { readDatabaseState } from '../persistence/database-state.ts';
import type { EntityManager } from '../persistence/entity-manager.ts';
import { type MailQueue, mailQueue } from '../persistence/queries/outbox.ts';
import { findSessionState } from '../persistence/queries/session-state.ts';
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

const noSession = '00000000-0000-0000-0000-000000000000';

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
    const { takesWrites, encryption } = await readDatabaseState(em);
    if (!takesWrites) return [{ name: 'database', state: 'failed', detail: 'is read-only' }];
    // The statement of every authenticated request, which a pooler may refuse while others pass.
    await findSessionState(em, noSession);
    const queue = await mailQueue(em, clock.now());
    const pending = await pendingMigrations();
    return [
      { name: 'database', state: 'ok', detail: encryption ?? 'answers' },
      pending.length === 0
        ? { name: 'migrations', state: 'ok', detail: 'all applied' }
        : { name: 'migrations', state: 'failed', detail: `${pending.length} pending: run "postern migrate"` },
      mailCheck(queue),
      limitsCheck,
    ];
  } catch {
    return [{ name: 'database', state: 'failed', detail: 'does not answer' }];
  }
}

/** Mails that wait are no reason to stop serving. Those given up are told of, and count in securityOverview. */
function mailCheck({ pending, oldestWaitingSeconds, dead }: MailQueue): Check {
  const late = oldestWaitingSeconds !== null && oldestWaitingSeconds >= mailDelayedSeconds;
  const waiting = late ? `the oldest of ${pending} has waited for ${oldestWaitingSeconds} s` : 'the queue moves';
  const detail = dead > 0 ? `${waiting}; given up in 30 days: ${dead}` : waiting;
  return { name: 'mail', state: late ? 'degraded' : 'ok', detail };
}
