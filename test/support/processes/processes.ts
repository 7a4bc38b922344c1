/** The built program as real processes, each with a deadline. No process outlives its test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { until } from '../races/until.ts';

export const mainFile = resolve(import.meta.dirname, '../../../dist/bundle/main.js');

export interface ProcessResult {
  /** null when a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunningProcess {
  pid: number;
  stdout(): string;
  stderr(): string;
  /** Waits for a text on standard output. @throws Error when the process ends earlier */
  says(text: string): Promise<void>;
  send(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL' | 'SIGUSR2'): void;
  ended: Promise<ProcessResult>;
  /** @throws Error when the process is still running after that time */
  endsWithin(limitMs: number): Promise<ProcessResult>;
}

export interface StartOptions {
  cwd?: string;
  /** The whole environment, except PATH. */
  env?: Record<string, string>;
  input?: string;
  /** The Node.js program; this one unless given. */
  node?: string;
  /** The compiled executable; that of this checkout unless given. */
  main?: string;
  /** Leaves standard input open after the input, as a terminal does. */
  keepsInputOpen?: boolean;
  /** How long the process may run. A process that several tests share needs longer than one test. */
  lifetimeMs?: number;
}

const deadlineMs = 60_000;
const shutdownTimeoutMs = 5_000;

export interface ProcessRunner {
  /** A new empty folder. */
  folder(): Promise<string>;
  start(args: readonly string[], options?: StartOptions): RunningProcess;
  /** Starts a process, and waits for its end. */
  run(args: readonly string[], options?: StartOptions): Promise<ProcessResult>;
  /** For afterEach: ends running processes and the databases of the folders, and removes the folders. */
  clear(): Promise<void>;
}

export function createProcessRunner(): ProcessRunner {
  const running = new Set<ChildProcess>();
  const folders: string[] = [];

  async function folder(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'postern-process-'));
    folders.push(path);
    return path;
  }

  function start(args: readonly string[], options: StartOptions = {}): RunningProcess {
    const env = { PATH: process.env.PATH ?? '', ...options.env };
    const { node = process.execPath, main = mainFile, cwd = tmpdir(), lifetimeMs = deadlineMs } = options;
    const child = spawn(node, [main, ...args], { cwd, env });
    const deadline = setTimeout(() => child.kill('SIGKILL'), lifetimeMs);
    running.add(child);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk;
    });
    child.stdin.on('error', () => undefined);
    child.stdin.write(options.input ?? '');
    if (!options.keepsInputOpen) child.stdin.end();
    const ended = once(child, 'close').then(([code]): ProcessResult => {
      clearTimeout(deadline);
      running.delete(child);
      return { code, stdout, stderr };
    });
    const { pid } = child;
    if (pid === undefined) throw new Error('the process did not start');
    return {
      pid,
      stdout: () => stdout,
      stderr: () => stderr,
      async says(text) {
        const heard = () => stdout.includes(text) || !running.has(child);
        await until(`process ${args.join(' ')} saying "${text}"`, heard, deadlineMs);
        if (!stdout.includes(text))
          throw new Error(`it ended (${child.exitCode}) before "${text}": ${stdout}${stderr}`);
      },
      send: (signal) => child.kill(signal),
      ended,
      async endsWithin(limitMs) {
        await until(`the end of ${args.join(' ')}`, () => !running.has(child), limitMs);
        return ended;
      },
    };
  }

  async function clear(): Promise<void> {
    const children = [...running];
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(children.map(endChild));
    for (const path of folders.splice(0)) {
      await endDatabase(path);
      await rm(path, { recursive: true, force: true });
    }
  }

  return { folder, start, run: (args, options) => start(args, options).ended, clear };
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  const forced = setTimeout(() => child.kill('SIGKILL'), shutdownTimeoutMs);
  await closed;
  clearTimeout(forced);
}

/** The process of the folder's embedded PostgreSQL, or null when none runs. */
export async function databaseProcess(folder: string): Promise<number | null> {
  const pid = Number((await readText(join(folder, '.postern/postgres/postmaster.pid'))).split('\n')[0]);
  return pid > 0 && isRunning(pid) ? pid : null;
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export async function databaseLog(folder: string): Promise<string> {
  return readText(join(folder, '.postern/postgres/server.log'));
}

async function endDatabase(folder: string): Promise<void> {
  const pid = await databaseProcess(folder);
  if (pid === null) return;
  // SIGQUIT: PostgreSQL's immediate shutdown. Its data is removed next.
  process.kill(pid, 'SIGQUIT');
  await until(`the end of the database of ${folder}`, () => !isRunning(pid), shutdownTimeoutMs);
}

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
