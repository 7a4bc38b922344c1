/** Metrics of the export of traces. */
import { Counter, type Registry } from 'prom-client';

export function createTraceMetrics(registry: Registry) {
  return {
    /** @param total since the start of the process */
    watchDroppedSpans(total: () => number): void {
      new Counter({
        name: 'postern_spans_dropped_total',
        help: 'Spans that were not exported, because the queue was full or the collector failed.',
        registers: [registry],
        collect() {
          this.reset();
          this.inc(total());
        },
      });
    },
  };
}
