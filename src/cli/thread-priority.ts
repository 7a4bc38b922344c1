/**
 * Password hashes run in libuv's threads and occupy every core during many sign-ins. With a lower priority for these threads,
 * other requests and the database on the same machine do not wait for them (measured with `npm run bench:overload`).
 */
import { readdir, readFile } from 'node:fs/promises';
import { setPriority } from 'node:os';

/** The nice value of this work. */
const priority = 10;
/** On Linux each thread has its own priority; elsewhere this folder does not exist. */
const folder = '/proc/self/task';

export async function lowerThreadPriority(): Promise<void> {
  for (const thread of await readdir(folder).catch(() => [])) {
    const name = await readFile(`${folder}/${thread}/comm`, 'utf8').catch(() => '');
    if (name.trim() === 'libuv-worker') setPriorityIfAllowed(Number(thread));
  }
}

/** For a long command beside a gateway on the same machine: requests do not wait for it. */
export function lowerProcessPriority(): void {
  setPriorityIfAllowed(process.pid);
}

/** Some sandboxes forbid it: the work then competes with requests, as hashes do on other systems. */
function setPriorityIfAllowed(thread: number): void {
  try {
    setPriority(thread, priority);
  } catch {
    // Nothing depends on it.
  }
}
