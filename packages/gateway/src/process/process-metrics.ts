/** The metrics of the process, as Prometheus reads them. */
import { Counter, Histogram, Registry } from 'prom-client';
import type { GatewayMetrics } from './metrics.ts';

export interface ProcessMetrics extends GatewayMetrics {
  contentType: string;
  text(): Promise<string>;
}

export function createMetrics(): ProcessMetrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: 'postern_gateway_requests_total',
    help: 'GraphQL requests. refused: a limit, or no response data; failed: status 5xx',
    labelNames: ['outcome'],
    registers,
  });
  const denials = new Counter({
    name: 'postern_gateway_denials_total',
    help: 'Refused fields of requests, by directive',
    labelNames: ['directive'],
    registers,
  });
  const identityCalls = new Counter({
    name: 'postern_gateway_identity_calls_total',
    help: 'Calls of POST /auth/identities',
    labelNames: ['outcome'],
    registers,
  });
  const durations = new Histogram({
    name: 'postern_gateway_subgraph_duration_seconds',
    help: 'Time of subgraph requests',
    labelNames: ['subgraph'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const supergraphErrors = new Counter({
    name: 'postern_gateway_supergraph_errors_total',
    help: 'Supergraphs that were rejected or could not be read',
    registers,
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    request: (outcome) => requests.inc({ outcome }),
    denial: (directive) => denials.inc({ directive }),
    identityCall: (outcome) => identityCalls.inc({ outcome }),
    subgraphDuration: (subgraph, seconds) => durations.observe({ subgraph }, seconds),
    supergraphError: () => supergraphErrors.inc(),
  };
}
