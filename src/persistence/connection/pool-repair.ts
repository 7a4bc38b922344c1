/**
 * Keeps connections available after an outage. A query past its deadline leaves a busy connection, and kysely does not
 * return a connection when `begin` or `rollback` fails: the pool would count both until it is empty. Here a connection
 * with a missed deadline is closed, and a closed one is released. A connection to a server that has become read-only is
 * closed too: the next one may reach the new primary.
 */
import type { Pool, PoolClient } from 'pg';
import { endsConnection } from './availability.ts';

export function repairPool(pool: Pool): void {
  pool.on('connect', closeWhenUseless);
  pool.on('connect', releaseWhenClosed);
}

function closeWhenUseless(client: PoolClient): void {
  client.query = new Proxy(client.query, {
    apply(query, _self, args) {
      const result: unknown = Reflect.apply(query, client, args);
      if (result instanceof Promise) {
        result.catch((error: unknown) => {
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

/** The pool assigns a new `release` at each checkout, and calling one twice is an error: this calls the first one only. */
function releaseWhenClosed(client: PoolClient): void {
  let release: PoolClient['release'] = () => undefined;
  Object.defineProperty(client, 'release', {
    get: () => release,
    set: (given: PoolClient['release']) => {
      release = onlyOnce(given);
    },
  });
  client.once('end', () => release(true));
}

function onlyOnce(release: PoolClient['release']): PoolClient['release'] {
  let released = false;
  return (error) => {
    if (released) return;
    released = true;
    release(error);
  };
}
