/** nginx with the file of deploy/high-availability, rendered for ports of this machine. */
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findOrFetch } from '../../support/processes/debian-package.ts';
import { nginx } from '../../support/processes/debian-programs.ts';
import { freePort } from '../../support/servers/free-port.ts';
import type { Ending } from './ending.ts';
import { startProgram } from './program.ts';

const source = resolve(import.meta.dirname, '../../../deploy/high-availability/nginx.conf');

/** @returns the address for clients */
export async function startNginx(ending: Ending, gatewayPorts: readonly number[]): Promise<string> {
  const { path, environment } = await findOrFetch(nginx);
  const [folder, port] = [await ending.folder(), await freePort()];
  const file = join(folder, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const text = (await readFile(source, 'utf8'))
    // Its workers would otherwise run as a user without write access to the folder.
    .replace('user www-data;', process.getuid?.() === 0 ? 'user root;' : '')
    .replace('worker_rlimit_nofile 20000;', '')
    .replace('worker_connections 10000;', 'worker_connections 400;')
    .replace('http {', `http {\n${temporary.map((kind) => `${kind}_temp_path ${join(folder, kind)};`).join('\n')}`)
    .replace('listen 8080;', `listen 127.0.0.1:${port};`)
    .replace(/gateway(\d):4000/g, (_, place) => `127.0.0.1:${gatewayPorts[place - 1]}`);
  await writeFile(file, text);
  const url = `http://127.0.0.1:${port}`;
  const program = await startProgram({
    name: 'nginx',
    command: [path, ['-p', folder, '-e', 'stderr', '-g', `daemon off; pid ${join(folder, 'pid')};`, '-c', file]],
    environment,
    folder,
    isReady: () =>
      fetch(`${url}/livez`).then(
        ({ ok }) => ok,
        () => false,
      ),
  });
  ending.add(program.stop);
  return url;
}
