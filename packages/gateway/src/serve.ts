/** The gateway as a process: HTTP, probes, metrics, and the reload of the supergraph. */

import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createDocumentPlugin } from './documents/plugin.ts';
import { readTrustedDocuments } from './documents/trusted-documents.ts';
import { GatewayError, type PosternGatewayOptions, type ServeOptions, silentLogger } from './options.ts';
import { createPlugin } from './plugin.ts';
import { loadEngine } from './process/engine.ts';
import { Generations } from './process/generations.ts';
import { createMetrics } from './process/process-metrics.ts';
import { openSupergraph } from './process/supergraph.ts';

export interface PosternGateway {
  /** Listens on host and port of the options. @returns the address of the graph */
  listen(): Promise<string>;
  /** `/readyz` answers 503 from now on, so that a proxy chooses another process. Requests are still served. */
  drain(): void;
  /** Finishes the requests in flight. */
  close(): Promise<void>;
}

/** The same as the server's: Node waits a minute for slow headers otherwise. */
const timeouts = { requestTimeout: 30_000, headersTimeout: 15_000, keepAliveTimeout: 10_000 };
const mostConnections = 10_000;
const mostBodyBytes = 100_000;
const drainMs = 10_000;

/** @throws GatewayError */
export async function createPosternGateway(options: PosternGatewayOptions & ServeOptions): Promise<PosternGateway> {
  const { environment = 'production', logger = silentLogger, policies = {}, host = '127.0.0.1', port } = options;
  const engine = await loadEngine(options.planner);
  const metrics = createMetrics();
  const documents = { maxCost: options.maxCost ?? 1000, maxDepth: options.maxDepth ?? 12 };
  const trusted = options.trustedDocuments === undefined ? null : await readTrustedDocuments(options.trustedDocuments);
  const { plugin, callers, limits } = createPlugin(options, metrics, documents);
  const plugins = [createDocumentPlugin(documents, trusted), plugin];
  const introspection = options.introspection ?? environment !== 'production';
  const generations = new Generations({ engine, plugins, policies, introspection });
  const source = openSupergraph(options.supergraph);
  try {
    await limits.ready;
    await generations.load(await source.read().catch(unreadable));
  } catch (error) {
    source.close();
    callers.close();
    await limits.close();
    throw error;
  }
  const reject = (error: unknown) => {
    metrics.supergraphError();
    logger.error({ error: error instanceof Error ? error.message : String(error) }, 'the new supergraph was rejected');
  };
  const reload = (sdl: string) =>
    generations.load(sdl).then(() => logger.info({}, 'the new supergraph is in use'), reject);
  source.follow(reload, reject);

  const server = createServer(timeouts, (request, response) => {
    const path = request.url?.split('?')[0];
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('cache-control', 'no-store');
    if (path === '/graphql') return graphql(request, response);
    if (path === '/livez') return text(response, 200, 'ok\n');
    if (path === '/readyz') return void readiness(response);
    if (path === '/metrics') return void showMetrics(request, response);
    return text(response, 404, 'Not found. The graph is at /graphql.\n');
  });
  server.maxConnections = mostConnections;
  let isDraining = false;

  return {
    async listen() {
      server.listen(port, host);
      await once(server, 'listening');
      const address = server.address();
      const bound = address !== null && typeof address === 'object' ? address.port : port;
      logger.info({ host, port: bound }, 'the gateway listens');
      return `http://${host.includes(':') ? `[${host}]` : host}:${bound}/graphql`;
    },
    drain() {
      isDraining = true;
    },
    async close() {
      source.close();
      const closed = server.listening ? once(server, 'close') : null;
      server.close();
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), drainMs);
      await closed;
      clearTimeout(timer);
      await generations.close();
      callers.close();
      await limits.close();
    },
  };

  function graphql(request: IncomingMessage, response: ServerResponse): void {
    if (Number(request.headers['content-length'] ?? 0) > mostBodyBytes) {
      text(response, 413, 'The request is too large.\n');
      return;
    }
    response.once('close', () => {
      const { statusCode } = response;
      metrics.request(statusCode >= 500 ? 'failed' : statusCode >= 400 ? 'refused' : 'ok');
    });
    generations.handle(request, response);
  }

  async function readiness(response: ServerResponse): Promise<void> {
    const problem = await callers.ready();
    const lines = [
      `supergraph: ${generations.isLoaded ? 'ok' : 'failed'}`,
      `keys: ${problem === 'KEYS_UNAVAILABLE' ? 'failed' : 'ok'}`,
      `revocations: ${problem === null ? 'ok' : 'failed'}`,
      ...(isDraining ? ['draining'] : []),
    ];
    const isReady = problem === null && generations.isLoaded && !isDraining;
    text(response, isReady ? 200 : 503, `${lines.join('\n')}\n`);
  }

  async function showMetrics({ headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    const { metricsToken } = options;
    if (metricsToken === undefined && environment === 'production') return text(response, 404, 'Not found.\n');
    if (metricsToken !== undefined && !isSame(headers.authorization ?? '', `Bearer ${metricsToken}`))
      return text(response.setHeader('www-authenticate', 'Bearer'), 401, 'Send the metrics token as bearer token.\n');
    response.setHeader('content-type', metrics.contentType);
    response.end(await metrics.text());
  }
}

function text(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(body);
}

function unreadable(cause: unknown): never {
  const detail = cause instanceof Error ? cause.message : String(cause);
  throw new GatewayError('SUPERGRAPH_UNREADABLE', `The supergraph cannot be read: ${detail}`, { cause });
}

/** Compares the hashes: the time shows neither length nor position of a difference. */
function isSame(one: string, other: string): boolean {
  const hash = (value: string) => createHash('sha256').update(value).digest();
  return timingSafeEqual(hash(one), hash(other));
}
