/**
 * Keeps an outage from costing connections for good. A query that ran into its deadline leaves a connection that is
 * still busy with it, and kysely does not give a connection back when `begin` or `rollback` fails; the pool goes on
 * counting both, until nothing is left of it. So here: what missed a deadline is closed, and what is closed is released.
 */
import type { Pool, PoolClient } from 'pg';

export function repairPool(pool: Pool): void {
  pool.on('connect', closeWhenLate);
  pool.on('acquire', releaseWhenClosed);
}

function closeWhenLate(client: PoolClient): void {
  client.query = new Proxy(client.query, {
    apply(query, _self, args) {
      const result: unknown = Reflect.apply(query, client, args);
      if (result instanceof Promise) {
        result.catch((error: unknown) => {
          if (error instanceof Error && /read timeout/i.test(error.message)) close(client);
        });
      }
      return result;
    },
  });
}

/** With a query under way, `end` does not wait for it: it closes the socket. */
function close(client: PoolClient): void {
  if ('end' in client && typeof client.end === 'function') Promise.resolve(client.end()).catch(() => undefined);
}

function releaseWhenClosed(client: PoolClient): void {
  const release = client.release;
  let released = false;
  const releaseOnce = (error?: Error | boolean) => {
    if (released) return;
    released = true;
    client.off('end', onEnd);
    release.call(client, error);
  };
  const onEnd = () => releaseOnce(true);
  client.release = releaseOnce;
  client.once('end', onEnd);
}
