/** Metrics of GraphQL operations, by root field of the schema. */
import { Histogram, type Registry } from 'prom-client';
import { createCounter } from './instruments.ts';

export interface MeasuredOperation {
  /** The root fields of a valid document; empty for a request that was refused before. */
  fields: readonly string[];
  /** The codes of the errors in the response. */
  errorCodes: ReadonlySet<string>;
  seconds: number;
}

/** Errors of the server rather than of the caller: they decide the outcome of an operation with several errors. */
const serverFaults = ['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE', 'SERVICE_BUSY'];
const buckets = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

export function createOperationMetrics(registry: Registry) {
  const operations = createCounter(
    registry,
    'operations',
    'Requests of /graphql by root field and outcome: succeeded, or the code of an error in the response.',
    ['operation', 'outcome'],
  );
  const seconds = new Histogram({
    name: 'postern_operation_seconds',
    help: 'Duration of the requests of /graphql by root field.',
    labelNames: ['operation'] as const,
    buckets,
    registers: [registry],
  });
  return {
    operation(measured: MeasuredOperation): void {
      const operation = operationLabel(measured.fields);
      operations.inc({ operation, outcome: outcomeLabel(measured.errorCodes) });
      seconds.observe({ operation }, measured.seconds);
    },
  };
}

/** The root field of an operation with one; `other` for several, none, and introspection. */
export function operationLabel([field, ...more]: readonly string[]): string {
  return field === undefined || more.length > 0 || field.startsWith('__') ? 'other' : field;
}

export function outcomeLabel(errorCodes: ReadonlySet<string>): string {
  if (errorCodes.size === 0) return 'succeeded';
  const [first = 'succeeded'] = errorCodes;
  return serverFaults.find((code) => errorCodes.has(code)) ?? first;
}
