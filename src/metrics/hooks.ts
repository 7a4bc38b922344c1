/** Metrics of calls of the operator's hooks. */
import type { Registry } from 'prom-client';
import { createCounter } from './instruments.ts';

export function createHookMetrics(registry: Registry) {
  const calls = createCounter(registry, 'hook_calls', 'Calls of hooks by point and outcome.', ['point', 'outcome']);
  return {
    hookCalled: (point: string, outcome: 'allowed' | 'refused' | 'failed') => calls.inc({ point, outcome }),
  };
}
