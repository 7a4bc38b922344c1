/** Prepares the process environment: adds the settings of a `.env` file, as Compose does, and sizes the thread pool. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseEnv } from 'node:util';
import { ConfigError } from './error.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Password hashing shares libuv's thread pool with file access and name resolution. With a few more threads than cores,
 * they do not wait for each other. Call it before the pool is first used.
 */
export function widenThreadPool(): void {
  process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, availableParallelism() + 2));
}

/**
 * A variable of the real environment, even an empty one, takes precedence over the file.
 * @param file may be missing
 * @throws ConfigError
 */
export function loadEnvironmentFile(file = '.env', environment: NodeJS.ProcessEnv = process.env): void {
  for (const [name, value] of Object.entries(parseEnv(readText(file)))) environment[name] ??= value;
}

/**
 * Bounds each look-up of a name by glibc, also against a name server that does not answer, unless the operator has set
 * RES_OPTIONS. Call it before the first look-up: a running look-up would delay the end of the process.
 */
export function boundNameResolution(): void {
  process.env.RES_OPTIONS ??= 'timeout:2 attempts:1';
}

/** Where a setting that is in use comes from. */
export function sourceOf(name: string, file = '.env', environment: Variables = process.env): string {
  return settingsOfFile(file, environment).has(name) ? file : 'the environment';
}

/** The names of the variables that have their value from the file. */
export function settingsOfFile(file = '.env', environment: Variables = process.env): ReadonlySet<string> {
  const written = Object.entries(parseEnv(readText(file)));
  return new Set(written.flatMap(([name, value]) => (value === environment[name] ? [name] : [])));
}

function readText(file: string): string {
  try {
    // Some editors write a byte order mark first.
    return readFileSync(file, 'utf8').replace(/^\u{FEFF}/u, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown error';
    if (code === 'ENOENT') return '';
    throw new ConfigError([`${file}: cannot be read (${code}); make the file readable for this user, or remove it`]);
  }
}
