/** The codegen guide (docs/codegen.md), done as a reader would: its files, its command, and the compiler on what comes out. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const modules = join(root, 'node_modules');

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** The one block of a language in the guide. */
function blockOf(guide: string, language: string): string {
  const blocks = [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, text = '']) => text,
  );
  expect(blocks, language).toHaveLength(1);
  return blocks[0] ?? '';
}

test('leads to documents and a program that the compiler takes', { timeout: 120_000 }, async () => {
  const guide = await readFile(join(root, 'docs/codegen.md'), 'utf8');
  const project = await mkdtemp(join(tmpdir(), 'postern-codegen-'));
  folders.push(project);
  await mkdir(join(project, 'src'));
  await symlink(modules, join(project, 'node_modules'));
  await copyFile(join(root, 'schema/schema.graphql'), join(project, 'postern.graphql'));
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  await writeFile(join(project, 'codegen.yml'), blockOf(guide, 'yaml'));
  await writeFile(join(project, 'src/session.graphql'), blockOf(guide, 'graphql'));
  await writeFile(join(project, 'src/main.ts'), blockOf(guide, 'ts'));

  const codegen = join(modules, '@graphql-codegen/cli/esm/bin.js');
  await run(process.execPath, [codegen, '--config', 'codegen.yml'], { cwd: project });

  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2024,dom'];
  const tsc = [
    join(modules, '.bin/tsc'),
    ...options,
    '--skipLibCheck',
    '--allowImportingTsExtensions',
    '--types',
    'node',
  ];
  await expect(run(process.execPath, [...tsc, 'src/main.ts'], { cwd: project })).resolves.toMatchObject({ stdout: '' });

  // The compiler does look: a field that is not asked for is not there.
  const main = await readFile(join(project, 'src/main.ts'), 'utf8');
  await writeFile(join(project, 'src/main.ts'), main.replace('login.accessToken', 'login.csrfToken'));
  await expect(run(process.execPath, [...tsc, 'src/main.ts'], { cwd: project })).rejects.toMatchObject({
    stdout: expect.stringContaining('csrfToken'),
  });
});
