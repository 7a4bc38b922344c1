/** The frontend of docs/passkeys.md, copied by a program, on a page of localhost. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { portOf } from '../servers/free-port.ts';

export interface Frontend {
  /** `http://localhost:…` */
  origin: string;
  /** The same page under the IP address of the machine. */
  addressOrigin: string;
  /** Must be called before a page is opened. @param url of the gateway that the page calls */
  connect(url: string): void;
  stop(): Promise<void>;
}

export async function startFrontend(): Promise<Frontend> {
  const guide = await readFile(new URL('../../../docs/passkeys.md', import.meta.url), 'utf8');
  const [, functions] = /^```js\n(.*?)^```/ms.exec(guide) ?? [];
  if (!functions) throw new Error('docs/passkeys.md shows no frontend');
  let gatewayUrl = '';
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><title>A frontend</title><script>${api(gatewayUrl)}${functions}</script>`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  return {
    origin: `http://localhost:${port}`,
    addressOrigin: `http://127.0.0.1:${port}`,
    connect(url) {
      gatewayUrl = url;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The function that docs/passkeys.md leaves to the reader. */
function api(gatewayUrl: string): string {
  return `
    let accessToken = null;
    async function api(query, variables) {
      const answer = await fetch('${gatewayUrl}/graphql', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...(accessToken && { Authorization: 'Bearer ' + accessToken }) },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = await answer.json();
      if (errors) throw new Error(errors[0].extensions.code);
      return data;
    }
  `;
}
