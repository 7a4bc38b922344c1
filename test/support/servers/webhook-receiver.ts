/** A receiver of webhooks: it records the messages with their bytes, and answers as the test says. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { vi } from 'vitest';
import { portOf } from './free-port.ts';

export interface ReceivedMessage {
  headers: Record<string, string>;
  body: Buffer;
  path: string;
  event: { id: string; type: string; version: number; occurredAt: string; data: Record<string, unknown> };
}

export type Answering = (response: ServerResponse, message: ReceivedMessage) => void;

export interface WebhookReceiver {
  url: string;
  port: number;
  received: ReceivedMessage[];
  /** How many connections were opened. */
  connections(): number;
  /** From now on. Without it: 204. */
  answer(answering: Answering): void;
  stop(): Promise<void>;
}

export const accepting: Answering = (response) => response.writeHead(204).end();

export function answering(status: number, headers: Record<string, string> = {}, body = ''): Answering {
  return (response) => response.writeHead(status, headers).end(body);
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedMessage[] = [];
  let answer = accepting;
  let opened = 0;
  const server = createServer(async (request, response) => {
    const message = await read(request);
    received.push(message);
    answer(response, message);
  });
  server.on('connection', () => {
    opened += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server);
  return {
    url: `http://127.0.0.1:${port}/events`,
    port,
    received,
    connections: () => opened,
    answer: (next) => {
      answer = next;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** @param at when the receiver verifies; absent: when the message was sent @throws WebhookVerificationError */
export function verify(secret: string, { body, headers }: ReceivedMessage, at?: Date): unknown {
  // The library reads the time of this machine, and the clock of the test is another one.
  vi.useFakeTimers({ now: at ?? Number(headers['webhook-timestamp']) * 1000, toFake: ['Date'] });
  try {
    return new Webhook(secret).verify(body, headers);
  } finally {
    vi.useRealTimers();
  }
}

async function read(request: IncomingMessage): Promise<ReceivedMessage> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  return { headers, body, path: request.url ?? '', event: JSON.parse(body.toString()) };
}
