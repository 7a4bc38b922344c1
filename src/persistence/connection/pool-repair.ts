/**
 * Keeps connections available after an outage. A query past its deadline leaves a busy connection, and kysely does not
 * return a connection when `begin` or `rollback` fails: the pool would count both until it is empty. Here a connection
 * with a missed deadline is closed, and a closed one is released. A connection to a server that stops or has become
 * read-only is closed too: the next one may reach the new primary. The first read-only answer empties the whole pool.
 */
import type { Pool, PoolClient } from 'pg';
import { endsConnection, isReadOnly } from './availability.ts';

/**
 * @param onLost is called when a server stopped or became read-only
 * @returns what closes every connection that exists now, a busy one after its work
 */
export function repairPool(pool: Pool, onLost: () => void): () => void {
  const open = new Set<PoolClient>();
  /** The connections that existed when the pool was emptied. */
  const outdated = new WeakSet<PoolClient>();

  function empty(): void {
    for (const client of open) outdated.add(client);
    closeIdle(pool);
  }
  function react(client: PoolClient, error: unknown): void {
    if (!endsConnection(error) || outdated.has(client)) return;
    onLost();
    if (isReadOnly(error)) empty();
  }

  pool.on('connect', (client) => {
    open.add(client);
    client.once('end', () => open.delete(client));
    closeWhenUseless(client, (error) => react(client, error));
    releaseOnce(client, () => outdated.has(client));
  });
  // The errors of `pool.query`, which gives its connections no promise.
  pool.on('release', (error, client) => {
    if (error) react(client, error);
  });
  return empty;
}

function closeWhenUseless(client: PoolClient, react: (error: unknown) => void): void {
  client.query = new Proxy(client.query, {
    apply(query, _self, args) {
      const result: unknown = Reflect.apply(query, client, args);
      if (result instanceof Promise) {
        result.catch((error: unknown) => {
          react(error);
          if (endsConnection(error)) close(client);
        });
      }
      return result;
    },
  });
}

/** During a query, `end` closes the socket without waiting. */
function close(client: PoolClient): void {
  if ('end' in client && typeof client.end === 'function') Promise.resolve(client.end()).catch(() => undefined);
}

/** The pool closes a connection that is released with an error. */
function closeIdle(pool: Pool): void {
  for (let idle = pool.idleCount; idle > 0; idle -= 1) {
    pool.connect((_error, client) => client?.release(true));
  }
}

/**
 * Releases a closed connection. The pool assigns a new `release` at each checkout, and calling one twice is an error: this
 * calls the first one only.
 * @param isOutdated whether the pool should close the connection
 */
function releaseOnce(client: PoolClient, isOutdated: () => boolean): void {
  let release: PoolClient['release'] = () => undefined;
  Object.defineProperty(client, 'release', {
    get: () => release,
    set: (given: PoolClient['release']) => {
      release = onlyOnce(given, isOutdated);
    },
  });
  client.once('end', () => release(true));
}

function onlyOnce(release: PoolClient['release'], isOutdated: () => boolean): PoolClient['release'] {
  let released = false;
  return (error) => {
    if (released) return;
    released = true;
    release(error ?? isOutdated());
  };
}
