/** What the endpoint of streams takes: checked operations, and streams of them. */
import type { GraphQLFormattedError } from 'graphql';
import { type StreamOperation, StreamOperations, type StreamRequest } from './operation.ts';
import type { StreamClient, StreamsOptions } from './streams.ts';
import { Streams } from './streams.ts';

export interface GraphqlStreams {
  /** @returns the errors of an operation that is not executed */
  prepare(request: StreamRequest): StreamOperation | { errors: GraphQLFormattedError[] };
  /** @throws Refusal */
  open: Streams['open'];
  stop(): void;
}

export function createStreams(options: StreamsOptions, introspection: boolean): GraphqlStreams {
  const { schema, formatError } = options;
  const operations = new StreamOperations(schema, introspection);
  const streams = new Streams(options);
  return {
    prepare(request) {
      const operation = operations.prepare(request);
      if ('field' in operation) return operation;
      return { errors: operation.map((error) => formatError(error.toJSON(), error)) };
    },
    open: (operation: StreamOperation, client: StreamClient) => streams.open(operation, client),
    stop: () => streams.stop(),
  };
}
