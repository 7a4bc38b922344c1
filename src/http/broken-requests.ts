/**
 * What Node would answer by itself, past every hook and without a header of ours: bytes that are no HTTP, headers that
 * are too long, requests that never end, expectations that nobody has.
 */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { Refusal } from '../domain/errors.ts';
import { errorBody } from '../graphql/errors.ts';
import { bareSecurityHeaders } from './security-headers.ts';

const statuses: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** For Fastify's `clientErrorHandler`. */
export function createBrokenRequestHandler(overTls: boolean): (error: { code: string }, socket: Socket) => void {
  const headers = bareSecurityHeaders(overTls);
  return ({ code }, socket) => {
    if (socket.writable) socket.write(answerFor(statuses[code] ?? 400, headers));
    socket.destroy();
  };
}

function answerFor(status: number, headers: Readonly<Record<string, string>>): string {
  const requestId = uuidv7();
  const { errors } = errorBody(new Refusal('BAD_REQUEST'), requestId);
  const message = STATUS_CODES[status] ?? 'Bad Request';
  const body = JSON.stringify({ errors: errors.map((error) => ({ ...error, message })) });
  const all = {
    ...headers,
    connection: 'close',
    'content-length': Buffer.byteLength(body),
    'content-type': 'application/json; charset=utf-8',
    'x-request-id': requestId,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${message}\r\n${lines.join('')}\r\n${body}`;
}

/** RFC 9110 10.1.1 lets a server pass over an expectation that it does not know. */
export function ignoreExpectations({ server }: FastifyInstance): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

/** RFC 9112 3.2: one, of which we make nothing, but of which a proxy before us may have made something else. */
export function refuseWithoutOneHost(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    if (request.raw.httpVersion !== '1.1' || hostsOf(request) === 1) return;
    const { errors } = errorBody(new Refusal('BAD_REQUEST'), request.id);
    const body = { errors: errors.map((error) => ({ ...error, message: 'Send one Host header.' })) };
    return reply.code(400).header('connection', 'close').send(body);
  });
}

function hostsOf({ raw: { rawHeaders } }: FastifyRequest): number {
  return rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
}
