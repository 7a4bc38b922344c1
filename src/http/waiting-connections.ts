/**
 * Ends the connections that keep a closing server from its end. Node then closes those that wait for their next request, but
 * not those that have sent no request yet, as browsers and load balancers open them in advance, nor those whose request
 * never becomes complete: with its listener it also stops the checks of `connectionTimeouts`.
 */
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { operationDeadlineMs } from './deadline.ts';

export function endWaitingConnections(server: FastifyInstance): void {
  const unused = new Set<Socket>();
  server.server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.server.on('request', ({ socket }) => unused.delete(socket));
  server.addHook('preClose', (done) => {
    for (const socket of unused) socket.destroy();
    // Every operation that has begun has its answer by then.
    const timer = setTimeout(() => server.server.closeAllConnections(), operationDeadlineMs);
    server.server.once('close', () => clearTimeout(timer));
    done();
  });
}
