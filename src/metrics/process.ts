/** Metrics of the process: memory, event loop, garbage collection. */
import { collectDefaultMetrics, type Registry } from 'prom-client';

export function createProcessMetrics(registry: Registry) {
  return {
    /** Only when metrics are served, because the collection has a cost. */
    watchProcess: () => collectDefaultMetrics({ register: registry }),
  };
}
