/** The settings of webhooks. */
import { z } from 'zod';
import { integer } from './formats/basic.ts';

export interface WebhookConfig {
  /** Attempts at once for one webhook, in one instance. */
  concurrency: number;
}

export const webhookSettings = { WEBHOOK_CONCURRENCY: integer(1, 32).prefault('4') };

const schema = z.object(webhookSettings);

export function webhookConfig(env: z.infer<typeof schema>): WebhookConfig {
  return { concurrency: env.WEBHOOK_CONCURRENCY };
}
