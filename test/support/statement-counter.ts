/**
 * Stands between the gateway and its database and counts the statements that it is asked to run, from the messages of
 * PostgreSQL's protocol (PostgreSQL, 54.7): what a query costs there, whoever sends it and however.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { portOf } from './free-port.ts';

export interface StatementCounter {
  /** The database's address through the counter. */
  url: string;
  /** @returns how many statements the work led to */
  during(work: () => Promise<unknown>): Promise<number>;
  close(): Promise<void>;
}

/** Query, which runs at once, and Execute, which runs what was prepared. */
const running = new Set(['Q', 'E']);
const startLength = 4;
const headLength = 5;

export async function startStatementCounter(target: string): Promise<StatementCounter> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let count = 0;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      // The gateway closes when it is done with the connection.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        near.destroy();
        far.destroy();
        sockets.delete(socket);
      });
    }
    near.on(
      'data',
      readMessages((type) => (count += running.has(type) ? 1 : 0)),
    );
    near.pipe(far);
    far.pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.host = `127.0.0.1:${portOf(server)}`;
  return {
    url: url.href,
    async during(work) {
      const before = count;
      await work();
      return count - before;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Tells the type of each message, however the network cuts them. The first of a connection has none. */
function readMessages(tell: (type: string) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let started = false;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const head = started ? headLength : startLength;
      if (rest.length < head) return;
      const length = rest.readUInt32BE(head - startLength) + head - startLength;
      if (rest.length < length) return;
      if (started) tell(String.fromCharCode(rest[0] ?? 0));
      started = true;
      rest = rest.subarray(length);
    }
  };
}
