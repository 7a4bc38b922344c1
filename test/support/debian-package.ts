/**
 * A program that the tests need and npm does not have: the one that is installed, else the distribution's own package,
 * unpacked into a folder of ours. No root needed, nothing installed.
 */
import { execFile } from 'node:child_process';
import { lstat, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface DebianPackage {
  /** Of the folder it is kept in. */
  name: string;
  /** Packages that have it: the first that the sources know is taken. */
  packages: readonly string[];
  /** What it is called where it is installed: names for the PATH, or paths. */
  installed: readonly string[];
  /** Where it lies in the unpacked packages. */
  unpacked: readonly string[];
  /** Which of the packages that it depends on it cannot run without. */
  parts: RegExp;
  /** Makes it say its version, and end. */
  versionFlag: string;
  /** What to do when it cannot be had. */
  advice: string;
}

export interface Executable {
  path: string;
  /** Folders that it finds its libraries in, for LD_LIBRARY_PATH. */
  libraries: readonly string[];
}

const run = promisify(execFile);

/** @throws Error that says what to install, when it is not there and cannot be fetched */
export async function findExecutable(wanted: DebianPackage): Promise<Executable> {
  return (await findInstalled(wanted)) ?? (await fetchPackaged(wanted));
}

export function environmentWith(libraries: readonly string[]): NodeJS.ProcessEnv {
  return libraries.length === 0 ? process.env : { ...process.env, LD_LIBRARY_PATH: libraries.join(':') };
}

async function runs(executable: Executable, versionFlag: string): Promise<boolean> {
  const env = environmentWith(executable.libraries);
  return run(executable.path, [versionFlag], { env }).then(
    () => true,
    () => false,
  );
}

async function findInstalled({ installed, versionFlag }: DebianPackage): Promise<Executable | null> {
  for (const path of installed) {
    if (await runs({ path, libraries: [] }, versionFlag)) return { path, libraries: [] };
  }
  return null;
}

/** Several processes may do so at once: each unpacks for itself, and the first one's folder stays. */
async function fetchPackaged(wanted: DebianPackage): Promise<Executable> {
  const { name, packages, advice } = wanted;
  const cache = join(tmpdir(), `postern-${name}-${process.getuid?.() ?? 0}`);
  await mkdir(cache, { mode: 0o700, recursive: true });
  const owner = await lstat(cache);
  if (!owner.isDirectory() || owner.uid !== process.getuid?.()) {
    throw new Error(`${cache} belongs to somebody else: remove it, or install ${packages[0]}`);
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
    throw new Error(`${advice} (apt-get could not fetch it: ${firstLine(error)})`, { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const fetched = await executableIn(home, wanted);
  if (!fetched) throw new Error(advice);
  return fetched;
}

async function executableIn(home: string, { unpacked, versionFlag }: DebianPackage): Promise<Executable | null> {
  const folders = await readdir(join(home, 'usr/lib'), { withFileTypes: true }).catch(() => []);
  const nested = folders.filter((entry) => entry.isDirectory()).map(({ name }) => join(home, 'usr/lib', name));
  const older = nested.map((folder) => folder.replace(`${home}/usr/`, `${home}/`));
  for (const path of unpacked) {
    const executable = { path: join(home, path), libraries: [...nested, ...older] };
    if (await runs(executable, versionFlag)) return executable;
  }
  return null;
}

async function unpackInto(folder: string, wanted: DebianPackage): Promise<void> {
  const [lists, archives, root] = ['state/lists/partial', 'cache/archives/partial', 'root'].map((name) =>
    join(folder, name),
  );
  for (const path of [lists, archives, root]) if (path) await mkdir(path, { recursive: true });
  // As if nothing were installed: every library comes along, whatever this machine has.
  await writeFile(join(folder, 'state/status'), '');
  const options = [
    `Dir::State=${join(folder, 'state')}`,
    `Dir::State::status=${join(folder, 'state/status')}`,
    `Dir::Cache=${join(folder, 'cache')}`,
    'Acquire::Languages=none',
    'Acquire::http::Timeout=20',
    'Acquire::Retries=2',
    'Debug::NoLocking=true',
    // Root's apt-get would otherwise fetch as a user who may not write here.
    'APT::Sandbox::User=',
  ].flatMap((option) => ['-o', option]);
  const downloads = join(folder, 'downloads');
  await mkdir(downloads);
  const apt = (program: string, args: readonly string[]) =>
    run(program, [...options, ...args], { cwd: downloads, timeout: 180_000, maxBuffer: 2 ** 26 });
  // One source that is away does not matter as long as the packages come from another.
  const update = await apt('apt-get', ['update']).catch((error: unknown) => error);
  const dependencies = await apt('apt-cache', ['depends', '--recurse', '--important', ...wanted.packages]).catch(() => {
    throw update instanceof Error ? update : new Error(`its sources do not know ${wanted.packages.join(' or ')}`);
  });
  await apt('apt-get', ['download', ...packagesOf(dependencies.stdout, wanted)]);
  for (const file of await readdir(downloads)) {
    await run('dpkg-deb', ['-x', join(downloads, file), join(folder, 'root')]);
  }
}

/** The first package that the sources have, and what it cannot run without; but never the C library, which belongs to the system. */
function packagesOf(dependencyList: string, { packages, parts }: DebianPackage): string[] {
  const needs = readDependencies(dependencyList);
  const first = packages.find((name) => needs.has(name));
  if (!first) throw new Error(`its sources do not know ${packages.join(' or ')}`);
  const wanted = new Set([first]);
  for (const name of wanted) {
    const needed = (needs.get(name) ?? []).filter((need) => parts.test(need));
    for (const part of needed) if (!/^(libc6|libc-bin|libgcc-)/.test(part)) wanted.add(part);
  }
  return [...wanted];
}

/** Of `apt-cache depends`: each package, and what it needs. Of alternatives (`|Depends`) the last one. */
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
