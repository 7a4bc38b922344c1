/** Metrics of mail delivery; the state of the queue is in stored.ts. */
import type { Registry } from 'prom-client';
import { createCounter } from './instruments.ts';

const help =
  'Mail delivery attempts. dead: failed permanently; withheld: refused by the hook beforeRegister; broken: the mail could not be rendered and is retried.';

export function createMailMetrics(registry: Registry) {
  const mails = createCounter(registry, 'mails', help, ['outcome']);
  return {
    /** @param outcome `broken`: an error in the gateway; the mail stays in the queue */
    mail: (outcome: 'sent' | 'withheld' | 'failed' | 'dead' | 'broken') => mails.inc({ outcome }),
  };
}
