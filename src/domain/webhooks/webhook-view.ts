/** Webhooks as administrators see them: without secrets. */
import type { DisabledReason, Webhook } from '../../persistence/webhooks/webhook.ts';
import type { EventType } from '../events/catalogue.ts';

export interface WebhookView {
  id: string;
  url: string;
  description: string | null;
  events: EventType[];
  includeProfile: boolean;
  enabled: boolean;
  disabledReason: DisabledReason | null;
  failingSince: Date | null;
  createdAt: Date;
}

export function webhookView(webhook: Webhook): WebhookView {
  const { id, url, events, includeProfile, enabled, createdAt } = webhook;
  return {
    ...{ id, url, events, includeProfile, enabled, createdAt },
    description: webhook.description ?? null,
    disabledReason: webhook.disabledReason ?? null,
    failingSince: webhook.failingSince ?? null,
  };
}

/** For the audit trail and for mails. The rest of an address can hold a secret of the receiver. */
export function hostOf({ url }: Pick<Webhook, 'url'>): string {
  return new URL(url).host;
}
