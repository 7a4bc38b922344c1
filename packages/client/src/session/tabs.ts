/**
 * Coordinates the tabs of one browser that share a session: one tab at a time changes it (Web Locks), and the others receive
 * the result (BroadcastChannel). Without either, tabs behave like separate devices: the gateway gives both the same successor.
 */
import { isTabMessage, type TabMessage } from './tab-message.ts';

export interface Tabs {
  /** Runs tasks one at a time. @param task receives whether it had to wait for another */
  exclusively<Result>(task: (waited: boolean) => Promise<Result>): Promise<Result>;
  broadcast(message: TabMessage): void;
  /** Resolves with the next message, or after this time without one. */
  nextMessage(withinMs: number): Promise<void>;
  close(): void;
}

interface Locks {
  request<Result>(
    name: string,
    options: { ifAvailable?: boolean },
    task: (lock: unknown) => Promise<Result>,
  ): Promise<Result>;
}

/**
 * Messages and locks travel separately. A tab that gets the lock before the message would repeat the work, so the lock is
 * held this much longer than its task.
 */
const arrivalMs = 50;

/** For a session that no other tab shares. */
export function noTabs(): Tabs {
  return {
    exclusively: queue(),
    broadcast: () => undefined,
    nextMessage: async () => undefined,
    close: () => undefined,
  };
}

/** @param name the same in all tabs that share the session @param onMessage receives the messages of other tabs */
export function openTabs(name: string, onMessage: (message: TabMessage) => void): Tabs {
  const channel = openChannel(name);
  if (!channel) return { ...noTabs(), exclusively: lockedBy(name) };
  const waiting = new Set<() => void>();
  channel.onmessage = ({ data }: { data: unknown }) => {
    if (!isTabMessage(data)) return;
    onMessage(data);
    for (const wake of waiting) wake();
  };
  return {
    exclusively: lockedBy(name),
    broadcast: (message) => {
      try {
        channel.postMessage(message);
      } catch {
        // The channel is closed: the gateway informs the other tabs.
      }
    },
    nextMessage: (withinMs) => wakeUp(waiting, withinMs),
    close: () => channel.close(),
  };
}

/** Resolves when one of `waiting` is called, or after `withinMs`. */
function wakeUp(waiting: Set<() => void>, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      waiting.delete(wake);
      resolve();
    };
    const timer = setTimeout(wake, withinMs);
    waiting.add(wake);
  });
}

/** @returns null without BroadcastChannel, and when the origin may not use it (sandboxed frames, blocked site data) */
function openChannel(name: string) {
  try {
    return new BroadcastChannel(name);
  } catch {
    return null;
  }
}

function lockedBy(name: string): Tabs['exclusively'] {
  const { navigator }: { navigator?: { locks?: Locks; userAgent?: string } } = globalThis;
  const locks = navigator?.locks;
  const inTurn = queue();
  if (!locks) return inTurn;
  return (task) => underLock(locks, name, task, inTurn);
}

/** Where the browser refuses the lock, the task runs in this tab's own queue. */
function underLock<Result>(
  locks: Locks,
  name: string,
  task: (waited: boolean) => Promise<Result>,
  inTurn: Tabs['exclusively'],
): Promise<Result> {
  return new Promise((resolve, reject) => {
    let isStarted = false;
    const hold = async (waited: boolean) => {
      isStarted = true;
      await task(waited).then(resolve, reject);
      await new Promise((arrived) => setTimeout(arrived, arrivalMs));
      return true;
    };
    const take = async () => {
      const atOnce = await locks.request(name, { ifAvailable: true }, async (lock) => lock !== null && hold(false));
      if (!atOnce) await locks.request(name, {}, () => hold(true));
    };
    take().catch(() => {
      if (!isStarted) inTurn(task).then(resolve, reject);
    });
  });
}

function queue(): Tabs['exclusively'] {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const turn = last.then(() => task(false));
    last = turn.catch(() => undefined);
    return turn;
  };
}
