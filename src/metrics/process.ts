/** Metrics of the process: its version, memory, event loop, garbage collection. */
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import { version } from '../version.ts';

export function createProcessMetrics(registry: Registry) {
  new Gauge({
    name: 'postern_build_info',
    help: 'The versions of Postern and Node.js, as labels; the value is 1.',
    labelNames: ['version', 'node'] as const,
    registers: [registry],
  }).set({ version, node: process.versions.node }, 1);
  return {
    /** Only when metrics are served, because the collection has a cost. */
    watchProcess: () => collectDefaultMetrics({ register: registry }),
  };
}
