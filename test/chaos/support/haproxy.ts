/** HAProxy with the file of deploy/high-availability, rendered for ports of this machine. */
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findOrFetch } from '../../support/processes/debian-package.ts';
import { haproxy } from '../../support/processes/debian-programs.ts';
import { freePort } from '../../support/servers/free-port.ts';
import type { Ending } from './ending.ts';
import { type Program, startProgram } from './program.ts';

export interface Haproxy extends Program {
  clientsUrl: string;
  postgresPort: number;
  redisPort: number;
}

/** Ports of the servers behind it; a missing one is a server that is down. */
export interface Servers {
  gateways?: readonly number[];
  patroni?: readonly { port: number; restPort: number }[];
  redis?: readonly number[];
}

/** Where no program listens. */
const closedPort = 1;
const source = resolve(import.meta.dirname, '../../../deploy/high-availability/haproxy.cfg');

export async function startHaproxy(ending: Ending, servers: Servers): Promise<Haproxy> {
  const { path, environment } = await findOrFetch(haproxy);
  const folder = await ending.folder();
  const [clients, postgres, redis, metrics] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const text = (await readFile(source, 'utf8'))
    // Two file descriptors each, more than a user without root may open.
    .replace('maxconn 20000', 'maxconn 400')
    .replace('bind :8080', `bind 127.0.0.1:${clients}`)
    .replace('bind :5000', `bind 127.0.0.1:${postgres}`)
    .replace('bind :6379', `bind 127.0.0.1:${redis}`)
    .replace('bind :8404', `bind 127.0.0.1:${metrics}`)
    .replace(/gateway(\d):4000/g, (_, place) => at(servers.gateways?.[place - 1]))
    .replace(/patroni(\d):5432 check port 8008/g, (_, place) => {
      const { port, restPort } = servers.patroni?.[place - 1] ?? {};
      return `${at(port)} check port ${restPort ?? closedPort}`;
    })
    .replace(/redis(\d):6379/g, (_, place) => at(servers.redis?.[place - 1]));
  const file = join(folder, 'haproxy.cfg');
  await writeFile(file, text);
  const program = await startProgram({
    name: 'HAProxy',
    command: [path, ['-db', '-f', file]],
    environment,
    folder,
    isReady: () => answers(`http://127.0.0.1:${clients}/livez`),
  });
  ending.add(program.stop);
  return { ...program, clientsUrl: `http://127.0.0.1:${clients}`, postgresPort: postgres, redisPort: redis };
}

const at = (port = closedPort) => `127.0.0.1:${port}`;

/** Also without a gateway behind it. */
async function answers(url: string): Promise<boolean> {
  const answer = await fetch(url).catch(() => null);
  await answer?.body?.cancel();
  return answer !== null;
}
