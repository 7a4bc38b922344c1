/** Metrics of the audit trail; the sealing lag is in stored.ts. */
import type { Registry } from 'prom-client';
import { createCounter } from './instruments.ts';

export function createAuditMetrics(registry: Registry) {
  const wentBack = createCounter(
    registry,
    'audit_trail_went_back',
    'Times the audit trail differed from its sealed state.',
  );
  return {
    /** The audit trail differs from the state that this process sealed: entries were removed, or an old backup was restored. */
    auditTrailWentBack: () => wentBack.inc(),
  };
}
