/** Serves pages of a test under every name that leads to this machine: what a site of somebody else would serve. */
import { once } from 'node:events';
import { createServer } from 'node:http';

export interface PageServer {
  /** The origin under one of the names: `app.auth.localhost`. */
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
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the page server has no port');
  return {
    origin: (name) => `http://${name}:${address.port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
