/** Sends requests over connections that stay open, each connection one request after the other. */
import { Agent, request } from 'node:http';

export interface Sent {
  method: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  body?: object;
}

/** The requests of one connection. */
export interface Conversation {
  next(): Sent;
  /** @throws Error when the response is not the expected one: a faster failure is no improvement */
  check(answer: Answer): void;
}

export interface Answer {
  status: number;
  text: string;
}

const deadlineMs = 60_000;

/** @returns the milliseconds of each request */
export async function send(url: string, conversations: readonly Conversation[], requests: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: conversations.length });
  const times: number[] = [];
  let left = requests;
  const talk = async (conversation: Conversation) => {
    while (left > 0) {
      left -= 1;
      const begun = performance.now();
      conversation.check(await ask(url, conversation.next(), agent));
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(conversations.map(talk)).finally(() => agent.destroy());
  return times;
}

export function ask(url: string, { method, path, headers, body }: Sent, agent?: Agent): Promise<Answer> {
  const text = body && JSON.stringify(body);
  const contentHeaders = text ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } : {};
  const options = { method, headers: { ...headers, ...contentHeaders }, signal: AbortSignal.timeout(deadlineMs) };
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, agent ? { ...options, agent } : options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject);
    sent.end(text);
  });
}
