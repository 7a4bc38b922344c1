/** A subgraph of a test, with a real socket: it records what reaches it. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type ExecutionResult, graphql, parse, subscribe } from 'graphql';

import { portOf } from '../servers/free-port.ts';

/** What `buildSubgraphSchema` takes; the package does not export the type. */
type Resolvers = NonNullable<
  Extract<Extract<Parameters<typeof buildSubgraphSchema>[0], unknown[]>[number], { typeDefs: unknown }>['resolvers']
>;

export interface SubgraphRequest {
  query: string;
  variables: Record<string, unknown>;
  headers: IncomingHttpHeaders;
}

export interface Subgraph {
  name: string;
  url: string;
  typeDefs: string;
  requests: SubgraphRequest[];
  /** Answers the next requests in another way; null: as usual. */
  answerWith(answer: ((request: IncomingMessage, response: ServerResponse) => void) | null): void;
  stop(): Promise<void>;
}

export async function startSubgraph(name: string, typeDefs: string, resolvers: Resolvers): Promise<Subgraph> {
  const schema = buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers }]);
  const requests: SubgraphRequest[] = [];
  let other: Parameters<Subgraph['answerWith']>[0] = null;

  const server = createServer(async (request, response) => {
    if (other) return other(request, response);
    const { query, variables = {} } = await readOperation(request);
    requests.push({ query, variables, headers: request.headers });
    const contextValue = { headers: request.headers };
    if (request.headers.accept?.includes('text/event-stream')) {
      const events = await subscribe({ schema, document: parse(query), variableValues: variables, contextValue });
      return stream(response, events);
    }
    const result = await graphql({ schema, source: query, variableValues: variables, contextValue });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    name,
    url: `http://127.0.0.1:${portOf(server)}/graphql`,
    typeDefs,
    requests,
    answerWith(answer) {
      other = answer;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function stream(
  response: ServerResponse,
  events: AsyncIterable<ExecutionResult> | ExecutionResult,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(':\n\n');
  if (Symbol.asyncIterator in events) {
    const iterator = events[Symbol.asyncIterator]();
    response.once('close', () => iterator.return?.());
    for (let next = await iterator.next(); !next.done; next = await iterator.next())
      response.write(`event: next\ndata: ${JSON.stringify(next.value)}\n\n`);
  }
  response.end('event: complete\ndata:\n\n');
}

async function readOperation(
  request: IncomingMessage,
): Promise<{ query: string; variables?: Record<string, unknown> }> {
  if (request.method === 'GET') {
    const { searchParams } = new URL(request.url ?? '', 'http://subgraph');
    return { query: searchParams.get('query') ?? '', variables: JSON.parse(searchParams.get('variables') ?? '{}') };
  }
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text);
}
