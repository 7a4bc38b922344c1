/** A provider of breached passwords: a real HTTP server with the range protocol, whose behaviour the test sets. */
import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { portOf } from './free-port.ts';

export type Behaviour = 'well' | 'failing' | 'silent' | 'talking nonsense' | 'endless' | 'redirecting';

export interface RangeServer {
  url: string;
  mood: Behaviour;
  /** The received requests: the paths, and the headers of the newest. */
  paths: string[];
  headers: Record<string, unknown>;
  stop(): Promise<void>;
}

/** @param breached the known passwords */
export async function startRangeServer(breached: readonly string[]): Promise<RangeServer> {
  const hashes = breached.map((password) => createHash('sha1').update(password).digest('hex').toUpperCase());
  const server = createServer((request, response) => {
    state.paths.push(request.url ?? '');
    state.headers = { ...request.headers };
    const prefix = request.url?.split('/').at(-1) ?? '';
    answer(response, state.mood, prefix, hashes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server);
  const state: RangeServer = {
    url: `http://127.0.0.1:${port}/range`,
    mood: 'well',
    paths: [],
    headers: {},
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return state;
}

function answer(response: ServerResponse, mood: Behaviour, prefix: string, hashes: readonly string[]): void {
  if (mood === 'silent') return;
  if (mood === 'failing') return void response.writeHead(503).end('busy');
  if (mood === 'redirecting') return void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
  if (mood === 'talking nonsense') return void response.end('<html>captive portal</html>');
  if (mood === 'endless') {
    const timer = setInterval(() => response.write(`${'0'.repeat(35)}:1\r\n`.repeat(2000)), 5);
    response.on('close', () => clearInterval(timer));
    return;
  }
  const known = hashes.filter((hash) => hash.startsWith(prefix)).map((hash) => `${hash.slice(5)}:42`);
  // Padding: entries with a count of zero stand for no password.
  const padding = hashes
    .map((hash) => `${hash.slice(5)}:0`)
    .filter((line) => !known.includes(line.replace(/0$/, '42')));
  response.end([...padding, ...known].join('\r\n'));
}
