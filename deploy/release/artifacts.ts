/**
 * Writes the files of a release to dist/release and publishes nothing: the tarballs of all packages, two SBOMs of the
 * production dependencies, the notes of the version from CHANGELOG.md, and checksums.
 * `node deploy/release/artifacts.ts [--tag v0.2.0]`: with a tag, every package must have its version, and so must CHANGELOG.md.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';

const folder = 'dist/release';
const { values } = parseArgs({ options: { tag: { type: 'string' } } });

const manifestOf = (path: string) =>
  z
    .object({ name: z.string(), version: z.string(), workspaces: z.array(z.string()).default([]) })
    .parse(JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')));

function npm(...args: string[]): string {
  return execFileSync('npm', args, { encoding: 'utf8', maxBuffer: 2 ** 26, stdio: ['ignore', 'pipe', 'inherit'] });
}

function checkVersions(tag: string): void {
  for (const path of ['.', ...manifestOf('.').workspaces]) {
    const { name, version } = manifestOf(path);
    if (tag !== `v${version}`)
      throw new Error(`${name} has version ${version}, and the tag is ${tag}: make them equal`);
  }
}

/** @returns the section of the version; of "Unreleased" without a tag */
function notesFor(tag: string | undefined): string {
  const heading = tag?.slice(1) ?? 'Unreleased';
  const sections = readFileSync('CHANGELOG.md', 'utf8').split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`${heading}\n`) || text.startsWith(`${heading} - `));
  if (!section) throw new Error(`CHANGELOG.md has no section "## ${heading}": add it`);
  return section.slice(section.indexOf('\n')).trim();
}

if (values.tag) checkVersions(values.tag);
const notes = notesFor(values.tag);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
// The build has run: the scripts of the packages would repeat it for each of them.
npm('pack', '--workspaces', '--include-workspace-root', '--ignore-scripts', '--pack-destination', folder);
for (const format of ['cyclonedx', 'spdx']) {
  writeFileSync(join(folder, `sbom.${format}.json`), npm('sbom', '--sbom-format', format, '--omit', 'dev'));
}
writeFileSync(join(folder, 'notes.md'), `${notes}\n`);
const hash = (name: string) =>
  createHash('sha256')
    .update(readFileSync(join(folder, name)))
    .digest('hex');
const lines = readdirSync(folder).map((name) => `${hash(name)}  ${name}\n`);
writeFileSync(join(folder, 'checksums.txt'), lines.join(''));
process.stdout.write(lines.join(''));
