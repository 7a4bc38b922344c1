/** Metrics of streams and of the revocation feed. */
import { Gauge, type Registry } from 'prom-client';
import { createCounter } from './instruments.ts';

export function createStreamMetrics(registry: Registry) {
  const ends = createCounter(registry, 'stream_ends', 'Streams that ended, by reason.', ['reason']);
  const feed = createCounter(registry, 'revocation_feed_requests', 'Requests of the revocation feed.', ['outcome']);
  return {
    streamEnded: (reason: string) => ends.inc({ reason }),
    revocationsRequested: (outcome: 'full' | 'changes' | 'unchanged' | 'refused') => feed.inc({ outcome }),
    /** @param read the open streams by field of the type Subscription */
    watchStreams(read: () => Readonly<Record<string, number>>): void {
      new Gauge({
        name: 'postern_streams',
        help: 'Open streams of this process.',
        labelNames: ['kind'] as const,
        registers: [registry],
        collect() {
          for (const [kind, count] of Object.entries(read())) this.set({ kind }, count);
        },
      });
    },
    watchEventLag(seconds: () => number): void {
      new Gauge({
        name: 'postern_event_lag_seconds',
        help: 'How late the newest events reached this process, or how long it could not read them. 0 while no client waits for events.',
        registers: [registry],
        collect() {
          this.set(seconds());
        },
      });
    },
  };
}
