/** PgBouncer with the file of deploy/high-availability, rendered for one database of this machine. */
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { unprivileged } from '../../../src/development/embedded-postgres.ts';
import { findOrFetch } from '../../support/processes/debian-package.ts';
import { pgbouncer } from '../../support/processes/debian-programs.ts';
import { freePort } from '../../support/servers/free-port.ts';
import type { Ending } from './ending.ts';
import { accepts } from './postgres.ts';
import { type Program, startProgram } from './program.ts';

export interface PgBouncer extends Program {
  /** The address of the database through the pooler. */
  url: string;
}

const source = resolve(import.meta.dirname, '../../../deploy/high-availability/pgbouncer.ini');

export async function startPgBouncer(ending: Ending, databaseUrl: string): Promise<PgBouncer> {
  const { path, environment } = await findOrFetch(pgbouncer);
  const folder = await ending.folder();
  const [target, port] = [new URL(databaseUrl), await freePort()];
  const [file, users] = [join(folder, 'pgbouncer.ini'), join(folder, 'userlist.txt')];
  const text = (await readFile(source, 'utf8'))
    .replace('host=127.0.0.1 port=5000', `host=${target.hostname} port=${target.port}`)
    .replace('listen_port = 6432', `listen_port = ${port}\nunix_socket_dir =`)
    .replace('/etc/pgbouncer/userlist.txt', users);
  await writeFile(users, `"${target.username}" "${target.password}"\n`);
  await writeFile(file, text);
  const url = Object.assign(new URL(databaseUrl), { port: String(port) }).href;
  const program = await startProgram({
    name: 'PgBouncer',
    command: unprivileged(path, [file]),
    environment,
    folder,
    isReady: () => accepts(url),
    stopSignal: 'SIGINT',
  });
  ending.add(program.stop);
  return { ...program, url };
}
