/** PostgreSQL under Patroni with the file of deploy/high-availability, rendered for ports and folders of this machine. */
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { unprivileged } from '../../../src/development/embedded-postgres.ts';
import { findOrFetch } from '../../support/processes/debian-package.ts';
import { patroni as patroniPackage } from '../../support/processes/debian-programs.ts';
import { until } from '../../support/races/until.ts';
import { freePort } from '../../support/servers/free-port.ts';
import type { Ending } from './ending.ts';
import { findPostgres } from './packages.ts';
import { createDatabase } from './postgres.ts';
import { type Program, startProgram } from './program.ts';

export interface PatroniMember extends Program {
  name: string;
  port: number;
  restPort: number;
  /** The main process of its PostgreSQL. */
  postmaster(): Promise<number>;
}

export interface PatroniCluster {
  members: PatroniMember[];
  primary(): Promise<PatroniMember>;
  /** The address of the gateways' database at a port: of a member or of a proxy. */
  urlAt(port: number): string;
  /** The address with all members, of which a gateway finds the primary. */
  urlOfAll(): string;
  /** Waits until one member is the primary and another one its synchronous standby. */
  isWhole(deadlineMs: number): Promise<void>;
  switchOver(): Promise<void>;
}

const password = 'change-me';
const memberCount = 3;
const source = resolve(import.meta.dirname, '../../../deploy/high-availability/patroni.yml');

export async function startPatroni(ending: Ending, etcdPorts: readonly number[]): Promise<PatroniCluster> {
  const etcd = etcdPorts.map((port) => `127.0.0.1:${port}`);
  const members: PatroniMember[] = [];
  // One after the other: the first one creates the cluster.
  for (let number = 1; number <= memberCount; number += 1) members.push(await startMember(ending, number, etcd));
  const superuserUrl = (port: number) => `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  const [first] = members;
  const owner = new URL(await createDatabase(superuserUrl(first?.port ?? 0)));
  const primary = () => findMember(members, '/primary');
  const isWhole = async (deadlineMs: number) => {
    const hasBoth = async () => (await findMember(members, '/primary')) && (await findMember(members, '/sync'));
    await until('a primary and a synchronous standby', hasBoth, deadlineMs);
  };
  await isWhole(60_000);
  return {
    members,
    primary: () => until('a primary', primary, 60_000),
    urlAt: (port) => Object.assign(new URL(owner.href), { port: String(port) }).href,
    urlOfAll() {
      const hosts = members.map(({ port }) => `127.0.0.1:${port}`).join(',');
      return `${owner.href.replace(owner.host, hosts)}?target_session_attrs=read-write`;
    },
    isWhole,
    async switchOver() {
      const [leader, standby] = [await findMember(members, '/primary'), await findMember(members, '/sync')];
      await post(leader, '/switchover', { leader: leader?.name, candidate: standby?.name });
    },
  };
}

async function startMember(ending: Ending, number: number, etcd: readonly string[]): Promise<PatroniMember> {
  const [patroni, postgres] = await Promise.all([findOrFetch(patroniPackage), findPostgres()]);
  const [folder, port, restPort] = [await ending.folder(), await freePort(), await freePort()];
  const name = `patroni${number}`;
  const file = join(folder, 'patroni.yml');
  const text = await readFile(source, 'utf8');
  await writeFile(file, render(text, { name, folder, port, restPort, etcd, programs: postgres.folder }));
  const program = await startProgram({
    name,
    command: unprivileged(patroni.path, [file]),
    environment: mergeLibraries(patroni.environment, postgres.environment),
    folder,
    isReady: async () => (await stateOf(restPort, '/readiness')) === 200,
    startDeadlineMs: 60_000,
    // Patroni lets its PostgreSQL run on its own, so that both can restart separately.
    others: async () => (await readPid(folder)) ?? [],
  });
  ending.add(program.stop);
  const postmaster = () => until(`a PostgreSQL of ${name}`, async () => (await readPid(folder))?.[0]);
  return { ...program, name, port, restPort, postmaster };
}

/** @returns undefined when no PostgreSQL runs */
async function readPid(folder: string): Promise<number[] | undefined> {
  const text = await readFile(join(folder, 'data/postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  return pid > 0 ? [pid] : undefined;
}

interface Place {
  name: string;
  folder: string;
  port: number;
  restPort: number;
  etcd: readonly string[];
  programs: string;
}

function render(text: string, { name, folder, port, restPort, etcd, programs }: Place): string {
  const configuration = parse(text.replaceAll('10.0.0.0/8', '127.0.0.0/8'));
  Object.assign(configuration, { name });
  Object.assign(configuration.restapi, { listen: `127.0.0.1:${restPort}`, connect_address: `127.0.0.1:${restPort}` });
  Object.assign(configuration.etcd3, { hosts: etcd });
  Object.assign(configuration.postgresql, {
    listen: `127.0.0.1:${port}`,
    connect_address: `127.0.0.1:${port}`,
    data_dir: join(folder, 'data'),
    bin_dir: programs,
    pgpass: join(folder, 'pgpass'),
    parameters: { unix_socket_directories: '' },
  });
  return stringify(configuration);
}

/** Patroni starts PostgreSQL: both need their libraries, where they were unpacked. */
function mergeLibraries(patroni: NodeJS.ProcessEnv, postgres: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const folders = [patroni.LD_LIBRARY_PATH, postgres.LD_LIBRARY_PATH].filter((folder) => folder !== undefined);
  return folders.length > 0 ? { ...patroni, LD_LIBRARY_PATH: folders.join(':') } : patroni;
}

/** @returns the member that answers 200, as HAProxy asks it */
async function findMember(members: readonly PatroniMember[], path: string): Promise<PatroniMember | undefined> {
  const states = await Promise.all(members.map(({ restPort }) => stateOf(restPort, path)));
  return members.find((_, place) => states[place] === 200);
}

async function stateOf(restPort: number, path: string): Promise<number> {
  const signal = AbortSignal.timeout(2000);
  const answer = await fetch(`http://127.0.0.1:${restPort}${path}`, { signal }).catch(() => null);
  await answer?.body?.cancel();
  return answer?.status ?? 0;
}

async function post(member: PatroniMember | undefined, path: string, body: object): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${member?.restPort}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`Patroni refused ${path}: ${answer.status} ${await answer.text()}`);
}
