/**
 * A proxy between the gateway and its database that counts and records the statements that PostgreSQL executes, from the
 * messages of its protocol (PostgreSQL, 54.7).
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { portOf } from '../servers/free-port.ts';

export interface StatementCounter {
  /** The address of the database through the counter. */
  url: string;
  /** @returns how many statements were executed during the work */
  during(work: () => Promise<unknown>): Promise<number>;
  /** @returns the statements of the transactions that began during the work, in order */
  record(work: () => Promise<unknown>): Promise<Statement[]>;
  close(): Promise<void>;
}

export interface Statement {
  /** The number of its transaction, or of the statement outside a transaction. */
  unit: number;
  text: string;
  /** The tag of PostgreSQL's response, for example `INSERT 0 1`: it counts the rows. */
  tag: string;
}

const startLength = 4;
const headLength = 5;

export async function startStatementCounter(target: string): Promise<StatementCounter> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const statements: Statement[] = [];
  const units = { last: 0 };
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      // The gateway closes the connection when it no longer needs it.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        near.destroy();
        far.destroy();
        sockets.delete(socket);
      });
    }
    const { onRequest, onAnswer } = recorder(statements, units);
    near.on('data', readMessages(onRequest, false));
    far.on('data', readMessages(onAnswer, true));
    near.pipe(far);
    far.pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.host = `127.0.0.1:${portOf(server)}`;
  return {
    url: url.href,
    async during(work) {
      const before = statements.length;
      await work();
      return statements.length - before;
    },
    async record(work) {
      const [before, lastUnit] = [statements.length, units.last];
      await work();
      return statements.slice(before).filter(({ unit }) => unit > lastUnit);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/**
 * The state of one connection. Query executes a text at once; Execute executes what Bind bound of what Parse prepared.
 */
function recorder(statements: Statement[], units: { last: number }) {
  const prepared = new Map<string, string>();
  const unanswered: Statement[] = [];
  let bound = '';
  let transaction: number | null = null;
  const add = (text: string) => {
    const unit = transaction ?? ++units.last;
    if (/^begin/i.test(text)) transaction = unit;
    if (/^(commit|rollback)$/i.test(text)) transaction = null;
    const statement = { unit, text, tag: '' };
    statements.push(statement);
    unanswered.push(statement);
  };
  return {
    onRequest(type: string, body: Buffer) {
      const [first = '', second = ''] = body.toString('latin1').split('\0', 2);
      if (type === 'Q') add(first);
      if (type === 'P') prepared.set(first, second);
      if (type === 'B') bound = prepared.get(second) ?? '';
      if (type === 'E') add(bound);
    },
    onAnswer(type: string, body: Buffer) {
      // CommandComplete, EmptyQueryResponse or ErrorResponse.
      if (!['C', 'I', 'E'].includes(type)) return;
      const statement = unanswered.shift();
      if (statement) statement.tag = type === 'C' ? body.toString('latin1', 0, body.length - 1) : type;
    },
  };
}

/**
 * Reports the type and the body of each message, however the network splits them.
 * @param started false: the first message has no type
 */
function readMessages(report: (type: string, body: Buffer) => void, started: boolean): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let hasType = started;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const head = hasType ? headLength : startLength;
      if (rest.length < head) return;
      const length = rest.readUInt32BE(head - startLength) + head - startLength;
      if (rest.length < length) return;
      if (hasType) report(String.fromCharCode(rest[0] ?? 0), rest.subarray(head, length));
      hasType = true;
      rest = rest.subarray(length);
    }
  };
}
