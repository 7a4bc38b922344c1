/** Metrics of the risk assessment. */
import type { Registry } from 'prom-client';
import { createCounter } from './instruments.ts';

export function createRiskMetrics(registry: Registry) {
  const geoipFailures = createCounter(registry, 'geoip_failures', 'Failures of reading a location file.');
  const assessments = createCounter(registry, 'risk_assessments', 'Assessed sign-ins and registrations by action.', [
    'action',
  ]);
  return {
    geoipFailed: () => geoipFailures.inc(),
    /** @param action what the rules demand, also while RISK is `observe` */
    riskAssessed: (action: string) => assessments.inc({ action }),
  };
}
