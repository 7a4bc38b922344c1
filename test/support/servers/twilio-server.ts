/** Twilio's message API as its documentation describes it: answers, errors, and a server that accepts and falls silent. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { until } from '../races/until.ts';
import { portOf } from './free-port.ts';

/** `silent`: accepts the message and never answers. A number is the code of a documented error. */
export type TwilioMood = 'well' | 'silent' | 'failing' | 21211 | 21610 | 20429;

export interface ReceivedSms {
  to: string;
  from: string | null;
  body: string;
}

export interface TwilioServer {
  url: string;
  settings: Record<string, string>;
  mood: TwilioMood;
  /** The messages that were accepted. */
  accepted: ReceivedSms[];
  /** How many messages were offered. */
  requests: number;
  /** Waits for the newest message to the number, and removes it. @returns its code */
  takeCode(to: string): Promise<string>;
  stop(): Promise<void>;
}

const account = `AC${'0123456789abcdef'.repeat(2)}`;
const token = 'fedcba9876543210fedcba9876543210';
const path = `/2010-04-01/Accounts/${account}`;

const errors: Readonly<Record<number, { status: number; message: (to: string) => string }>> = {
  21211: { status: 400, message: (to) => `Invalid 'To' Phone Number: ${to}` },
  21610: { status: 400, message: (to) => `Attempt to send to unsubscribed recipient ${to}` },
  20429: { status: 429, message: () => 'Too Many Requests' },
};

/** @param countries SMS_COUNTRIES */
export async function startTwilioServer(countries = 'DE,US'): Promise<TwilioServer> {
  const server = createServer((request, response) => void answer(request, response, state));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${portOf(server)}`;
  const state: TwilioServer = {
    ...{ url, mood: 'well', accepted: [], requests: 0 },
    settings: {
      SMS_PROVIDER: 'twilio',
      SMS_FROM: '+15005550006',
      SMS_COUNTRIES: countries,
      TWILIO_ACCOUNT_SID: account,
      TWILIO_AUTH_TOKEN: token,
      TWILIO_API_URL: url,
    },
    takeCode: (to) => until(`a message to ${to}`, async () => takeCode(state.accepted, to)),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return state;
}

function takeCode(accepted: ReceivedSms[], to: string): string | undefined {
  const index = accepted.findLastIndex((sms) => sms.to === to);
  const [sms] = index === -1 ? [] : accepted.splice(index, 1);
  return sms && /^\d{8}/.exec(sms.body)?.[0];
}

async function answer(request: IncomingMessage, response: ServerResponse, state: TwilioServer): Promise<void> {
  const isAllowed = request.headers.authorization === `Basic ${btoa(`${account}:${token}`)}`;
  if (!isAllowed) return send(response, 401, { code: 20003, message: 'Authenticate' });
  if (request.method === 'GET' && request.url === `${path}.json`) return send(response, 200, { sid: account });
  if (request.method !== 'POST' || request.url !== `${path}/Messages.json`)
    return send(response, 404, { code: 20404, message: 'Not found' });
  const form = new URLSearchParams(await bodyOf(request));
  const sms = { to: form.get('To') ?? '', from: form.get('From'), body: form.get('Body') ?? '' };
  state.requests += 1;
  const { mood } = state;
  if (mood === 'failing') return send(response, 503, { code: 20503, message: `No service for ${sms.to}` });
  const error = typeof mood === 'number' ? errors[mood] : undefined;
  if (error) return send(response, error.status, { code: mood, message: error.message(sms.to), status: error.status });
  state.accepted.push(sms);
  if (mood === 'silent') return;
  send(response, 201, { sid: `SM${'0'.repeat(32)}`, status: 'queued', error_code: null });
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}
