/** The files of a release: tarballs, SBOMs, notes and checksums; and the program inside the tarball. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const output = join(root, 'dist/release');
let folder: string;
let tarballs: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-release-'));
  await run(process.execPath, ['deploy/release/artifacts.ts'], { cwd: root });
  tarballs = (await readdir(output)).filter((name) => name.endsWith('.tgz'));
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test('one tarball for each package, two SBOMs, notes and checksums', async () => {
  const { workspaces } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  expect(tarballs).toHaveLength(workspaces.length + 1);
  const checksums = await readFile(join(output, 'checksums.txt'), 'utf8');
  for (const name of [...tarballs, 'sbom.cyclonedx.json', 'sbom.spdx.json', 'notes.md']) {
    const hash = createHash('sha256').update(await readFile(join(output, name)));
    expect(checksums).toContain(`${hash.digest('hex')}  ${name}`);
  }
  expect(JSON.parse(await readFile(join(output, 'sbom.cyclonedx.json'), 'utf8')).bomFormat).toBe('CycloneDX');
  expect(JSON.parse(await readFile(join(output, 'sbom.spdx.json'), 'utf8')).spdxVersion).toMatch(/^SPDX-/);
});

test('no tarball has an environment file, a test or a secret, in its source maps either', async () => {
  const linter = join(root, 'node_modules/secretlint/bin/secretlint.js');
  const rules = ['--secretlintrc', join(root, '.secretlintrc.json'), '--no-gitignore', '--maskSecrets'];
  const scan = (pattern: string) => run(process.execPath, [linter, ...rules, pattern], { cwd: folder });
  for (const name of tarballs) {
    const content = join(folder, 'content', name);
    await mkdir(content, { recursive: true });
    await run('tar', ['-xzf', join(output, name), '-C', content]);
    const paths = (await readdir(content, { recursive: true })).toSorted();
    expect(paths).toContain('package/package.json');
    expect(paths.filter((path) => /(^|\/)\.env|(^|\/)tests?\/|\.test\.|(^|\/)bench\//.test(path))).toEqual([]);
    if (name.startsWith('postern-0')) expect(paths.filter((path) => path.endsWith('.map'))).toEqual([]);
  }
  await scan('content/**/*');
  await writeFile(join(folder, 'content/leak.txt'), `npm_${'a1B2'.repeat(9)}`);
  await expect(scan('content/leak.txt')).rejects.toThrow('Command failed');
});

test('the program in the tarball prints its help', async () => {
  const name = tarballs.find((tarball) => /^postern-\d/.test(tarball)) ?? '';
  await run('tar', ['-xzf', join(output, name), '-C', folder]);
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const { bin } = JSON.parse(await readFile(join(folder, 'package/package.json'), 'utf8'));
  const { stdout } = await run(process.execPath, [join(folder, 'package', bin.postern), '--help']);
  expect(stdout).toContain('serve');
});

test('a tag that differs from the versions is rejected', async () => {
  const released = run(process.execPath, ['deploy/release/artifacts.ts', '--tag', 'v99.0.0'], { cwd: root });
  await expect(released).rejects.toThrow('has version');
});

test('the licence check rejects what is not on its list', async () => {
  const check = async (licenses: unknown[]) => {
    const file = join(folder, 'sbom.json');
    await writeFile(file, JSON.stringify({ components: [{ name: 'x', version: '1.0.0', licenses }] }));
    return run(process.execPath, ['deploy/release/licences.ts', file], { cwd: root }).then(
      () => 'accepted',
      ({ stdout }) => String(stdout).split('\n')[0],
    );
  };
  expect(await check([{ license: { id: 'MIT' } }])).toBe('accepted');
  expect(await check([{ license: { id: 'AGPL-3.0-only' } }])).toBe('x@1.0.0: AGPL-3.0-only');
  expect(await check([])).toBe('x@1.0.0: no licence');
});
