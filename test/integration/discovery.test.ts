/** The metadata documents by which libraries find issuer and keys (RFC 8414, OpenID Connect Discovery 1.0). */
import { expect, test } from 'vitest';
import { useGateway } from '../support/gateway/use-gateway.ts';

const gateway = useGateway();
const nested = useGateway({ PUBLIC_URL: 'https://example.com/auth' }, gateway);

const paths = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'];

test.each(paths)('%s names issuer and keys, declares no flow, and is cached and open to all origins', async (path) => {
  const response = await fetch(`${gateway.url}${path}`, { headers: { origin: 'https://elsewhere.example.net' } });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^application\/json\b/);
  expect(response.headers.get('cache-control')).toBe('public, max-age=300');
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  expect(await response.json()).toEqual({
    issuer: 'https://auth.example.com',
    jwks_uri: 'https://auth.example.com/.well-known/jwks.json',
    response_types_supported: [],
    grant_types_supported: ['client_credentials'],
    ...Object.fromEntries(
      (['token', 'introspection', 'revocation'] as const).flatMap((name) => [
        [
          `${name}_endpoint`,
          `https://auth.example.com/oauth/${name === 'introspection' ? 'introspect' : name === 'revocation' ? 'revoke' : name}`,
        ],
        [
          `${name}_endpoint_auth_methods_supported`,
          [
            ...['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
            ...(name === 'revocation' ? ['none'] : []),
          ],
        ],
        [`${name}_endpoint_auth_signing_alg_values_supported`, ['ES256', 'ES384', 'RS256', 'PS256']],
      ]),
    ),
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  });
  const etag = response.headers.get('etag') ?? '';
  expect((await fetch(`${gateway.url}${path}`, { headers: { 'if-none-match': etag } })).status).toBe(304);
});

test('an issuer with a path is published at every place where libraries look', async () => {
  for (const path of [...paths, '/.well-known/oauth-authorization-server/auth']) {
    const response = await fetch(`${nested.url}${path}`);
    expect(await response.json()).toMatchObject({
      issuer: 'https://example.com/auth',
      jwks_uri: 'https://example.com/auth/.well-known/jwks.json',
    });
  }
});
