/** An empty project into which npm installs the packed packages, as in another project, but without a network. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../../..');
const modules = join(root, 'node_modules');

/** The packages that the installed ones may need. npm installs only requested ones. */
const available = ['graphql', 'graphql-request', '@graphql-typed-document-node/core', 'jose'];

export interface Loaded {
  /** Files of the package itself. */
  own: string[];
  packages: string[];
  builtin: string[];
}

export interface Project {
  folder: string;
  /** The names of the packages that npm has installed. */
  installed: string[];
  /** Makes packages of this repository available to the project, for compilers and examples. */
  link(names: readonly string[]): Promise<void>;
  /** Runs an ES module in the project and returns its standard output. */
  run(script: string, environment?: Record<string, string>): Promise<string>;
  /** Every file that an import loads, as the process itself reports it. */
  loadedWith(specifier: string): Promise<Loaded>;
  remove(): Promise<void>;
}

/**
 * @param names of workspaces and of peer dependencies that a user of the package installs with them
 * @param needed further packages that these depend on
 */
export async function createProject(names: readonly string[], needed: readonly string[] = []): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-project-'));
  const tarballs = await packAll(join(folder, 'tarballs'), [...available, ...needed]);
  const chosen = Object.entries(tarballs).filter(([name]) => names.includes(name));
  const others = Object.entries(tarballs).filter(([name]) => !names.includes(name));
  const manifest = {
    private: true,
    type: 'module',
    dependencies: Object.fromEntries(chosen),
    overrides: Object.fromEntries(others),
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  const offline = ['--offline', '--cache', join(folder, 'cache'), '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', ...offline], { cwd: folder });
  const evaluate = (script: string, environment: Record<string, string> = {}) =>
    run(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: folder,
      env: { ...process.env, ...environment },
    }).then(({ stdout }) => stdout);
  return {
    folder,
    installed: await namesIn(join(folder, 'node_modules')),
    async link(linked) {
      for (const name of linked) {
        const place = join(folder, 'node_modules', name);
        await mkdir(dirname(place), { recursive: true });
        await symlink(join(modules, name), place);
      }
    },
    run: evaluate,
    loadedWith: async (specifier) => filesIn(await evaluate(loadScript(specifier)), folder),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** @returns `file:` addresses by the names of the packages */
async function packAll(folder: string, others: readonly string[]): Promise<Record<string, string>> {
  await mkdir(folder);
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const outputs = await Promise.all([
    run('npm', [...pack, '--workspaces'], { cwd: root }),
    run('npm', [...pack, ...others.map((name) => join(modules, name))], { cwd: root }),
  ]);
  const packed = outputs.flatMap(({ stdout }): { name: string; filename: string }[] =>
    Object.values(JSON.parse(stdout)),
  );
  return Object.fromEntries(packed.map(({ name, filename }) => [name, `file:${join(folder, filename)}`]));
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  const names = entries.map(async (name) =>
    name.startsWith('@') ? (await readdir(join(folder, name))).map((scoped) => `${name}/${scoped}`) : [name],
  );
  return (await Promise.all(names)).flat().toSorted();
}

function loadScript(specifier: string): string {
  return `
    import { registerHooks } from 'node:module';
    const loaded = new Set();
    registerHooks({ load: (url, context, next) => { loaded.add(url); return next(url, context); } });
    await import(${JSON.stringify(specifier)});
    console.log(JSON.stringify([...loaded]));
  `;
}

function filesIn(output: string, folder: string): Loaded {
  const urls: string[] = JSON.parse(output);
  const paths = urls.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url));
  const home = join(folder, 'node_modules/@postern');
  return {
    own: paths
      .filter((path) => path.startsWith(home))
      .map((path) => relative(home, path))
      .toSorted(),
    packages: [
      ...new Set(paths.map((path) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path)),
    ].toSorted(),
    builtin: urls.filter((url) => url.startsWith('node:')),
  };
}
