/**
 * The revocation feed: what verifiers that trust tokens locally must refuse before the tokens expire. A reader sends its
 * cursor and receives what became visible since; without one, everything that is still of use.
 */
import { createHash } from 'node:crypto';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import {
  findRevocationsAfter,
  type RevocationRow,
  readRevocationState,
  readRevocations,
} from '../../persistence/events/revocations.ts';
import type { StoredEventType } from '../../persistence/events/stored-event.ts';
import { type Clock, secondsAfter } from '../clock.ts';
import { decodeCursor, encodeCursor, type FeedCursor } from './feed-cursor.ts';
import type { EventTail } from './tail.ts';

/** Times are in seconds since the epoch. After `until`, the tokens in question have expired. */
export type Revocation =
  | { kind: 'session'; id: string; until: number }
  | { kind: 'subject'; id: string; issuedBefore: number; until: number }
  /** With `issuedBefore`, the key itself lives on. */
  | { kind: 'key'; id: string; issuedBefore?: number; until: number };

export interface RevocationFeed {
  cursor: string;
  /** Whether the entries replace all that the reader has. */
  full: boolean;
  /** Equal for equal answers to the same request. */
  etag: string;
  /** Only of changes. */
  isEmpty: boolean;
  entries: AsyncIterable<readonly Revocation[]>;
}

export interface FeedDeps {
  em: EntityManager;
  clock: Clock;
  settings: { accessTokenTtlSeconds: number; clientTokenTtlSeconds: number };
}

type Rule = 'session' | 'key' | 'service account' | 'subject' | 'subject, its second included';

/** Whose tokens an event invalidates. An event of a user counts from its own second on, or from the next one. */
const rules: Readonly<Partial<Record<StoredEventType, Rule>>> = {
  SESSION_ENDED: 'session',
  API_KEY_REVOKED: 'key',
  SERVICE_ACCOUNT_STOPPED: 'service account',
  // Their users get new tokens in the same second, by the change itself.
  PASSWORD_CHANGED: 'subject',
  MFA_DISABLED: 'subject',
  USER_SUSPENDED: 'subject, its second included',
  USER_DELETED: 'subject, its second included',
  USER_ROLE_CHANGED: 'subject, its second included',
};
const types = Object.keys(rules);

/** Without those whose tokens have expired. */
function toRevocations(rows: readonly RevocationRow[], { settings, clock }: FeedDeps): Revocation[] {
  const now = clock.now().getTime() / 1000;
  return rows.flatMap((row) => revocationsOf(row, settings)).filter(({ until }) => until > now);
}

function revocationsOf(
  { type, occurredAt, userId, sessionId, data, apiKeyIds }: RevocationRow,
  { accessTokenTtlSeconds, clientTokenTtlSeconds }: FeedDeps['settings'],
): Revocation[] {
  const seconds = new Date(occurredAt).getTime() / 1000;
  const until = Math.ceil(seconds) + accessTokenTtlSeconds;
  const nextSecond = Math.floor(seconds) + 1;
  switch (rules[type]) {
    case 'session':
      return sessionId === null ? [] : [{ kind: 'session', id: sessionId, until }];
    case 'key':
      return typeof data.apiKeyId === 'string' ? [{ kind: 'key', id: data.apiKeyId, until }] : [];
    case 'service account': {
      if (typeof data.serviceAccountId !== 'string') return [];
      const ofTokens = Math.ceil(seconds) + Math.max(accessTokenTtlSeconds, clientTokenTtlSeconds);
      return [
        { kind: 'subject', id: data.serviceAccountId, issuedBefore: nextSecond, until: ofTokens },
        ...(apiKeyIds ?? []).map((id) => ({ kind: 'key' as const, id, issuedBefore: nextSecond, until })),
      ];
    }
    case 'subject':
      return userId === null ? [] : [{ kind: 'subject', id: userId, issuedBefore: Math.floor(seconds), until }];
    case 'subject, its second included':
      return userId === null ? [] : [{ kind: 'subject', id: userId, issuedBefore: nextSecond, until }];
    default:
      return [];
  }
}

/** More changes than this are answered as a full list. */
const maxChanges = 10_000;
const pageSize = 2000;

/** @param after the cursor of an earlier answer */
export async function readFeed(deps: FeedDeps, after: string | null): Promise<RevocationFeed> {
  const { em, clock, settings } = deps;
  const now = clock.now();
  const { accessTokenTtlSeconds, clientTokenTtlSeconds } = settings;
  const since = secondsAfter(now, -Math.max(accessTokenTtlSeconds, clientTokenTtlSeconds));
  const reading = em.fork();
  const state = await readRevocationState(reading, { types, since });
  const cursor = encodeCursor({ ...state, readAt: now });
  const known = after === null ? null : decodeCursor(after);
  const toEntries = (rows: readonly RevocationRow[]) => toRevocations(rows, deps);
  if (known && continues(known, state, secondsAfter(now, -accessTokenTtlSeconds))) {
    // Read after the position: what commits in between is in this answer, and again in the next one.
    const rows = await findRevocationsAfter(reading, known.snapshot, { types, since, limit: maxChanges + 1 });
    if (rows.length <= maxChanges)
      return {
        cursor,
        full: false,
        isEmpty: rows.length === 0,
        etag: etagOf([after, ...rows.map(({ id }) => id)]),
        entries: once(toEntries(rows)),
      };
  }
  const { count, newest } = state;
  const pages = readRevocations(reading, state, { types, since, pageSize });
  return {
    cursor,
    full: true,
    isEmpty: count === 0,
    etag: etagOf(['full', count, newest]),
    entries: mapped(pages, toEntries),
  };
}

/**
 * Listens for events of the feed. Read the feed after this has resolved, and wait only if it had no entries: nothing falls
 * between the two.
 */
export async function listenForRevocations(tail: Pick<EventTail, 'listen'>): Promise<{
  /** Resolves with the next event, after this time, or with the signal. */
  next(seconds: number, signal: AbortSignal): Promise<void>;
  stop(): void;
}> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = await tail.listen((events) => {
    if (events.some(({ type }) => types.includes(type))) resolve();
  });
  return {
    async next(seconds, signal) {
      const timer = setTimeout(resolve, seconds * 1000);
      const abort = () => resolve();
      signal.addEventListener('abort', abort, { once: true });
      await promise;
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    },
    stop,
  };
}

function continues(known: FeedCursor, state: { clusterId: string; snapshot: string }, since: Date): boolean {
  const endOf = (snapshot: string) => BigInt(snapshot.split(':')[1] ?? '0');
  const isSameCluster = known.clusterId === state.clusterId && endOf(known.snapshot) <= endOf(state.snapshot);
  return isSameCluster && known.readAt > since;
}

async function* once<Item>(item: Item): AsyncGenerator<Item> {
  yield item;
}

async function* mapped<From, To>(pages: AsyncIterable<From>, change: (page: From) => To): AsyncGenerator<To> {
  for await (const page of pages) yield change(page);
}

function etagOf(parts: readonly unknown[]): string {
  return `"${createHash('sha256').update(JSON.stringify(parts)).digest('base64url')}"`;
}
