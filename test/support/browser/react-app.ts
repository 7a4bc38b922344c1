/** Builds the application of `react-app/` as its users would, and serves it with the policy of the account pages. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

const types: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html' };
const policy = [
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'",
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "require-trusted-types-for 'script'; trusted-types 'none'",
].join('; ');

export interface ReactApp {
  serve: (request: IncomingMessage, response: ServerResponse) => void;
  remove(): Promise<void>;
}

export async function buildReactApp(): Promise<ReactApp> {
  const folder = await mkdtemp(join(tmpdir(), 'react-app-'));
  await build({
    root: resolve(import.meta.dirname, 'react-app'),
    configFile: false,
    logLevel: 'error',
    plugins: [react()],
    resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.mjs' }] },
    // The development build of React: its strict mode runs effects twice.
    define: { 'process.env.NODE_ENV': '"development"' },
    build: { outDir: folder, emptyOutDir: true, minify: false, modulePreload: { polyfill: false } },
  });
  const send = async ({ url = '/' }: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(url, 'http://here');
    const file = pathname.startsWith('/assets/') ? pathname.replaceAll('..', '') : '/index.html';
    const text = await readFile(join(folder, file));
    response.setHeader('content-security-policy', policy);
    response.setHeader('content-type', types[extname(file)] ?? 'text/plain').end(text);
  };
  return {
    serve: (request, response) => void send(request, response).catch(() => response.writeHead(404).end()),
    remove: () => rm(folder, { recursive: true }),
  };
}
