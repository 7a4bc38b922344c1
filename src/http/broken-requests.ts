/**
 * Answers the requests that Node would answer itself, without any hook or security header: bytes that are not HTTP,
 * oversized headers, requests that never end, unknown expectations.
 */
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../domain/errors.ts';
import { errorBody } from '../graphql/request/errors.ts';
import { securityHeaders } from './security-headers.ts';

const statuses: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** For Fastify's `clientErrorHandler`. */
export function createBrokenRequestHandler(overTls: boolean): (error: { code: string }, socket: Socket) => void {
  const headers = securityHeaders(overTls);
  return ({ code }, socket) => {
    if (socket.writable) socket.write(answerFor(statuses[code] ?? 400, headers));
    socket.destroy();
  };
}

function answerFor(status: number, headers: Readonly<Record<string, string>>): string {
  const requestId = randomUUID();
  const message = STATUS_CODES[status] ?? 'Bad Request';
  const body = JSON.stringify(errorBody(new Refusal('BAD_REQUEST'), requestId, message));
  const all = {
    ...headers,
    'cache-control': 'no-store',
    connection: 'close',
    'content-length': Buffer.byteLength(body),
    'content-type': 'application/json; charset=utf-8',
    'x-request-id': requestId,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${message}\r\n${lines.join('')}\r\n${body}`;
}

/** RFC 9110 10.1.1 lets a server ignore an unknown expectation. */
export function ignoreExpectations({ server }: FastifyInstance): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

/**
 * RFC 9112 3.2: HTTP/1.1 requires one Host header with a valid host, because a proxy may have read it differently.
 * HTTP/1.0 requires none, and gets a fixed one. Forwarded hosts and protocols are unused and dropped: Apollo's adapter
 * builds a URL from them, which throws on invalid ones.
 */
export function refuseWithoutOneHost(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    const { headers, httpVersion } = request.raw;
    delete headers['x-forwarded-host'];
    delete headers['x-forwarded-proto'];
    if (httpVersion === '1.0' && hostsOf(request) === 0) {
      headers.host = 'localhost';
      return done();
    }
    if (hostsOf(request) === 1 && isHost(headers.host ?? '')) return done();
    const body = errorBody(new Refusal('BAD_REQUEST'), request.id, 'Send exactly one valid Host header.');
    reply.code(400).header('connection', 'close').send(body);
  });
}

function isHost(text: string): boolean {
  return (
    text.length <= 300 &&
    /^[\w.~%-]+(:\d{0,5})?$|^\[[\da-f:.]+\](:\d{0,5})?$/i.test(text) &&
    URL.canParse(`http://${text}/`)
  );
}

function hostsOf({ raw: { rawHeaders } }: FastifyRequest): number {
  return rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
}
