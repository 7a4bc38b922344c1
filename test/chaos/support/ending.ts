/** What a suite of drills has to end: everything that it started, in reverse order. */
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export interface Ending {
  add(end: () => unknown): void;
  /** A new folder that is removed at the end. */
  folder(): Promise<string>;
}

/** The user of programs that refuse to run as root (development/embedded-postgres.ts). */
export const unprivilegedId = 65534;

export function useEnding(): Ending {
  const all: (() => unknown)[] = [];
  afterAll(async () => {
    for (const end of all.splice(0).reverse()) await end();
  }, 120_000);
  return {
    add: (end) => void all.push(end),
    async folder() {
      const path = await mkdtemp(join(tmpdir(), 'postern-chaos-'));
      if (process.getuid?.() === 0) await chown(path, unprivilegedId, unprivilegedId);
      all.push(() => rm(path, { recursive: true, force: true }));
      return path;
    },
  };
}
