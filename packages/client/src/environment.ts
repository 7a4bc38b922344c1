/** Functions of the platform that some browsers and runtimes lack, each with a replacement. */

/** Whether there is a document: a page, not a server, a worker or a native app. */
export function isPage(): boolean {
  return 'document' in globalThis;
}

/** Milliseconds. Without `performance` they follow the system clock. */
export function monotonicNow(): number {
  const { performance }: { performance?: { now(): number } } = globalThis;
  return performance ? performance.now() : Date.now();
}

/** Runs a handler of the app outside the current call, so that an error in it does not break the client. */
export function runLater(handler: () => void): void {
  const { queueMicrotask: enqueue = (task: () => void) => setTimeout(task, 0) } = globalThis;
  enqueue(handler);
}

export interface Deadline {
  signal: AbortSignal;
  /** Whether the time has passed. */
  expired(): boolean;
  /** Stops the timer. */
  clear(): void;
}

/**
 * Aborts after some milliseconds or with another signal. Does the work of `AbortSignal.timeout` and `AbortSignal.any`, which
 * browsers have only since 2022 and 2024.
 */
export function startDeadline(ms: number, outer?: AbortSignal): Deadline {
  const controller = new AbortController();
  let isExpired = false;
  const abort = () => controller.abort(outer?.reason);
  const timer = setTimeout(() => {
    isExpired = true;
    controller.abort();
  }, ms);
  if (outer?.aborted) abort();
  outer?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    expired: () => isExpired,
    clear() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', abort);
    },
  };
}

interface PageLocation {
  href: string;
  assign(url: string): void;
}

/** The address of the page; null: there is no page. */
export function pageLocation(): PageLocation | null {
  const place: unknown = Reflect.get(globalThis, 'location');
  return isLocation(place) ? place : null;
}

function isLocation(place: unknown): place is PageLocation {
  return typeof place === 'object' && place !== null && 'href' in place && 'assign' in place;
}
