/** The public keys that verifiers check access tokens with (RFC 7517). */
import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { jwksMaxAgeSeconds } from '../domain/signing-keys.ts';
import type { HttpOptions } from './options.ts';

export function registerJwks(server: FastifyInstance, { signingKeys }: HttpOptions): void {
  server.get('/.well-known/jwks.json', { config: { cacheable: true } }, async (request, reply) => {
    const body = JSON.stringify(await signingKeys.jwks());
    const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
    reply.headers({ etag, 'cache-control': `public, max-age=${jwksMaxAgeSeconds}` });
    // Verifiers run in browsers and on other sites too; there is nothing secret here, and nobody need say who they are.
    reply.removeHeader('access-control-allow-credentials');
    reply.headers({ 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' });
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.type('application/jwk-set+json').send(body);
  });
}
