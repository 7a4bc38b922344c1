/**
 * Compares the first load of the pages with budgets in kB of gzip. `node bench/budgets.ts` fails above one. A screen loads what
 * the HTML names, its own chunk, and what both import. React and its DOM alone are 68 kB; German texts are a further 7 kB for German readers.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

interface Chunk {
  file: string;
  imports?: string[];
  css?: string[];
}

const frame = /^src\/shell\/account\.tsx$/;
const budgets = [
  { name: 'sign-in', application: 'account', frame: /^$/, screens: /^$/, script: 95, style: 15 },
  { name: 'account', application: 'account', frame, screens: /^src\/screens\//, script: 120, style: 15 },
  {
    name: 'console',
    application: 'console',
    frame: /^$/,
    screens: /^src\/screens\/overview\//,
    script: 180,
    style: 15,
  },
];

for (const { name, application, frame, screens, script, style } of budgets) {
  const folder = join('dist/pages', application);
  const manifest: Record<string, Chunk> = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const names = Object.keys(manifest);
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const always = names.filter((key) => html.includes(manifest[key]?.file ?? '') || frame.test(key));
  const loads = ['', ...names.filter((key) => screens.test(key))].map((screen) =>
    filesOf(manifest, [...always, screen]),
  );
  report(`${name} scripts`, Math.max(...loads.map((files) => sizeOf(folder, files, '.js'))), script);
  report(`${name} styles`, Math.max(...loads.map((files) => sizeOf(folder, files, '.css'))), style);
}

function filesOf(manifest: Readonly<Record<string, Chunk>>, keys: readonly string[]): Set<string> {
  const found = new Set<string>();
  const visited = new Set<string>();
  const visit = (key: string) => {
    const chunk = manifest[key];
    if (!chunk || visited.has(key)) return;
    visited.add(key);
    for (const file of [chunk.file, ...(chunk.css ?? [])]) found.add(file);
    chunk.imports?.forEach(visit);
  };
  keys.forEach(visit);
  return found;
}

function sizeOf(folder: string, files: ReadonlySet<string>, extension: string): number {
  const paths = [...files].filter((file) => file.endsWith(extension)).map((file) => join(folder, `${file}.gz`));
  return paths.reduce((sum, path) => sum + statSync(path).size / 1000, 0);
}

function report(name: string, size: number, budget: number): void {
  process.stdout.write(`${name.padEnd(16)} ${size.toFixed(1).padStart(6)} of ${budget} kB\n`);
  if (size > budget) process.exitCode = 1;
}
