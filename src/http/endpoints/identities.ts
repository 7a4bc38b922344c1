/**
 * `POST /auth/identities`: the identity of a caller, for the gateway of a federated graph, with a token for each subgraph.
 * Another subgraph refuses the token, and so does Postern. Only the gateway may call it (ROUTER_SECRET).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { recordRefusedRouter } from '../../domain/access/denials.ts';
import { type Identity, identityOf, identityTtlSeconds, signIdentities } from '../../domain/access/identity.ts';
import { Refusal, refusalOf } from '../../domain/errors.ts';
import { errorBody } from '../../graphql/request/errors.ts';
import { describeError } from '../../logger.ts';
import { clientOf } from '../client.ts';
import type { HttpOptions } from '../options.ts';
import { sendRefusal } from '../refusals.ts';
import { RequestCounter, writeLimits } from '../request-limits.ts';
import { noteCaller } from '../request-record.ts';

const maxAudiences = 50;
/** It never matches the issuer, which is the audience of access tokens, nor that of forward auth: both are URLs. */
const audiencePattern = /^[a-z0-9_-]{1,64}$/;
const expected = `Send {"audiences": […]} with at most ${maxAudiences} audiences: 1 to 64 of a-z, 0-9, _ and -.`;

export function registerIdentities(server: FastifyInstance, options: HttpOptions): void {
  const { countSource } = new RequestCounter(options);
  const refuseOthers = (request: FastifyRequest, reply: FastifyReply) => refuseOtherRouters(request, reply, options);
  const route = { onRequest: [countSource, refuseOthers], onSend: writeLimits };
  server.post('/auth/identities', route, async (request, reply) => {
    const audiences = audiencesIn(request.body);
    if (audiences === null) return reply.code(400).send(errorBody(new Refusal('BAD_REQUEST'), request.id, expected));
    try {
      const { caller, unit } = await options.identify(clientOf(request), request.headers.authorization);
      noteCaller(request, caller);
      const identity = identityOf(caller);
      const tokens = await signIdentities(unit, caller, audiences);
      return await reply.send({
        caller: describe(identity),
        tokens: Object.fromEntries(audiences.map((audience, index) => [audience, tokens[index]])),
        expiresIn: identityTtlSeconds,
      });
    } catch (error) {
      const refusal = refusalOf(error);
      if (!refusal) throw error;
      return sendRefusal(refusal, request, reply);
    }
  });
}

/** Before the body is read. */
async function refuseOtherRouters(
  request: FastifyRequest,
  reply: FastifyReply,
  { isRouter, identify, logger }: HttpOptions,
): Promise<FastifyReply | undefined> {
  const presented = request.headers['router-authorization'];
  if (isRouter(presented)) return;
  const client = clientOf(request);
  const { unit } = await identify(client, undefined);
  const reason = presented === undefined ? 'missing_secret' : 'wrong_secret';
  await recordRefusedRouter(unit, client, { reason }).catch((error: unknown) => {
    logger.error({ ...describeError(error), reason }, 'a refused router could not be put on the audit trail');
  });
  return sendRefusal(new Refusal('FORBIDDEN', { detail: 'not the router' }), request, reply);
}

/** @returns each audience once; null: the body is not a list of audiences */
function audiencesIn(body: unknown): string[] | null {
  if (typeof body !== 'object' || body === null) return null;
  const { audiences }: { audiences?: unknown } = body;
  if (!Array.isArray(audiences) || audiences.length > maxAudiences) return null;
  return audiences.every(isAudience) ? [...new Set(audiences)] : null;
}

function isAudience(value: unknown): value is string {
  return typeof value === 'string' && audiencePattern.test(value);
}

function describe({ id: userId, sessionId, role, permissions, kind }: Identity) {
  return { userId, sessionId, role: role.name, permissions, kind };
}
