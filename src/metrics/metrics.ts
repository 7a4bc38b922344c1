/**
 * The metrics of this process, for Prometheus: one file per noun. Values of labels are fixed words (the kind of an
 * operation, the name of a limit, a reason), never input: a client cannot create series.
 */
import { Registry } from 'prom-client';
import { createApplicationMetrics } from './applications.ts';
import { createAuditMetrics } from './audit.ts';
import { createDatabaseMetrics } from './database.ts';
import { createHashMetrics } from './hashes.ts';
import { createHookMetrics } from './hooks.ts';
import { createLimitMetrics } from './limits.ts';
import { createMailMetrics } from './mail.ts';
import { createMaintenanceMetrics } from './maintenance.ts';
import { createOperationMetrics } from './operations.ts';
import { createOutboundMetrics } from './outbound.ts';
import { createProcessMetrics } from './process.ts';
import { createRequestMetrics } from './requests.ts';
import { createRiskMetrics } from './risk.ts';
import { createSessionMetrics } from './sessions.ts';
import { createSmsMetrics } from './sms.ts';
import { createStoredMetrics } from './stored.ts';
import { createStreamMetrics } from './streams.ts';
import { createTraceMetrics } from './traces.ts';
import { createWebhookMetrics } from './webhooks.ts';

export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics() {
  const registry = new Registry();
  return {
    ...createApplicationMetrics(registry),
    ...createAuditMetrics(registry),
    ...createDatabaseMetrics(registry),
    ...createHashMetrics(registry),
    ...createHookMetrics(registry),
    ...createLimitMetrics(registry),
    ...createMailMetrics(registry),
    ...createMaintenanceMetrics(registry),
    ...createOperationMetrics(registry),
    ...createOutboundMetrics(registry),
    ...createProcessMetrics(registry),
    ...createRequestMetrics(registry),
    ...createRiskMetrics(registry),
    ...createSessionMetrics(registry),
    ...createSmsMetrics(registry),
    ...createStoredMetrics(registry),
    ...createStreamMetrics(registry),
    ...createTraceMetrics(registry),
    ...createWebhookMetrics(registry),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
