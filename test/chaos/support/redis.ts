/** Two Redis servers and three Sentinels with the files of deploy/high-availability. */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findOrFetch } from '../../support/processes/debian-package.ts';
import { redis } from '../../support/processes/debian-programs.ts';
import { until } from '../../support/races/until.ts';
import { freePort } from '../../support/servers/free-port.ts';
import type { Ending } from './ending.ts';
import { type Program, startProgram } from './program.ts';

export interface RedisServer extends Program {
  port: number;
}

const source = resolve(import.meta.dirname, '../../../deploy/high-availability');

/** @returns the master first */
export async function startRedisPair(ending: Ending): Promise<[RedisServer, RedisServer]> {
  const master = await startServer(ending, []);
  const replica = await startServer(ending, ['--replicaof', '127.0.0.1', String(master.port)]);
  return [master, replica];
}

async function startServer(ending: Ending, options: readonly string[]): Promise<RedisServer> {
  const { path, environment } = await findOrFetch(redis);
  const [folder, port] = [await ending.folder(), await freePort()];
  // A copy: Sentinel makes the server write the new roles into its file.
  const file = join(folder, 'redis.conf');
  await copyFile(join(source, 'redis.conf'), file);
  const program = await startProgram({
    name: 'Redis',
    command: [path, [file, '--port', String(port), '--bind', '127.0.0.1', ...options]],
    environment,
    folder,
    isReady: (output) => output.includes('Ready to accept connections'),
  });
  ending.add(program.stop);
  return { ...program, port };
}

/** Returns when each knows the replica and the other Sentinels: before, it could not replace the master. */
export async function startSentinels(ending: Ending, masterPort: number): Promise<void> {
  const { path, environment } = await findOrFetch(redis);
  const text = (await readFile(join(source, 'sentinel.conf'), 'utf8')).replace(
    '127.0.0.1 6379',
    `127.0.0.1 ${masterPort}`,
  );
  const sentinels = Array.from({ length: 3 }, async () => {
    const [folder, port] = [await ending.folder(), await freePort()];
    await writeFile(join(folder, 'sentinel.conf'), text.replace('port 26379', `port ${port}\nbind 127.0.0.1`));
    const program = await startProgram({
      name: 'Sentinel',
      command: [path, [join(folder, 'sentinel.conf'), '--sentinel']],
      environment,
      folder,
      isReady: (output) => output.includes('+monitor master'),
    });
    ending.add(program.stop);
    return program;
  });
  for (const { output } of await Promise.all(sentinels)) {
    const knowsAll = () => output().includes('+slave slave') && output().split('+sentinel sentinel').length === 3;
    await until('a Sentinel knows the others', knowsAll, 20_000);
  }
}
