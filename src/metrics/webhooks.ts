/** Metrics of webhook deliveries; the state of the queue is in stored.ts. */
import type { Registry } from 'prom-client';
import { createCounter } from './instruments.ts';

const help = 'Attempts to deliver events to webhooks. failed: another attempt follows; abandoned: none does.';

export function createWebhookMetrics(registry: Registry) {
  const deliveries = createCounter(registry, 'webhook_deliveries', help, ['outcome']);
  return {
    webhookDelivery: (outcome: 'delivered' | 'failed' | 'abandoned') => deliveries.inc({ outcome }),
  };
}
