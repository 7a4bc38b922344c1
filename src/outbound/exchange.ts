/** Sends one request with Node's own client and reads the answer, within limits of time and size. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, STATUS_CODES } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Target } from './address-rules.ts';
import { OutboundRefused, OutboundTooLarge, OutboundUnavailable } from './errors.ts';

export interface Message {
  method: string;
  headers: Headers;
  body: string | Uint8Array | null;
}

export interface ExchangeLimits {
  /** For the whole call: name, connection, wait for a free socket, answer. */
  totalMs: number;
  maxAnswerBytes: number;
  /** Whether an answer of more bytes is cut there; otherwise it is an OutboundTooLarge. */
  cutsAnswer: boolean;
}

const connectMs = 2000;

/** 64 sockets in all, 8 for one host. Each serves one request, so none outlives the check of its address. */
const agents = {
  'https:': new HttpsAgent({ maxSockets: 8, maxTotalSockets: 56 }),
  'http:': new HttpAgent({ maxSockets: 8, maxTotalSockets: 8 }),
};

/** @throws OutboundRefused, OutboundUnavailable, OutboundTooLarge */
export async function exchange(target: Target, message: Message, limits: ExchangeLimits): Promise<Response> {
  const ended = new AbortController();
  let connected = false;
  const timer = setTimeout(
    () => ended.abort(new OutboundUnavailable('the server did not answer in time', { connected })),
    limits.totalMs,
  );
  try {
    const answer = await send(target, message, ended.signal, () => {
      connected = true;
    });
    return responseOf(answer, await readBody(answer, limits));
  } catch (error) {
    throw ended.signal.aborted ? ended.signal.reason : outboundError(error, connected);
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}

/** @returns once the headers arrived. Redirects are not followed. */
function send(
  { url, lookup }: Target,
  { method, headers, body }: Message,
  signal: AbortSignal,
  onConnect: () => void,
): Promise<IncomingMessage> {
  const isSecure = url.protocol === 'https:';
  const options = {
    ...{ method, lookup, signal, headers: { ...Object.fromEntries(headers), connection: 'close' } },
    agent: agents[isSecure ? 'https:' : 'http:'],
  };
  return new Promise<IncomingMessage>((resolve, reject) => {
    const request = isSecure ? httpsRequest(url, options) : httpRequest(url, options);
    request.on('error', reject);
    request.on('response', resolve);
    request.on('socket', (socket) => {
      const late = () => request.destroy(new OutboundUnavailable('no connection in time'));
      const timer = setTimeout(late, connectMs);
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        clearTimeout(timer);
        onConnect();
      });
      socket.once('close', () => clearTimeout(timer));
    });
    request.end(body ?? undefined);
  });
}

async function readBody(answer: IncomingMessage, { maxAnswerBytes, cutsAnswer }: ExchangeLimits): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes <= maxAnswerBytes) continue;
    // Leaving the loop destroys the connection.
    if (cutsAnswer) break;
    throw new OutboundTooLarge('the answer is too large');
  }
  return Buffer.concat(chunks).subarray(0, maxAnswerBytes);
}

/** Statuses whose answers have no body (Fetch, 2.2.3). */
const withoutBody: readonly number[] = [204, 205, 304];

function responseOf({ statusCode = 0, headersDistinct }: IncomingMessage, body: Buffer): Response {
  const headers = new Headers();
  for (const [name, values] of Object.entries(headersDistinct)) {
    if (name === 'set-cookie') continue;
    for (const value of values ?? []) headers.append(name, value);
  }
  const content = withoutBody.includes(statusCode) ? null : new Uint8Array(body);
  return new Response(content, { status: statusCode, statusText: STATUS_CODES[statusCode] ?? '', headers });
}

/** Errors of Node name addresses and certificates; only their code is kept. */
function outboundError(error: unknown, connected: boolean): Error {
  if (error instanceof OutboundRefused || error instanceof OutboundUnavailable || error instanceof OutboundTooLarge)
    return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'broken answer';
  return new OutboundUnavailable(`the call failed (${code})`, { connected });
}
