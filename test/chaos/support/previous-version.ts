/** Builds the version before the newest migration from the history of the repository. */
import { execFile } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Ending } from './ending.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../../..');

/** @returns the path of its program */
export async function buildPreviousVersion(ending: Ending): Promise<string> {
  const newest = await git('log', '-1', '--format=%H', '--diff-filter=A', '--', 'migrations');
  if (newest === '') throw new Error('the history of the repository is missing: fetch all of it');
  const folder = join(await ending.folder(), 'previous');
  await mkdir(folder);
  const archive = join(folder, 'source.tar');
  await git('archive', `--output=${archive}`, `${newest}^`);
  await run('tar', ['-xf', archive, '-C', folder]);
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await run('npm', ['run', 'build:gateway'], { cwd: folder, timeout: 180_000 });
  return join(folder, 'dist/bundle/main.js');
}

async function git(...args: string[]): Promise<string> {
  return (await run('git', args, { cwd: root })).stdout.trim();
}
