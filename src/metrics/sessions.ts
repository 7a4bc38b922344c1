/** Metrics of sign-in and of sessions; their numbers are in stored.ts. */
import type { Registry } from 'prom-client';
import { createCounter } from './instruments.ts';

export function createSessionMetrics(registry: Registry) {
  const signIns = createCounter(registry, 'sign_ins', 'Sign-in attempts by outcome.', ['outcome']);
  const refreshes = createCounter(registry, 'refreshes', 'Refresh attempts by outcome.', ['outcome']);
  const reuses = createCounter(registry, 'token_reuse', 'Replayed refresh tokens; each replay revoked its session.');
  const locks = createCounter(registry, 'account_locks', 'Locks of accounts after failed sign-ins.');
  return {
    /** @param outcome `succeeded`, or the reason of the failure in the audit trail */
    signIn: (outcome: string) => signIns.inc({ outcome }),
    /** @param outcome `rotated`, `repeated` (the same successor again), or the reason of the failure */
    refresh: (outcome: string) => refreshes.inc({ outcome }),
    accountLocked: () => locks.inc(),
    tokenReused: () => reuses.inc(),
  };
}
