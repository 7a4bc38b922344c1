/** Metrics of the background jobs. */
import { Gauge, type Registry } from 'prom-client';

export function createMaintenanceMetrics(registry: Registry) {
  const cleanUps = new Gauge({
    name: 'postern_clean_up_last_success_timestamp_seconds',
    help: 'Time of the last successful clean-up in this process, by table.',
    labelNames: ['task'] as const,
    registers: [registry],
  });
  return {
    /** A task of the clean-up succeeded. @param task the table that it cleans */
    cleanedUp: (task: string) => cleanUps.set({ task }, Date.now() / 1000),
  };
}
