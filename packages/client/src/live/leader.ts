/** Elects one tab of a browser: the others wait until it closes. */

interface Locks {
  request(name: string, options: { signal: AbortSignal }, task: () => Promise<void>): Promise<unknown>;
}

/** @param name of the lock; null, and without Web Locks: this tab leads alone */
export async function whileLeading(name: string | null, signal: AbortSignal, task: () => Promise<void>): Promise<void> {
  const { navigator }: { navigator?: { locks?: Locks } } = globalThis;
  const locks = navigator?.locks;
  if (name === null || !locks) return task();
  let isLeading = false;
  const lead = () => {
    isLeading = true;
    return task();
  };
  await locks.request(name, { signal }, lead).catch(async () => {
    // A sandboxed frame may not use locks.
    if (!isLeading && !signal.aborted) await task();
  });
}
