/** The open model: requests start by a schedule, so a slow server does not reduce the load. */
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Starts the work `rate` times a second. Work that is late because this process was busy starts at once.
 * @param start the work; its argument is its scheduled time by `performance.now()`
 * @returns after all work has ended
 */
export async function runOnSchedule(
  { rate, seconds }: { rate: number; seconds: number },
  start: (scheduledAt: number) => Promise<void>,
): Promise<void> {
  const begun = performance.now();
  const total = rate * seconds;
  const running = new Set<Promise<void>>();
  for (let started = 0; started < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - begun) / 1000) * rate) + 1);
    for (; started < due; started += 1) {
      const work: Promise<void> = start(begun + (started / rate) * 1000).finally(() => running.delete(work));
      running.add(work);
    }
    await sleep(1);
  }
  await Promise.all(running);
}
