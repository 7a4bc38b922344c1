/**
 * Serves a page with an app: the modules of the built client, and the packages that it imports. `window.client` is the
 * client, `window.events` are its events. With the query `?bearer` the client keeps its tokens in `localStorage`.
 */
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { resolve, sep } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');
/** Other files of the folder are not served. */
const served = ['packages/client/dist', 'node_modules/graphql-request/build', 'node_modules/graphql'].map((path) =>
  resolve(root, path),
);

/** Resolves names of packages to addresses, as a bundler does. */
const imports = {
  '@postern/client': '/packages/client/dist/client.js',
  'graphql-request': '/node_modules/graphql-request/build/entrypoints/main.js',
  graphql: '/node_modules/graphql/index.mjs',
};
const app = `
import { createPosternClient } from '@postern/client';
window.events = [];
window.client = createPosternClient({
  url: location.origin,
  ...(location.search === '?bearer' && { delivery: 'BEARER', storage: localStorage }),
  onSessionStart: () => window.events.push('start'),
  onSessionEnd: ({ reason }) => window.events.push(reason),
});`;
const page = `<!doctype html><meta charset="utf-8"><title>An app</title><link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify({ imports })}</script><script type="module">${app}</script>`;

export function serveModules({ url = '/' }: IncomingMessage, response: ServerResponse): void {
  const path = resolve(root, `.${new URL(url, 'http://here').pathname}`);
  if (path === root) return void response.setHeader('content-type', 'text/html').end(page);
  if (!served.some((folder) => path.startsWith(folder + sep))) return void response.writeHead(404).end();
  readFile(path).then(
    (text) => response.setHeader('content-type', 'text/javascript').end(text),
    () => response.writeHead(404).end(),
  );
}
