/** Metrics of passwords: the hash queue and the breach check. */
import type { Registry } from 'prom-client';
import { createCounter, watchStates } from './instruments.ts';

export function createHashMetrics(registry: Registry) {
  const breachChecks = createCounter(
    registry,
    'breach_check_failures',
    'Passwords accepted without the breach check, because it did not answer.',
  );
  return {
    /** The breach check did not answer, and the password was accepted without it. */
    breachCheckFailed: () => breachChecks.inc(),
    watchHashes: (load: () => { running: number; waiting: number }) =>
      watchStates(registry, 'password_hashes', 'Password hashes that are running and waiting.', load),
  };
}
