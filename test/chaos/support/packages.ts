/** The programs of the drills that no other test starts. */

import { glob } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findOrFetch } from '../../support/processes/debian-package.ts';

const versions = [15, 16, 17, 18];

/** @returns the folder of PostgreSQL's programs, and the environment that they need */
export async function findPostgres(): Promise<{ folder: string; environment: NodeJS.ProcessEnv }> {
  const programs = versions.map((version) => `lib/postgresql/${version}/bin/pg_basebackup`);
  const { path, environment } = await findOrFetch({
    name: 'postgresql-15',
    // Debian's folder of programs is not on the PATH; the search ends in /usr/sbin.
    commands: programs.map((program) => join('..', program)),
    packages: versions.map((version) => `postgresql-${version}`),
    paths: programs.map((program) => join('usr', program)),
    parts: /^postgresql(-client)?-\d/,
    versionFlag: '--version',
    advice: 'the drills need the distribution’s PostgreSQL: install postgresql',
  });
  return { folder: dirname(path), environment };
}

/** @returns the library that gives a process another time */
export async function findFaketime(): Promise<string> {
  const { path } = await findOrFetch({
    name: 'faketime',
    commands: ['faketime'],
    packages: ['faketime'],
    paths: ['usr/bin/faketime'],
    parts: /^libfaketime/,
    versionFlag: '--version',
    advice: 'the drills of clocks need libfaketime: install faketime',
  });
  const folder = join(dirname(path), '../lib');
  for await (const library of glob('*/faketime/libfaketimeMT.so.1', { cwd: folder })) return join(folder, library);
  throw new Error(`libfaketime is not in ${folder}: install libfaketime`);
}
