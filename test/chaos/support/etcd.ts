/** Three etcd servers, in which Patroni keeps the name of the primary, with the file of deploy/high-availability. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { findOrFetch } from '../../support/processes/debian-package.ts';
import { etcd } from '../../support/processes/debian-programs.ts';
import { freePort } from '../../support/servers/free-port.ts';
import type { Ending } from './ending.ts';
import { type Program, startProgram } from './program.ts';

export interface EtcdServer extends Program {
  port: number;
}

const source = resolve(import.meta.dirname, '../../../deploy/high-availability/etcd.env');

export async function startEtcd(ending: Ending): Promise<EtcdServer[]> {
  const members = await Promise.all(
    Array.from({ length: 3 }, async (_, place) => ({
      name: `etcd${place + 1}`,
      port: await freePort(),
      peer: `http://127.0.0.1:${await freePort()}`,
    })),
  );
  const cluster = members.map(({ name, peer }) => `${name}=${peer}`).join(',');
  // At once: a member is ready when most of them are.
  return Promise.all(members.map((member) => startMember(ending, cluster, member)));
}

async function startMember(
  ending: Ending,
  cluster: string,
  { name, port, peer }: { name: string; port: number; peer: string },
): Promise<EtcdServer> {
  const { path, environment } = await findOrFetch(etcd);
  const folder = await ending.folder();
  const url = `http://127.0.0.1:${port}`;
  const settings = {
    ...parseEnv(await readFile(source, 'utf8')),
    ETCD_NAME: name,
    ETCD_DATA_DIR: join(folder, 'data'),
    ETCD_LISTEN_CLIENT_URLS: url,
    ETCD_ADVERTISE_CLIENT_URLS: url,
    ETCD_LISTEN_PEER_URLS: peer,
    ETCD_INITIAL_ADVERTISE_PEER_URLS: peer,
    ETCD_INITIAL_CLUSTER: cluster,
  };
  const program = await startProgram({
    name,
    command: [path, []],
    environment: { ...environment, ...settings },
    folder,
    isReady: () => isHealthy(url),
    startDeadlineMs: 30_000,
  });
  ending.add(program.stop);
  return { ...program, port };
}

async function isHealthy(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/health`).catch(() => null);
  return (await answer?.text())?.includes('"true"') ?? false;
}
