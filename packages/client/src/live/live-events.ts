/**
 * Follows the events of the session: its end and changed permissions reach all tabs within a second. One tab holds the
 * stream; the others receive the results as they receive tokens.
 */
import { SessionEventsDocument, type SessionEventsSubscription } from '../generated/operations.ts';
import type { Session } from '../session/session.ts';
import { whileLeading } from './leader.ts';
import { readServerEvents } from './server-events.ts';

export interface LiveOptions {
  /** The GraphQL endpoint of the gateway. */
  endpoint: string;
  fetch: typeof fetch | undefined;
  headers: Record<string, string> | undefined;
  session: Session;
  /** The name of the lock of the tabs; null: no other tab shares the session. */
  lockName: string | null;
  /** Ends it. */
  signal: AbortSignal;
}

/** What follows the end of a stream: another one at once or after a pause, with the next session, or none. */
type Next = 'at once' | 'soon' | 'with the next session' | 'never' | { afterSeconds: number };

const shortestPauseMs = 1000;
const longestPauseMs = 30_000;

export async function followSessionEvents(options: LiveOptions): Promise<void> {
  const { lockName, signal } = options;
  await whileLeading(lockName, signal, async () => {
    let failures = 0;
    while (!signal.aborted) {
      const next = await follow(options).catch((): Next => 'soon');
      if (next === 'never') return;
      failures = next === 'soon' ? failures + 1 : 0;
      if (next === 'with the next session') await sessionStart(options);
      else if (next !== 'at once') await pause(pauseAfter(next, failures), signal);
    }
  });
}

/** Clients that lost one gateway must not reach the next one together. */
function pauseAfter(next: Next, failures: number): number {
  const askedMs =
    typeof next === 'object' ? next.afterSeconds * 1000 : shortestPauseMs * 2 ** Math.max(0, failures - 1);
  return Math.min(Math.max(askedMs, shortestPauseMs), longestPauseMs) * (0.5 + Math.random());
}

/** Holds one stream until it ends. */
async function follow(options: LiveOptions): Promise<Next> {
  const { session, signal } = options;
  const token = await session.accessToken();
  const sessionId = session.id;
  if (token === null || sessionId === null) return 'with the next session';
  const ending = new AbortController();
  const end = () => ending.abort();
  signal.addEventListener('abort', end);
  const stopListening = session.listen({ onSessionEnd: ({ id }) => id === sessionId && end() });
  try {
    const response = await open(options, token, ending.signal);
    if (!response.ok || response.body === null) return await afterRefusal(response, session, token);
    for await (const { event, data } of readServerEvents(response.body)) {
      if (event === 'complete') break;
      const next = await react(data, session, { token, sessionId });
      if (next) return next;
    }
    return 'soon';
  } catch (error) {
    if (ending.signal.aborted) return 'with the next session';
    throw error;
  } finally {
    stopListening();
    signal.removeEventListener('abort', end);
    end();
  }
}

function open({ endpoint, headers, fetch: ownFetch = fetch }: LiveOptions, token: string, signal: AbortSignal) {
  return ownFetch(`${endpoint}/stream`, {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ query: SessionEventsDocument.toString() }),
    // The token alone opens a stream.
    credentials: 'omit',
    signal,
  });
}

async function afterRefusal(response: Response, session: Session, token: string): Promise<Next> {
  await response.body?.cancel().catch(() => undefined);
  const { status, headers } = response;
  if (status === 401) return (await session.renew(token)) === null ? 'with the next session' : 'soon';
  // The gateway has no streams, or is an older version.
  if (status === 404 || status === 400 || status === 405) return 'never';
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return seconds > 0 ? { afterSeconds: seconds } : 'soon';
}

/** @returns how to continue when the stream has done its work; null: it stays open */
async function react(data: string, session: Session, held: { token: string; sessionId: string }): Promise<Next | null> {
  const answer: { data?: SessionEventsSubscription | null } = JSON.parse(data);
  const event = answer.data?.sessionEvents;
  switch (event?.__typename) {
    case 'SessionEnding':
      await session.endedElsewhere(held.sessionId);
      return 'with the next session';
    case 'PermissionsChanged':
      await session.changePermissions(held.token, event.permissions);
      return null;
    case 'TokenExpiring':
      await session.renew(held.token);
      return 'at once';
    default:
      return null;
  }
}

/** Resolves when a session starts, here or in another tab. */
async function sessionStart({ session, signal }: LiveOptions): Promise<void> {
  if (session.id !== null) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      stopListening();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const stopListening = session.listen({ onSessionStart: done });
    signal.addEventListener('abort', done);
  });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
