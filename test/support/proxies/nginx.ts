/** A real nginx in front of the servers of a test, with the configuration that the example prints. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOrFetch } from '../processes/debian-package.ts';
import { nginx } from '../processes/debian-programs.ts';
import { until } from '../races/until.ts';

export interface Nginx {
  url: string;
  stop(): Promise<void>;
}

/**
 * @param servers the content of `http { }`, which has to listen on the given socket
 * @param connections of clients and of servers together
 */
export async function startNginx(port: number, servers: string, connections = 512): Promise<Nginx> {
  const { path, environment } = await findOrFetch(nginx);
  const folder = await mkdtemp(join(tmpdir(), 'postern-nginx-'));
  await mkdir(join(folder, 'temp'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${join(folder, 'temp', kind)};`)
    .join('\n');
  // Its workers would otherwise run as a user without write access to the folder.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const configuration = `
${user}
daemon off;
worker_processes 1;
pid ${join(folder, 'pid')};
events { worker_connections ${connections}; }
http {
access_log off;
${temporary}
${servers}
}
`;
  await writeFile(join(folder, 'nginx.conf'), configuration);
  const args = ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')];
  const child = spawn(path, args, { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  const ended = once(child, 'exit');
  // Ends nginx when a test process exits early.
  const killOnExit = () => void child.kill('SIGTERM');
  process.once('exit', killOnExit);
  const url = `http://127.0.0.1:${port}`;
  await until('nginx', async () => {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${said}`);
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
