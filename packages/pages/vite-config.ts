/**
 * The Vite configuration of the pages that the gateway serves (packages/account, packages/console). Beside each built file
 * it writes compressed copies, and into pages.json what the gateway takes: the paths of the pages, the files that may be
 * served, the documents that the pages send, and the variables that a theme may replace.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import type { Plugin, UserConfig } from 'vite';

const root = join(import.meta.dirname, '../..');
const compressible = /\.(js|css|svg)$/;

export interface PagesBuild {
  name: 'account' | 'console';
  /** The paths of the pages, such as `users/:id`. The gateway answers all others with 404. */
  paths: readonly string[];
  /** Generated files with the operations that the pages send, relative to the repository. */
  operations: readonly string[];
  /**
   * What several screens use is in files of its own. Files smaller than this are merged, although a screen then loads some code that it
   * does not use.
   */
  smallBytes: number;
}

/** One file for the first load, and few for each screen: small files compress worse, and each takes its own request. */
function groupsOf({ smallBytes }: PagesBuild) {
  return [
    { name: 'first', tags: ['$initial' as const], priority: 1 },
    { name: 'shared', minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: smallBytes },
  ];
}

/** The bundler would name a shared file after all screens that use it. */
const chunkFileNames = ({ name }: { name: string }) => `assets/${name.split('~')[0]}-[hash].js`;

export function pagesConfig(build: PagesBuild): UserConfig {
  return {
    root: join(root, 'packages', build.name),
    // Relative, because PUBLIC_URL may have a path. The gateway completes the addresses in index.html.
    base: './',
    plugins: [react(), compactDocuments(), describePages(build)],
    resolve: { alias: { 'graphql-request': join(root, 'packages/pages/graphql-request.ts') } },
    build: {
      outDir: join(root, 'dist/pages', build.name),
      emptyOutDir: true,
      manifest: 'manifest.json',
      // The policy of the pages allows no data: fonts or scripts.
      assetsInlineLimit: 0,
      target: ['chrome123', 'firefox120', 'safari17.5'],
      // Its inline script would violate the Content-Security-Policy.
      modulePreload: { polyfill: false },
      // bench/budgets.ts checks the compressed sizes.
      chunkSizeWarningLimit: 1000,
      rolldownOptions: { output: { codeSplitting: { groups: groupsOf(build) }, chunkFileNames } },
    },
  };
}

/** Generated files write their operations in lines, indented. */
const document = /(new TypedDocumentString\(`)([^`]*)`/g;

/** GraphQL needs no space beside punctuation. Our documents contain no strings. */
function compact(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/ ?([{}():]) ?/g, '$1')
    .trim();
}

/** Shortens the first load. The gateway knows the operations as the pages send them: `documentsIn`. */
function compactDocuments(): Plugin {
  return {
    name: 'compact-documents',
    transform: {
      filter: { id: /generated\/operations\.[jt]s$/ },
      handler: (code) => ({
        code: code.replace(document, (_all, start: string, text: string) => `${start}${compact(text)}\``),
        map: null,
      }),
    },
  };
}

function describePages({ paths, operations }: PagesBuild): Plugin {
  return {
    name: 'describe-pages',
    apply: 'build',
    async writeBundle({ dir = '' }, bundle) {
      const files = Object.keys(bundle).filter((file) => file.startsWith('assets/'));
      await Promise.all(files.filter((file) => compressible.test(file)).map((file) => compress(join(dir, file))));
      const documents = (await Promise.all(operations.map(documentsIn))).flat();
      await writeFile(join(dir, 'pages.json'), JSON.stringify({ paths, files, documents, tokens: await readTokens() }));
    },
  };
}

async function compress(path: string): Promise<void> {
  const content = await readFile(path);
  await writeFile(`${path}.br`, await promisify(brotliCompress)(content));
  await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
}

/** @returns the texts of the operations in a generated file; their fragments are part of them */
async function documentsIn(path: string): Promise<string[]> {
  const source = await readFile(join(root, path), 'utf8');
  const found = source.matchAll(/Document = (?:\/\*#__PURE__\*\/ )?new TypedDocumentString\(`([^`]*)`/g);
  const documents = [...found].map(([, text = '']) => compact(text));
  if (documents.length === 0) throw new Error(`${path} contains no operation: its form has changed`);
  return documents;
}

/** @returns the values of the variables that a theme may replace, by name */
async function readTokens(): Promise<Record<string, string>> {
  const source = await readFile(join(root, 'packages/react/styles/tokens.css'), 'utf8');
  const found = source.matchAll(/^ {2}(--postern-[\w-]+): (.+);$/gm);
  return Object.fromEntries([...found].map(([, name = '', value = '']) => [name, value]));
}
