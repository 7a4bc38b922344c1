/**
 * The other tabs of the same browser that share a session: one of them at a time does what changes it (Web Locks), and
 * the others are told what came of it (BroadcastChannel). A browser without either is no worse off than two devices are: the
 * gateway gives both the same successor.
 */

/**
 * `SIGNED_OUT`: by this client or another tab of it, or the account was deleted. `REVOKED`: elsewhere, by the user or an
 * administrator, or with a change of password. `REFUSED`: the gateway did not continue it, because it has run out or was
 * ended while nobody looked. `REPLACED`: somebody has signed in anew, here or in another tab; a start follows.
 */
export type SessionEndReason = (typeof endReasons)[number];
const endReasons = ['SIGNED_OUT', 'REVOKED', 'REFUSED', 'REPLACED'] as const;

/** What one tab tells the others. */
export type News =
  | { kind: 'tokens'; sessionId: string; accessToken: string; lifetimeMs: number; remainingMs: number }
  | { kind: 'end'; sessionId: string; reason: SessionEndReason };

export interface Tabs {
  /** @param task is told whether it had to wait for another */
  alone<Result>(task: (waited: boolean) => Promise<Result>): Promise<Result>;
  tell(news: News): void;
  /** Resolves with the next news, or when none has come in that time. */
  nextNews(withinMs: number): Promise<void>;
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
 * News and locks travel apart. A tab that got the lock before the news would do once more what was done just now: so what is
 * told is given this long to arrive.
 */
const arrivalMs = 50;

/** For a session that nobody shares: those who ask at the same time queue up, and that is all. */
export function noTabs(): Tabs {
  return { alone: queue(), tell: () => undefined, nextNews: async () => undefined, close: () => undefined };
}

/** @param name by which they find each other @param hear gets what others tell */
export function openTabs(name: string, hear: (news: News) => void): Tabs {
  const { navigator }: { navigator?: { locks?: Locks; userAgent?: string } } = globalThis;
  const locks = navigator?.locks;
  const channel = new BroadcastChannel(name);
  const waiting = new Set<() => void>();
  channel.onmessage = ({ data }: { data: unknown }) => {
    if (!isNews(data)) return;
    hear(data);
    for (const wake of waiting) wake();
  };
  return {
    alone: locks ? (task) => lockedBy(locks, name, task) : queue(),
    tell: (news) => channel.postMessage(news),
    nextNews: (withinMs) =>
      new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, withinMs);
        waiting.add(wake);
      }),
    close: () => channel.close(),
  };
}

/** The lock is held a moment longer than its task, of which nobody but the next in line hears. */
function lockedBy<Result>(locks: Locks, name: string, task: (waited: boolean) => Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const hold = async (waited: boolean) => {
      await task(waited).then(resolve, reject);
      await new Promise((arrived) => setTimeout(arrived, arrivalMs));
      return true;
    };
    const take = async () => {
      const atOnce = await locks.request(name, { ifAvailable: true }, async (lock) => lock !== null && hold(false));
      if (!atOnce) await locks.request(name, {}, () => hold(true));
    };
    take().catch(reject);
  });
}

function queue(): Tabs['alone'] {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const turn = last.then(() => task(false));
    last = turn.catch(() => undefined);
    return turn;
  };
}

/** Another tab may run another version of the app. */
function isNews(data: unknown): data is News {
  if (typeof data !== 'object' || data === null) return false;
  const news: { [name: string]: unknown } = { ...data };
  if (typeof news.sessionId !== 'string') return false;
  if (news.kind === 'end') return endReasons.some((reason) => reason === news.reason);
  const { accessToken, lifetimeMs, remainingMs } = news;
  const isTimed = typeof lifetimeMs === 'number' && typeof remainingMs === 'number';
  return news.kind === 'tokens' && typeof accessToken === 'string' && isTimed;
}
