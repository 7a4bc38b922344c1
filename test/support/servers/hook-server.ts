/** A server with a hook for each point: it checks every signature, records the calls, and answers as the test says. */
import { createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HookInputs, HookPoint } from '../../../src/domain/hooks/points.ts';
import { startAnsweringServer } from './answering-server.ts';

export interface RecordedCall<Point extends HookPoint = HookPoint> {
  id: string;
  point: Point;
  version: number;
  occurredAt: string;
  dryRun: boolean;
  data: HookInputs[Point];
}

/** The body is JSON, or a text that is sent as it is. */
export interface HookReply {
  status?: number;
  body: unknown;
}

type Reply<Point extends HookPoint> = (call: RecordedCall<Point>) => HookReply | Promise<HookReply>;

export interface HookServer {
  url: string;
  /** How all later calls of the point are answered. Otherwise they are allowed. */
  on<Point extends HookPoint>(point: Point, reply: Reply<Point>): void;
  callsOf<Point extends HookPoint>(point: Point): RecordedCall<Point>[];
  /** Forgets calls and replies. */
  reset(): void;
  /** Writes a file with a hook for each point. @returns the settings of a gateway */
  settings(points: Partial<Record<HookPoint, object>>): Promise<{ HOOKS: string }>;
  stop(): Promise<void>;
}

export const allow = (members: object = {}): HookReply => ({ body: { decision: 'allow', ...members } });
export const refuse = (members: object = {}): HookReply => ({ body: { decision: 'refuse', ...members } });

export async function startHookServer(): Promise<HookServer> {
  const secret = randomBytes(32);
  const folder = await mkdtemp(join(tmpdir(), 'postern-hooks-'));
  const replies = new Map<string, (call: never) => HookReply | Promise<HookReply>>();
  let calls: RecordedCall[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = Buffer.concat(await request.toArray());
    if (!isGenuine(request, body, secret)) return void response.writeHead(401).end();
    const call: RecordedCall = JSON.parse(body.toString());
    calls.push(call);
    const reply = replies.get(call.point) ?? (() => allow());
    const { status = 200, body: answered } = await reply(call as never);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof answered === 'string' ? answered : JSON.stringify(answered));
  };
  const server = await startAnsweringServer((request, response) => void answer(request, response));
  return {
    url: server.url,
    on: (point, reply) => void replies.set(point, reply),
    callsOf: <Point extends HookPoint>(point: Point) =>
      calls.filter((call): call is RecordedCall<Point> => call.point === point),
    reset() {
      calls = [];
      replies.clear();
    },
    async settings(points) {
      const hooks = Object.entries(points).map(([point, more]) => ({
        ...{ point, url: `${server.url}/hooks`, secret: `whsec_${secret.toString('base64')}`, timeout: '2s' },
        ...(point.startsWith('send') ? {} : { onFailure: 'refuse' }),
        ...more,
      }));
      const path = join(folder, `${randomBytes(4).toString('hex')}.json`);
      await writeFile(path, JSON.stringify(hooks));
      return { HOOKS: path };
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Shares no code with the gateway. */
function isGenuine({ headers }: IncomingMessage, body: Buffer, secret: Buffer): boolean {
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body.toString()}`;
  return headers['webhook-signature'] === `v1,${createHmac('sha256', secret).update(content).digest('base64')}`;
}
