/** Opens streams at `/graphql/stream`, as a client without a library would. */
import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { until } from '../races/until.ts';
import { bearer } from './gateway.ts';

export interface StreamMessage {
  event: string;
  /** Of `next`. */
  data: Record<string, unknown> | null;
  errors: { extensions: Record<string, unknown> }[];
}

export interface OpenStream {
  status: number;
  headers: IncomingHttpHeaders;
  /** The body of a response that is no stream. */
  text: string;
  messages: StreamMessage[];
  comments(): number;
  /** Resolves with the message of this place. */
  message(index: number, withinMs?: number): Promise<StreamMessage>;
  /** Resolves when the server has ended the stream. */
  ended(withinMs?: number): Promise<void>;
  close(): void;
}

export const sessionEvents = `subscription {
  sessionEvents {
    __typename
    ... on SessionEnding { reason at }
    ... on PermissionsChanged { role { name } permissions }
    ... on TokenExpiring { expiresAt }
    ... on SignedInElsewhere { session { id current } }
  }
}`;
export const securityEvents = 'subscription { securityEvents { action ipAddress sessionId } }';
export const adminEvents = `subscription ($types: [EventType!]) {
  adminEvents(types: $types) { action actor { id } target { id } }
}`;

export async function openStream(
  url: string,
  body: { query?: string; documentId?: string | undefined; variables?: unknown },
  token: string | null,
  headers: Record<string, string> = {},
): Promise<OpenStream> {
  // A connection of its own: fetch opens another one when it is aborted, which would delay the stop of the gateway.
  const sent = request(`${url}/graphql/stream`, {
    method: 'POST',
    agent: false,
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(token === null ? {} : bearer(token)),
      ...headers,
    },
  });
  sent.on('error', () => undefined);
  const answered = once(sent, 'response');
  sent.end(JSON.stringify(body));
  const [response]: IncomingMessage[] = await answered;
  if (!response) throw new Error('there is no response');
  const isStream = response.headers['content-type']?.startsWith('text/event-stream') ?? false;
  const messages: StreamMessage[] = [];
  const state = { comments: 0, isEnded: !isStream };
  if (isStream) void follow(response, messages, state);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: isStream ? '' : await text(response),
    messages,
    comments: () => state.comments,
    message: (index, withinMs) => until(`message ${index}`, () => messages[index], withinMs),
    async ended(withinMs) {
      await until('the end of the stream', () => state.isEnded, withinMs);
    },
    close: () => void sent.destroy(),
  };
}

async function follow(
  response: IncomingMessage,
  messages: StreamMessage[],
  state: { comments: number; isEnded: boolean },
): Promise<void> {
  let received = '';
  response.setEncoding('utf8');
  try {
    for await (const chunk of response) {
      received += chunk;
      const blocks = received.split('\n\n');
      received = blocks.pop() ?? '';
      for (const block of blocks) {
        if (block.startsWith(':')) state.comments += 1;
        else messages.push(messageIn(block));
      }
    }
  } catch {
    // The test has closed it, or the connection broke.
  }
  state.isEnded = true;
}

function messageIn(block: string): StreamMessage {
  const event = /^event: (.*)$/m.exec(block)?.[1] ?? '';
  const text = /^data: ?(.+)$/m.exec(block)?.[1];
  const { data = null, errors = [] } = text ? JSON.parse(text) : {};
  return { event, data, errors };
}
