/** Serves pages of a test under every name of this machine, like the site of another owner. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { portOf } from '../servers/free-port.ts';

export interface PageServer {
  /** The origin of one of the names: `app.auth.localhost`. */
  origin(name: string): string;
  stop(): Promise<void>;
}

/** @param pages the HTML of each path; every other path is an empty page */
export async function startPageServer(pages: Readonly<Record<string, string>> = {}): Promise<PageServer> {
  const server = createServer(({ url = '/' }, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><title>page</title><link rel="icon" href="data:,">${pages[url] ?? ''}`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  return {
    origin: (name) => `http://${name}:${port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
