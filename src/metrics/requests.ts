/** Metrics of requests: duration by route, and the errors in responses. */
import { Histogram, type Registry } from 'prom-client';
import { createCounter } from './instruments.ts';

export type OperationKind = 'query' | 'mutation' | 'subscription' | 'none';

export interface MeasuredRequest {
  /** The registered pattern, never the requested path. */
  route: string;
  operation: OperationKind;
  status: number;
  seconds: number;
}

const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createRequestMetrics(registry: Registry) {
  const errors = createCounter(registry, 'errors', 'Errors in responses of /graphql by code.', ['code']);
  const requests = new Histogram({
    name: 'postern_http_request_duration_seconds',
    help: 'Duration from the first byte of a request to the last byte of its response.',
    labelNames: ['route', 'operation', 'status'] as const,
    buckets: durationBuckets,
    registers: [registry],
  });
  return {
    /** An error in an answer of `/graphql`. @param code of the error vocabulary */
    errorAnswered: (code: string) => errors.inc({ code }),
    request: ({ route, operation, status, seconds }: MeasuredRequest) =>
      requests.observe({ route, operation, status: `${Math.floor(status / 100)}xx` }, seconds),
  };
}
