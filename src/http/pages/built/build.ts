/** Reads what the build has written for one application: its HTML, its files, and the description of both. */
import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { compressed, type ServedFile } from './served-file.ts';
import type { ApplicationName } from './settings.ts';

/** The description that packages/pages writes. */
interface Description {
  paths: readonly string[];
  files: readonly string[];
  documents: readonly string[];
  tokens: Readonly<Record<string, string>>;
}

export interface Build {
  html: string;
  /** The paths of the pages; the first one is the start. */
  paths: readonly string[];
  /** By name, below `assets/`. A name contains the hash of its content. */
  files: ReadonlyMap<string, ServedFile>;
  /** The operations that the pages send. */
  documents: readonly string[];
  /** The values of the variables that a theme may replace, by name. */
  tokens: Readonly<Record<string, string>>;
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Where the build writes the pages. */
export const buildFolder = join(dirname(findPackageJSON(import.meta.url) ?? ''), 'dist/pages');

/** @throws Error when the application is not built */
export async function readBuild(from: string, name: ApplicationName): Promise<Build> {
  const folder = join(from, name);
  try {
    const [html, text] = await Promise.all([
      readFile(join(folder, 'index.html'), 'utf8'),
      readFile(join(folder, 'pages.json'), 'utf8'),
    ]);
    const { files, ...description }: Description = JSON.parse(text);
    const loaded = await Promise.all(files.map(async (file) => [nameOf(file), await load(folder, file)] as const));
    return { ...description, html, files: new Map(loaded) };
  } catch (error) {
    const what = `PAGES: the pages of ${name} are not built`;
    throw new Error(`${what}; run "npm run build", or set PAGES=off`, { cause: error });
  }
}

async function load(folder: string, file: string): Promise<ServedFile> {
  const type = types[extname(file)];
  if (type === undefined) throw new Error(`${file} has an unknown type`);
  const path = join(folder, file);
  const content = await readFile(path);
  if (!compressed(type)) return { type, content };
  const [br, gzip] = await Promise.all([readFile(`${path}.br`), readFile(`${path}.gz`)]);
  return { type, content, br, gzip };
}

function nameOf(file: string): string {
  return file.slice(file.indexOf('/') + 1);
}
