/**
 * An identity provider whose every answer a test decides: metadata, keys, the answer of the token endpoint, and what its
 * API says. It speaks for the kinds of providers that have peculiarities.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { portOf } from './free-port.ts';

export interface FakeProvider {
  url: string;
  /** Answers by path. A function gets the body of the request. */
  answers: Record<string, unknown | ((body: string, request: IncomingMessage) => unknown)>;
  /** Where a path redirects to. */
  redirects: Record<string, string>;
  /** The number of requests. */
  requests: number;
  /** The bodies that the token endpoint has received. */
  exchanges: URLSearchParams[];
  /** Signs claims with the published key. */
  sign(claims: JWTPayload, header?: { alg?: string; kid?: string }): Promise<string>;
  /** Signs with a key that is not published, under the name of the published one. */
  forge(claims: JWTPayload): Promise<string>;
  stop(): Promise<void>;
}

export async function startFakeProvider(): Promise<FakeProvider> {
  const keys = await generateKeyPair('RS256', { extractable: true });
  const others = await generateKeyPair('RS256', { extractable: true });
  const jwk: JWK = { ...(await exportJWK(keys.publicKey)), kid: 'one', use: 'sig', alg: 'RS256' };
  const server = createServer(async (request, response) => {
    provider.requests += 1;
    let body = '';
    for await (const chunk of request) body += chunk;
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    if (path === '/token') provider.exchanges.push(new URLSearchParams(body));
    const location = provider.redirects[path];
    if (location !== undefined) {
      response.writeHead(307, { location }).end();
      return;
    }
    const answer = provider.answers[path];
    const content = typeof answer === 'function' ? await answer(body, request) : answer;
    response.writeHead(content === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(content ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${portOf(server)}`;
  const sign = (claims: JWTPayload, header: { alg?: string; kid?: string } = {}, { privateKey } = keys) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one', ...header }).sign(privateKey);
  const provider: FakeProvider = {
    url,
    answers: {
      '/.well-known/openid-configuration': {
        issuer: url,
        authorization_endpoint: `${url}/authorize`,
        token_endpoint: `${url}/token`,
        jwks_uri: `${url}/jwks`,
        token_endpoint_auth_methods_supported: ['client_secret_post'],
        id_token_signing_alg_values_supported: ['RS256'],
      },
      '/jwks': { keys: [jwk] },
    },
    redirects: {},
    requests: 0,
    exchanges: [],
    sign,
    forge: (claims) => sign(claims, {}, others),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return provider;
}
