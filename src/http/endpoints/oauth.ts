/**
 * `/oauth/token` (RFC 6749 4.4), `/oauth/introspect` (RFC 7662) and `/oauth/revoke` (RFC 7009). They take forms; no other
 * path does, because browsers send forms across sites without a preflight request.
 */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { LimitName } from '../../graphql/rate-limits/rate-limits.ts';
import { clientOf } from '../client.ts';
import type { HttpOptions } from '../options.ts';
import { RequestCounter, writeLimits } from '../request-limits.ts';
import { OauthError, sendOauthError } from './oauth-errors.ts';
import { readForm, readPresentedClient } from './oauth-form.ts';

/** Above the longest token, so that a longer text is answered as an inactive token. */
const maxFormBytes = 200_000;
const maxScopeUnits = 4096;

export function registerOauth(server: FastifyInstance, options: HttpOptions): void {
  void server.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: maxFormBytes },
      (_request, body, done) => done(null, body.toString()),
    );
    scope.setErrorHandler((error: FastifyError, request, reply) =>
      sendOauthError(error, request, reply, options.logger),
    );
    const post = (path: string, answer: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>) =>
      scope.post(path, { bodyLimit: maxFormBytes }, answer);
    post('/oauth/token', (request, reply) => answerToken(request, reply, options));
    post('/oauth/introspect', (request, reply) => answerIntrospection(request, reply, options));
    // Any caller may send tokens here, so each call counts by source.
    const { countSource: onRequest } = new RequestCounter(options);
    scope.post('/oauth/revoke', { bodyLimit: maxFormBytes, onRequest, onSend: writeLimits }, (request, reply) =>
      answerRevocation(request, reply, options),
    );
  });
}

async function answerToken(request: FastifyRequest, reply: FastifyReply, options: HttpOptions): Promise<FastifyReply> {
  const form = readForm(request);
  const grant = form.get('grant_type');
  if (grant === undefined) throw new OauthError('invalid_request', 'Send grant_type=client_credentials.');
  const client = await authenticate(request, form, options, 'secrets');
  if (grant !== 'client_credentials')
    throw new OauthError('unsupported_grant_type', 'The grant type is client_credentials.');
  await count(options, 'clientCredentials', client.id);
  const issued = await options.oauth.issue(clientOf(request), client, scopesIn(form.get('scope')));
  if (issued === null) throw new OauthError('invalid_scope', 'The service account does not hold one of the scopes.');
  const { accessToken, expiresIn, scopes } = issued;
  return reply.send({
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: expiresIn,
    scope: scopes.join(' '),
  });
}

function scopesIn(text: string | undefined): string[] | null {
  if (text === undefined || text === '') return null;
  if (text.length > maxScopeUnits) throw new OauthError('invalid_scope', 'The list of scopes is too long.');
  return [...new Set(text.split(' ').filter(Boolean))];
}

async function answerIntrospection(
  request: FastifyRequest,
  reply: FastifyReply,
  options: HttpOptions,
): Promise<FastifyReply> {
  const form = readForm(request);
  const client = await authenticate(request, form, options, 'keys too');
  if (!client.scopes.includes('tokens:introspect'))
    throw new OauthError('insufficient_scope', 'Introspection requires the permission tokens:introspect.');
  await count(options, 'introspect', client.id);
  const token = form.get('token');
  if (token === undefined) throw new OauthError('invalid_request', 'Send the token as the parameter token.');
  return reply.send((await options.oauth.describe(clientOf(request), token)) ?? { active: false });
}

/** A client may authenticate, and then revokes only its own tokens. Without it, possession of the token is the proof. */
async function answerRevocation(
  request: FastifyRequest,
  reply: FastifyReply,
  options: HttpOptions,
): Promise<FastifyReply> {
  const form = readForm(request);
  const token = form.get('token');
  if (token === undefined) throw new OauthError('invalid_request', 'Send the token as the parameter token.');
  const presented = readPresentedClient(request, form);
  const client = presented?.method === 'key' ? null : presented;
  const owner = client && (await authenticate(request, form, options, 'secrets'));
  await options.oauth.revoke(clientOf(request), token, owner?.id ?? null);
  options.events.announce();
  return reply.send();
}

async function authenticate(
  request: FastifyRequest,
  form: ReadonlyMap<string, string>,
  { oauth }: HttpOptions,
  by: 'secrets' | 'keys too',
) {
  const presented = readPresentedClient(request, form);
  const isUsable = presented !== null && (presented.method !== 'key' || by === 'keys too');
  const client = isUsable ? await oauth.authenticate(clientOf(request), presented) : null;
  if (client === null) throw new OauthError('invalid_client', 'The client authentication failed.');
  return client;
}

/** @throws OauthError for a client over the limit */
async function count({ limits }: HttpOptions, name: LimitName, clientId: string): Promise<void> {
  const standing = await limits.limiter.consume(name, clientId);
  if (standing === null || standing.waitSeconds === null) return;
  limits.metrics.rateLimited(name);
  throw new OauthError('rate_limited', 'Too many requests.', standing.waitSeconds);
}
