/** One attempt to deliver a message: it sends, and says what came of it. No transaction is open meanwhile. */
import { OutboundRefused } from '../../outbound/errors.ts';
import { sendSigned } from '../../outbound/signed-request.ts';
import type { ClaimedDelivery } from '../../persistence/webhooks/deliveries.ts';
import type { Clock } from '../clock.ts';
import type { WebhookDeps } from './deps.ts';
import { signingSecrets } from './secrets.ts';

export interface Answer {
  /** Null: there was no answer. */
  status: number | null;
  /** The beginning of the body, or why there was no answer. */
  excerpt: string;
  retryAfter: string | null;
  durationMs: number;
}

const excerptBytes = 1024;
const maxAttemptMs = 5000;

/** @throws UnsealError when SECRET has changed */
export async function sendDelivery(
  { outbound, sealer, clock }: Pick<WebhookDeps, 'outbound' | 'sealer'> & { clock: Clock },
  delivery: ClaimedDelivery,
): Promise<Answer> {
  const sentAt = clock.now();
  const body = sealer.unseal(delivery.bodySealed, delivery.id);
  const secrets = signingSecrets(sealer, { ...delivery, id: delivery.webhookId }, sentAt);
  const startedMs = performance.now();
  const elapsed = () => Math.round(performance.now() - startedMs);
  try {
    const response = await sendSigned(outbound, {
      ...{ purpose: 'webhook', url: delivery.url, id: delivery.eventId, sentAt, body, secrets },
      ...{ totalMs: maxAttemptMs, maxAnswerBytes: excerptBytes, cutsAnswer: true },
    });
    const { status, headers } = response;
    return { status, excerpt: await response.text(), retryAfter: headers.get('retry-after'), durationMs: elapsed() };
  } catch (error) {
    return { status: null, excerpt: reasonOf(error), retryAfter: null, durationMs: elapsed() };
  }
}

/** Says no more than that: an administrator must not learn from it which hosts and ports of the own network exist. */
function reasonOf(error: unknown): string {
  return error instanceof OutboundRefused
    ? 'The gateway may not call this address: it is not public.'
    : 'No complete answer within 5 seconds.';
}
