/** A real HAProxy in front of the servers of a test. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOrFetch } from '../processes/debian-package.ts';
import { haproxy } from '../processes/debian-programs.ts';
import { until } from '../races/until.ts';

export interface Haproxy {
  url: string;
  stop(): Promise<void>;
}

/** @param configuration has to listen on the given port */
export async function startHaproxy(port: number, configuration: string): Promise<Haproxy> {
  const { path, environment } = await findOrFetch(haproxy);
  const folder = await mkdtemp(join(tmpdir(), 'postern-haproxy-'));
  const file = join(folder, 'haproxy.cfg');
  await writeFile(file, configuration);
  const child = spawn(path, ['-db', '-f', file], { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  const ended = once(child, 'exit');
  // Ends HAProxy when a test process exits early.
  const killOnExit = () => void child.kill('SIGKILL');
  process.once('exit', killOnExit);
  const url = `http://127.0.0.1:${port}`;
  await until('HAProxy', async () => {
    if (child.exitCode !== null) throw new Error(`HAProxy ended: ${said}`);
    return fetch(url).then(
      () => true,
      () => false,
    );
  });
  return {
    url,
    async stop() {
      process.off('exit', killOnExit);
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
