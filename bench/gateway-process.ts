/** A built gateway as a separate process for a bench, on a free port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { freePort } from '../test/support/servers/free-port.ts';

export const mainFile = resolve(import.meta.dirname, '../dist/bundle/main.js');

export interface GatewayProcess {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

const startDeadlineMs = 60_000;
const shutdownTimeoutMs = 10_000;

/** The environment of every command of the bench: PATH only, nothing else of this process. */
export function environmentOf(databaseUrl: string, settings: Record<string, string> = {}): Record<string, string> {
  const { PATH = '' } = process.env;
  // The pages are built separately.
  const base = { NODE_ENV: 'development', PAGES: 'off', DATABASE_URL: databaseUrl, LOG_LEVEL: 'fatal' };
  return { PATH, ...base, ...settings };
}

/** @throws Error when it is not ready within a minute; it is stopped then */
export async function startGateway(cwd: string, environment: Record<string, string>): Promise<GatewayProcess> {
  const port = await freePort();
  const env = { ...environment, PORT: String(port) };
  const child = spawn(process.execPath, [mainFile, 'serve'], { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  if (await waitUntilReady(url)) return { url, pid: child.pid ?? 0, stop: () => stop(child) };
  await stop(child);
  throw new Error('the gateway did not get ready');
}

/** @returns false when it is not ready within a minute */
export async function waitUntilReady(url: string): Promise<boolean> {
  const deadline = Date.now() + startDeadlineMs;
  while (Date.now() < deadline) {
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return true;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  return false;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  const forced = setTimeout(() => child.kill('SIGKILL'), shutdownTimeoutMs);
  child.kill('SIGTERM');
  await closed;
  clearTimeout(forced);
}
