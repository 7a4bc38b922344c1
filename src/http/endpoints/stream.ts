/**
 * `POST /graphql/stream`: subscriptions as server-sent events (GraphQL over SSE, distinct connections). Only the bearer
 * token counts: a page of another origin can send it only after a preflight request.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import { Refusal, refusalOf } from '../../domain/errors.ts';
import { errorBody } from '../../graphql/request/errors.ts';
import { streamContext } from '../../graphql/request/stream-context.ts';
import type { GraphqlStreams } from '../../graphql/streams/graphql-streams.ts';
import { commentMessage } from '../../graphql/streams/messages.ts';
import type { StreamRequest } from '../../graphql/streams/operation.ts';
import { clientOf } from '../client.ts';
import { isKeyBesideCookie, refuseKeyBesideCookie } from '../key-placement.ts';
import type { HttpOptions } from '../options.ts';
import { sendRefusal } from '../refusals.ts';
import { RequestCounter, writeLimits } from '../request-limits.ts';
import { noteCaller } from '../request-record.ts';
import { StreamBody } from '../stream-body.ts';
import { isAnswered, unknownDocument } from '../trusted-documents.ts';

const path = '/graphql/stream';
const mediaType = 'text/event-stream';

export function registerStream(server: FastifyInstance, options: HttpOptions): void {
  const { streams } = options;
  if (!streams) return;
  const counter = new RequestCounter(options);
  const hooks = { onRequest: counter.countSource, onSend: writeLimits };
  server.post(path, hooks, async (request, reply) => {
    if (new Negotiator(request.raw).mediaType([mediaType]) === undefined)
      return badRequest(request, reply, 406, `Accept ${mediaType}.`);
    if (isKeyBesideCookie(request)) return refuseKeyBesideCookie(request, reply);
    const { caller } = await options.identify(clientOf(request), request.headers.authorization);
    noteCaller(request, caller);
    const refused = await counter.countCaller(request, reply, caller);
    if (refused) return refused;
    if (!isAnswered(request, caller, options)) return badRequest(request, reply, 400, unknownDocument);
    return openStream(request, reply, options, streams);
  });
  server.get(path, async (request, reply) =>
    badRequest(request, reply.header('allow', 'POST'), 405, 'Send the subscription as POST.'),
  );
  // Before the server stops accepting: clients find another instance.
  server.addHook('preClose', async () => streams.stop());
}

async function openStream(
  request: FastifyRequest,
  reply: FastifyReply,
  { identify, draining }: HttpOptions,
  streams: GraphqlStreams,
): Promise<FastifyReply> {
  const operation = streams.prepare(bodyOf(request));
  if ('errors' in operation) return reply.code(400).send(operation);
  Object.assign(request.notes, { operation: 'subscription', fields: [operation.field.name.value] });
  if (draining.aborted) return sendRefusal(new Refusal('SERVICE_BUSY', { retryAfterSeconds: 1 }), request, reply);
  const client = clientOf(request);
  const { authorization } = request.headers;
  const contextNow = async () => {
    const { caller, unit } = await identify(client, authorization);
    return streamContext(caller, unit);
  };
  const body = new StreamBody();
  // Node sends the headers with the first bytes: without them the client would wait for the first event.
  body.write(commentMessage);
  try {
    const stream = await streams.open(operation, { token: tokenIn(authorization), contextNow, output: body });
    body.once('close', () => stream.end('client'));
    // A connection that outlives its stream would delay a shutdown.
    reply.raw.once('close', () => request.raw.socket.destroySoon());
    const headers = { connection: 'close', 'x-accel-buffering': 'no' };
    return reply.type(`${mediaType}; charset=utf-8`).headers(headers).send(body);
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    return sendRefusal(refusal, request, reply);
  }
}

/** The token of an identified caller. */
function tokenIn(authorization = ''): string {
  return authorization.trim().split(/ +/).at(-1) ?? '';
}

function bodyOf({ body }: FastifyRequest): StreamRequest {
  return typeof body === 'object' && body !== null ? body : {};
}

function badRequest(request: FastifyRequest, reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send(errorBody(new Refusal('BAD_REQUEST'), request.id, message));
}
