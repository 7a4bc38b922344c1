/** Wires the delivery of events to webhooks. */
import type { WebhookConfig } from '../config/webhooks.ts';
import { WebhookWorker } from '../domain/webhooks/worker.ts';
import { describeError } from '../logger.ts';
import { untraced } from '../trace.ts';
import type { App } from './app.ts';

const defaultPollMs = 1000;

export function createWebhookWorker(config: WebhookConfig, app: App, pollMs = defaultPollMs): WebhookWorker {
  return new WebhookWorker({
    unit: () => app.dependencies(),
    maxForOne: config.concurrency,
    pollMs,
    metrics: app.metrics,
    trace: app.tracing ?? untraced,
    report: (error, delivery) =>
      app.logger.warn({ ...describeError(error), ...delivery }, 'events could not be delivered: retrying'),
  });
}
