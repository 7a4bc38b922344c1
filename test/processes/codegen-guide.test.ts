/** The guide docs/codegen.md, followed literally: its files, its command, and the compiler on the result, for both schema sources. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { useGateway } from '../support/gateway/use-gateway.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const modules = join(root, 'node_modules');

const gateway = useGateway();

const sources: [string, () => string][] = [
  ['the printed SDL', () => 'postern.graphql'],
  ['the endpoint', () => `${gateway.url}/graphql`],
];

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** The only code block of a language in the guide. */
function blockOf(guide: string, language: string): string {
  const blocks = [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, text = '']) => text,
  );
  expect(blocks, language).toHaveLength(1);
  return blocks[0] ?? '';
}

test.each(sources)('%s yields documents and a program that compile', { timeout: 120_000 }, async (_name, source) => {
  const guide = await readFile(join(root, 'docs/codegen.md'), 'utf8');
  const project = await mkdtemp(join(tmpdir(), 'postern-codegen-'));
  folders.push(project);
  await mkdir(join(project, 'src'));
  await symlink(modules, join(project, 'node_modules'));
  await copyFile(join(root, 'schema/schema.graphql'), join(project, 'postern.graphql'));
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  const config = blockOf(guide, 'yaml').replace('schema: postern.graphql', `schema: ${source()}`);
  expect(config).toContain(`schema: ${source()}\n`);
  await writeFile(join(project, 'codegen.yml'), config);
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

  // The compiler rejects a field that the operation does not select.
  const main = await readFile(join(project, 'src/main.ts'), 'utf8');
  await writeFile(join(project, 'src/main.ts'), main.replace('login.accessToken', 'login.csrfToken'));
  await expect(run(process.execPath, [...tsc, 'src/main.ts'], { cwd: project })).rejects.toMatchObject({
    stdout: expect.stringContaining('csrfToken'),
  });
});
