/** Disables a webhook: it gets no new messages, and those that wait are given up. */
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { findWebhookAdministrators } from '../../persistence/webhooks/administrators.ts';
import { abandonWaiting } from '../../persistence/webhooks/deliveries.ts';
import type { DisabledReason, Webhook } from '../../persistence/webhooks/webhook.ts';
import type { Transaction } from '../transaction.ts';
import { hostOf } from './webhook-view.ts';

/** @param webhook locked, so that no new message is made of an event meanwhile */
export async function disable(transaction: Transaction, webhook: Webhook, reason: DisabledReason): Promise<void> {
  const { tx, now, audit } = transaction;
  Object.assign(webhook, { enabled: false, disabledReason: reason });
  await abandonWaiting(tx, webhook.id, now);
  audit({
    action: 'webhook.disabled',
    target: { type: 'webhook', id: webhook.id },
    details: { reason, host: hostOf(webhook) },
  });
  if (reason !== 'administrator') await mailAbout(transaction, webhook, reason);
}

/** To the creator and to every administrator that can enable it again. */
async function mailAbout(
  { tx, now, mail }: Transaction,
  webhook: Webhook,
  reason: Exclude<DisabledReason, 'administrator'>,
): Promise<void> {
  const variables = {
    host: hostOf(webhook),
    description: webhook.description ?? null,
    reason,
    disabledAt: now.toISOString(),
  };
  for (const { email, locale } of await recipientsOf(tx, webhook))
    await mail({ kind: 'webhook_disabled', to: email, locale, variables });
}

function recipientsOf(tx: EntityManager, { createdBy }: Webhook) {
  return findWebhookAdministrators(tx, 'webhooks:write', createdBy ?? null);
}
