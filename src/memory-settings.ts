/**
 * Settings that V8 and the C library read before the program runs. Without them a loaded gateway holds twice the memory:
 * V8 sizes its young generation by the machine, and each thread keeps the freed 19 MB of a password hash.
 */

/**
 * Huge pages make Argon2id a tenth faster, which reads and writes 19 MB in random order. The thresholds return that memory to
 * the system after each hash; the C library would otherwise raise them with the first one, and keep 19 MB a thread.
 */
const mallocTunables = {
  hugetlb: 1,
  mmap_threshold: 4 * 1024 * 1024,
  trim_threshold: 8 * 1024 * 1024,
};

/** The environment of the operator takes precedence: later options in NODE_OPTIONS, and its own GLIBC_TUNABLES. */
export function withMemorySettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const options = ['--max-semi-space-size=8', env.NODE_OPTIONS].filter(Boolean).join(' ');
  const tunables = Object.entries(mallocTunables).map(([name, value]) => `glibc.malloc.${name}=${value}`);
  return { GLIBC_TUNABLES: tunables.join(':'), ...env, NODE_OPTIONS: options, MALLOC_ARENA_MAX: '1' };
}

/** Replaces the process by the same one with the settings; its id stays. On Windows, or with MALLOC_ARENA_MAX set, nothing changes. */
export function applyMemorySettings(): void {
  const { env, platform, execPath, execArgv, argv } = process;
  if (platform === 'win32' || env.MALLOC_ARENA_MAX !== undefined) return;
  process.execve?.(execPath, [execPath, ...execArgv, ...argv.slice(1)], withMemorySettings(env));
}
