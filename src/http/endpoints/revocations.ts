/**
 * `GET /auth/revocations`: what verifiers of access tokens must refuse before the tokens expire. For the federation router,
 * and for programs with `revocations:read`.
 */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal, refusalOf } from '../../domain/errors.ts';
import { listenForRevocations, type RevocationFeed, readFeed } from '../../domain/events/revocations.ts';
import { clientOf } from '../client.ts';
import type { HttpOptions } from '../options.ts';
import { sendRefusal } from '../refusals.ts';
import { RequestCounter, writeLimits } from '../request-limits.ts';
import { noteCaller } from '../request-record.ts';

const path = '/auth/revocations';
const maxWaitSeconds = 25;

export function registerRevocations(server: FastifyInstance, options: HttpOptions): void {
  const counter = new RequestCounter(options);
  server.get(path, { onRequest: counter.countSource, onSend: writeLimits }, async (request, reply) => {
    try {
      const { caller, unit } = await options.identify(clientOf(request), request.headers.authorization);
      noteCaller(request, caller);
      const refused = await counter.countCaller(request, reply, caller);
      if (refused) return refused;
      const isAllowed = caller.machine?.permissions.includes('revocations:read') === true;
      if (!isAllowed && !options.isRouter(request.headers['router-authorization']))
        throw caller.refusal?.code === 'UNAUTHENTICATED' ? caller.refusal : forbidden;
      const feed = await awaitFeed(request, reply, options, (after) => readFeed(unit, after));
      return send(request, reply, feed, options);
    } catch (error) {
      const refusal = refusalOf(error);
      if (!refusal) throw error;
      options.metrics.revocationsRequested('refused');
      return sendRefusal(refusal, request, reply);
    }
  });
}

const forbidden = new Refusal('FORBIDDEN', { requiredPermission: 'revocations:read' });

/** With `wait`, an answer without entries waits for the next one. */
async function awaitFeed(
  request: FastifyRequest,
  reply: FastifyReply,
  { events, draining }: HttpOptions,
  read: (after: string | null) => Promise<RevocationFeed>,
): Promise<RevocationFeed> {
  const { after, waitSeconds } = parametersOf(request);
  if (after === null || waitSeconds === 0) return read(after);
  const listening = await listenForRevocations(events.tail);
  try {
    const feed = await read(after);
    if (feed.full || !feed.isEmpty) return feed;
    const closed = new AbortController();
    reply.raw.once('close', () => closed.abort());
    await listening.next(waitSeconds, AbortSignal.any([draining, closed.signal]));
    return await read(after);
  } finally {
    listening.stop();
  }
}

function parametersOf({ url }: FastifyRequest): { after: string | null; waitSeconds: number } {
  const parameters = new URLSearchParams(url.split(/\?(.*)/s)[1]);
  const wait = Number(/^\d{1,3}$/.exec(parameters.get('wait') ?? '0')?.[0] ?? 0);
  return { after: parameters.get('after') || null, waitSeconds: Math.min(wait, maxWaitSeconds) };
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  feed: RevocationFeed,
  { metrics }: HttpOptions,
): FastifyReply {
  reply.header('etag', feed.etag);
  if (request.headers['if-none-match'] === feed.etag) {
    metrics.revocationsRequested('unchanged');
    return reply.code(304).send();
  }
  metrics.revocationsRequested(feed.full ? 'full' : 'changes');
  return reply.type('application/json; charset=utf-8').send(Readable.from(bodyOf(feed)));
}

/** In pieces: the list of a large installation is never in memory at once. */
async function* bodyOf({ cursor, full, entries }: RevocationFeed): AsyncGenerator<string> {
  yield `{"cursor":${JSON.stringify(cursor)},"full":${full},"entries":[`;
  let separator = '';
  for await (const page of entries) {
    if (page.length === 0) continue;
    yield separator + page.map((entry) => JSON.stringify(entry)).join(',');
    separator = ',';
  }
  yield ']}';
}
