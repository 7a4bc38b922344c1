/** Metrics of text messages; the state of their queue and budget is in stored.ts. */
import type { Registry } from 'prom-client';
import { createCounter } from './instruments.ts';

export function createSmsMetrics(registry: Registry) {
  const attempts = createCounter(
    registry,
    'sms',
    'Attempts to send text messages. failed: one more attempt follows; dead: failed permanently.',
    ['outcome'],
  );
  const withheld = createCounter(registry, 'sms_withheld', 'Text messages that a rule kept back.', ['reason']);
  const paused = createCounter(
    registry,
    'sms_prefix_paused',
    'Prefixes that were paused, because few codes were entered.',
  );
  return {
    sms: (outcome: 'sent' | 'failed' | 'dead') => attempts.inc({ outcome }),
    smsWithheld: (reason: string) => withheld.inc({ reason }),
    smsPrefixPaused: () => paused.inc(),
  };
}
