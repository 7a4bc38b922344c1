/**
 * Documents that every verifier may fetch from every origin: the public keys (RFC 7517) and their address (RFC 8414).
 */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { jwksMaxAgeSeconds } from '../../domain/sessions/signing-keys/signing-key-life.ts';
import type { HttpOptions } from '../options.ts';
import { oauthMetadata } from './oauth-metadata.ts';

const cacheable = { config: { cacheable: true } };

export function registerPublicDocuments(server: FastifyInstance, { signingKeys, publicUrl }: HttpOptions): void {
  server.get('/.well-known/jwks.json', cacheable, async (request, reply) =>
    publish(request, reply, 'application/jwk-set+json', await signingKeys.jwks()),
  );
  const metadata = metadataOf(publicUrl);
  for (const path of metadataPaths(publicUrl)) {
    server.get(path, cacheable, async (request, reply) => publish(request, reply, 'application/json', metadata));
  }
}

/**
 * Postern has no authorization endpoint. The empty list declares that; without it RFC 8414 implies the code flow. OpenID Connect Discovery 1.0 requires the last two fields, and libraries
 * refuse a document without them.
 */
function metadataOf(issuer: string): object {
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: [],
    grant_types_supported: ['client_credentials'],
    ...oauthMetadata(issuer),
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  };
}

/** RFC 8414 3.1 puts the issuer's path behind the well-known name, OpenID Connect puts it before. */
function metadataPaths(issuer: string): string[] {
  const path = new URL(issuer).pathname.replace(/\/$/, '');
  const names = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'];
  return path === '' ? names : [...names, `${names[0]}${path}`];
}

function publish(request: FastifyRequest, reply: FastifyReply, type: string, document: object): FastifyReply {
  const body = JSON.stringify(document);
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  reply.headers({ etag, 'cache-control': `public, max-age=${jwksMaxAgeSeconds}` });
  // Verifiers run in browsers and on other sites too. Nothing here is secret or depends on the caller.
  reply.removeHeader('access-control-allow-credentials');
  reply.headers({ 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  return reply.type(type).send(body);
}
