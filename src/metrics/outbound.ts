/** Metrics of calls to other servers. */
import type { Registry } from 'prom-client';
import { createCounter } from './instruments.ts';

export function createOutboundMetrics(registry: Registry) {
  const requests = createCounter(registry, 'outbound_requests', 'Calls to other servers by purpose and outcome.', [
    'purpose',
    'outcome',
  ]);
  return {
    outbound: (purpose: string, outcome: 'answered' | 'refused' | 'unavailable' | 'too_large') =>
      requests.inc({ purpose, outcome }),
  };
}
