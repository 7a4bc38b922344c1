/**
 * Settings that V8 and the C library read before the program runs. Without them a loaded gateway holds twice the memory:
 * V8 sizes its young generation by the machine, and each thread keeps the freed 19 MB of a password hash.
 */

/** Sets both, and keeps what NODE_OPTIONS has: it comes later and takes precedence. */
export function withMemorySettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const options = ['--max-semi-space-size=8', env.NODE_OPTIONS].filter(Boolean).join(' ');
  return { ...env, NODE_OPTIONS: options, MALLOC_ARENA_MAX: '1' };
}

/** Replaces the process by the same one with the settings; its id stays. On Windows, or with MALLOC_ARENA_MAX set, nothing changes. */
export function applyMemorySettings(): void {
  const { env, platform, execPath, execArgv, argv } = process;
  if (platform === 'win32' || env.MALLOC_ARENA_MAX !== undefined) return;
  process.execve?.(execPath, [execPath, ...execArgv, ...argv.slice(1)], withMemorySettings(env));
}
