/**
 * `/graphql/console`: GraphiQL from its package, for browsers that cannot reach Apollo's CDN. Served only with SANDBOX,
 * and loaded at the first request, because its nine megabytes would otherwise stay in the memory of every process.
 */
import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { type ConsoleFiles, consolePage, consolePolicy, consoleScript, consoleStyle } from './console-page.ts';
import { onlyForOwnHosts } from './local-pages.ts';

const year = 31_536_000;

interface Console extends ConsoleFiles {
  contents: ReadonlyMap<string, string>;
}

export function registerConsole(server: FastifyInstance, publicUrl: string): void {
  const onRequest = onlyForOwnHosts(publicUrl);
  let loading: Promise<Console> | undefined;
  const load = () => {
    loading ??= loadConsole();
    return loading;
  };
  server.get('/graphql/console', { onRequest }, async (request, reply) => {
    const [path = ''] = request.url.split('?', 1);
    const page = consolePage(path.endsWith('/') ? '' : 'console/', await load());
    return reply.type('text/html; charset=utf-8').header('content-security-policy', consolePolicy).send(page);
  });
  const cacheable = { config: { cacheable: true } };
  server.get<{ Params: { file: string } }>('/graphql/console/:file', cacheable, async (request, reply) => {
    const { file } = request.params;
    const content = (await load()).contents.get(file);
    if (content === undefined) return reply.callNotFound();
    reply.header('cache-control', `public, max-age=${year}, immutable`);
    return reply.type(`text/${file.endsWith('.css') ? 'css' : 'javascript'}; charset=utf-8`).send(content);
  });
}

/** Each file has the hash of its content in its name: a changed file gets a new name. */
async function loadConsole(): Promise<Console> {
  const graphiql = await import('@graphql-yoga/render-graphiql/graphiql');
  const contents = new Map<string, string>();
  const add = (name: string, extension: string, content: string) => {
    const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
    contents.set(`${name}-${hash}.${extension}`, content);
    return `${name}-${hash}.${extension}`;
  };
  const script = consoleScript({
    editorWorkerService: add('editor-worker', 'js', graphiql.editorWorkerService),
    json: add('json-worker', 'js', graphiql.jsonWorker),
    graphql: add('graphql-worker', 'js', graphiql.graphqlWorker),
  });
  return {
    contents,
    styles: [add('graphiql', 'css', graphiql.css), add('console', 'css', consoleStyle)],
    scripts: [add('graphiql', 'js', graphiql.js), add('console', 'js', script)],
  };
}
