/**
 * A separate Redis (or Valkey) for a test, on a free port and without persistence. REDIS_URL is not used: the tests
 * stop, freeze and flush their server, which would harm a shared one.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { type Executable, findOrFetch } from '../processes/debian-package.ts';
import { redis } from '../processes/debian-programs.ts';
import { freePort } from './free-port.ts';

export interface RedisServer {
  url: string;
  /** From now on it accepts connections without a response. */
  freeze(): void;
  thaw(): void;
  /** Removes all data. */
  flush(): Promise<void>;
  /** Runs a command that answers OK. */
  command(text: string): Promise<void>;
  /** Stops at once, frozen or not. Does nothing when it is stopped already. */
  stop(): Promise<void>;
  /** Starts again, on the same port and without data. */
  start(): Promise<void>;
}

const timeoutMs = 10_000;

/** @throws Error with advice when there is no server and none can be downloaded */
export async function startRedisServer(settings: readonly string[] = []): Promise<RedisServer> {
  return startProcess((port) => [...serverOptions(port), ...settings]);
}

/** @param file its configuration, which it rewrites */
export async function startSentinel(file: string): Promise<RedisServer> {
  return startProcess((port) => [file, '--sentinel', '--port', `${port}`]);
}

/** No file is read or written: a replica would store what it receives in the file that every other server begins with. */
function serverOptions(port: number): string[] {
  const persistence = ['--save', '', '--appendonly', 'no', '--dir', tmpdir(), '--dbfilename', `none-${port}.rdb`];
  return ['--port', `${port}`, '--bind', '127.0.0.1', ...persistence, '--repl-diskless-load', 'swapdb'];
}

async function startProcess(optionsAt: (port: number) => readonly string[]): Promise<RedisServer> {
  const executable = await findOrFetch(redis);
  const port = await freePort();
  const options = optionsAt(port);
  let child = await launch(executable, port, options);
  return {
    url: `redis://127.0.0.1:${port}`,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    flush: () => order(port, 'FLUSHALL'),
    command: (text) => order(port, text),
    stop: () => end(child),
    start: async () => {
      await end(child);
      child = await launch(executable, port, options);
    },
  };
}

async function launch(
  { path, environment }: Executable,
  port: number,
  options: readonly string[],
): Promise<ChildProcess> {
  const child = spawn(path, options, { stdio: 'ignore', env: environment });
  const spawned = once(child, 'spawn');
  // Ends Redis when a test process exits early.
  const killOnExit = () => void child.kill('SIGKILL');
  process.once('exit', killOnExit);
  child.once('exit', () => process.off('exit', killOnExit));
  await spawned;
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline && !hasEnded(child)) {
    if ((await ask(port, 'PING').catch(() => '')).startsWith('+PONG')) return child;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await end(child);
  throw new Error(`${path} did not answer on port ${port} within ${timeoutMs} ms`);
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function order(port: number, command: string): Promise<void> {
  const answer = await ask(port, command);
  if (!answer.startsWith('+OK')) throw new Error(`${command} was answered with ${answer}`);
}

/** The first bytes of the response to one command. */
async function ask(port: number, command: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    socket.write(`${command}\r\n`);
    const [answer] = await once(socket, 'data', { signal: AbortSignal.timeout(timeoutMs) });
    return String(answer);
  } finally {
    socket.destroy();
  }
}
