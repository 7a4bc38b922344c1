/** An HTTP server of a test: it records the requests and answers as the test says. */
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { portOf } from './free-port.ts';

export interface AnsweringServer {
  /** Without a trailing slash. */
  url: string;
  port: number;
  requests: { method: string | undefined; url: string | undefined; headers: IncomingHttpHeaders }[];
  /** How many connections were opened. */
  connections(): number;
  stop(): Promise<void>;
}

export async function startAnsweringServer(answer: RequestListener): Promise<AnsweringServer> {
  const requests: AnsweringServer['requests'] = [];
  let opened = 0;
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    requests.push({ method, url, headers });
    answer(request, response);
  });
  server.on('connection', () => {
    opened += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    connections: () => opened,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
