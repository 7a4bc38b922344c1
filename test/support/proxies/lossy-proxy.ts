/** A proxy between a client and the gateway that counts requests, and loses responses as networks and proxies do. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/**
 * `answer`: the response as it came. `lose`: the gateway executes the request, and the connection breaks. `halve`: the
 * headers arrive, and half of the body. `hang`: no byte ever arrives. `refuse`: the gateway never gets the request. A
 * number: the gateway executes the request, and the proxy responds with this status and its own page. An object: the
 * gateway never gets the request, and this is the response.
 */
export type ResponseAction =
  | 'answer'
  | 'lose'
  | 'halve'
  | 'hang'
  | 'refuse'
  | number
  | { status: number; body: unknown };

export interface Asked {
  operation: string;
  headers: IncomingHttpHeaders;
}

export interface LossyProxy {
  url: string;
  asked: Asked[];
  /** How often an operation of this name was requested. */
  count(operation: string): number;
  /** Decides about each operation. */
  responseAction: (operation: string) => ResponseAction;
  /** Applies these to the next operations of this name; all others get their response. */
  next(operation: string, ...responseActions: ResponseAction[]): void;
  close(): Promise<void>;
}

/** @param serve answers what is no request to the gateway */
export async function startLossyProxy(
  target: () => string,
  serve: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) =>
    response.writeHead(404).end(),
): Promise<LossyProxy> {
  const server = createServer((request, response) => {
    if (request.url === '/graphql') void pass(request, response).catch(() => response.destroy());
    else serve(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port }: Pick<AddressInfo, 'port'> = addressOf(server.address());
  const proxy: LossyProxy = {
    url: `http://127.0.0.1:${port}`,
    asked: [],
    count: (operation) => proxy.asked.filter((asked) => asked.operation === operation).length,
    responseAction: () => 'answer',
    next(operation, ...responseActions) {
      const left = [...responseActions];
      proxy.responseAction = (name) => (name === operation ? left.shift() : undefined) ?? 'answer';
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const operation = body === '' ? String(request.method) : String(JSON.parse(body).operationName);
    proxy.asked.push({ operation, headers: request.headers });
    const responseAction = proxy.responseAction(operation);
    if (responseAction === 'refuse') return void response.destroy();
    if (typeof responseAction === 'object') {
      response
        .writeHead(responseAction.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(responseAction.body));
      return;
    }
    const answer = await forward(request, body);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (responseAction === 'hang') return;
    if (responseAction === 'lose') return void response.destroy();
    if (typeof responseAction === 'number')
      return void response.writeHead(responseAction, { 'content-type': 'text/html' }).end('<h1>Bad</h1>');
    response.writeHead(answer.status, headersOf(answer, bytes.length));
    if (responseAction === 'answer') return void response.end(bytes);
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  }

  function forward({ method = 'POST', headers }: IncomingMessage, body: string): Promise<Response> {
    const { host: _host, connection: _connection, 'content-length': _length, ...passed } = headers;
    const lines = Object.entries(passed).map(([name, value]): [string, string] => [name, String(value)]);
    return fetch(`${target()}/graphql`, { method, headers: lines, ...(body !== '' && { body }) });
  }

  return proxy;
}

function headersOf({ headers }: Response, length: number): Record<string, string | string[]> {
  const { 'transfer-encoding': _encoding, connection: _connection, ...passed } = Object.fromEntries(headers);
  return { ...passed, 'content-length': String(length), 'set-cookie': headers.getSetCookie() };
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return address;
}
