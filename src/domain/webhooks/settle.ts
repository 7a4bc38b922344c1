/** Records what came of an attempt, and disables a webhook whose endpoint is gone or fails for days. */
import { type ClaimedDelivery, noteFailure, noteSuccess, recordResult } from '../../persistence/webhooks/deliveries.ts';
import { secondsAfter } from '../clock.ts';
import { systemCaller } from '../operator.ts';
import { transact } from '../transaction.ts';
import type { Answer } from './attempt.ts';
import type { WebhookDeps } from './deps.ts';
import { disable } from './disable.ts';
import { lockWebhook } from './manage-webhooks.ts';
import { retryAt } from './retry-plan.ts';

export type Outcome = 'delivered' | 'failed' | 'abandoned';

const goneStatus = 410;
const maxFailingSeconds = 5 * 24 * 60 * 60;

export async function settle(
  deps: Pick<WebhookDeps, 'em' | 'clock' | 'outbox' | 'sealer'>,
  delivery: ClaimedDelivery,
  answer: Answer,
): Promise<Outcome> {
  const { em, clock, sealer } = deps;
  const { id, attempt, webhookId } = delivery;
  const now = clock.now();
  const isDelivered = answer.status !== null && answer.status >= 200 && answer.status < 300;
  const nextAttemptAt = isDelivered ? null : retryAt({ attempt, ...answer }, now);
  const outcome = isDelivered ? 'delivered' : nextAttemptAt ? 'failed' : 'abandoned';
  await recordResult(em.fork(), {
    ...{ id, attempt, nextAttemptAt },
    status: statuses[outcome],
    responseStatus: answer.status,
    excerptSealed: sealer.seal(Buffer.from(answer.excerpt), id),
    durationMs: answer.durationMs,
    finishedAt: nextAttemptAt ? null : now,
  });
  if (isDelivered) await noteSuccess(em.fork(), webhookId);
  else await judge(deps, webhookId, answer, now);
  return outcome;
}

const statuses = { delivered: 'DELIVERED', failed: 'FAILED', abandoned: 'ABANDONED' } as const;

async function judge(deps: WebhookDepsOfSettle, webhookId: string, { status }: Answer, now: Date): Promise<void> {
  const failingSince = await noteFailure(deps.em.fork(), webhookId, now);
  if (failingSince === null) return;
  const isFailing = failingSince <= secondsAfter(now, -maxFailingSeconds);
  if (status !== goneStatus && !isFailing) return;
  await transact<void>(deps, systemCaller('webhooks'), async (transaction) => {
    const webhook = await lockWebhook(transaction.tx, webhookId);
    if (webhook?.enabled) await disable(transaction, webhook, status === goneStatus ? 'gone' : 'failing');
  });
}

type WebhookDepsOfSettle = Pick<WebhookDeps, 'em' | 'clock' | 'outbox'>;
