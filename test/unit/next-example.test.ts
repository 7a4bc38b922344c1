/** The lock file of examples/next names the dependencies of the packages of this repository, as they were when it was written. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const read = async (path: string) => JSON.parse(await readFile(resolve(root, path), 'utf8'));

test.each(['client', 'react', 'verify'])(
  'has the dependencies of @postern/%s: otherwise delete it and run "npm install" in examples/next',
  async (name) => {
    const locked = (await read('examples/next/package-lock.json')).packages[`node_modules/@postern/${name}`];
    const { version, dependencies, peerDependencies, peerDependenciesMeta } = await read(
      `packages/${name}/package.json`,
    );
    expect(locked).toMatchObject(
      JSON.parse(JSON.stringify({ version, dependencies, peerDependencies, peerDependenciesMeta })),
    );
  },
);
