/**
 * An issuer of access tokens under the control of a test: keys as Postern publishes them, at an address that can fail.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export interface SigningPair {
  kid: string;
  privateKey: CryptoKey;
  jwk: JWK;
}

export interface KeyServer {
  url: string;
  /** The number of requests for the keys. */
  requests(): number;
  publish(...pairs: SigningPair[]): void;
  /** Its behaviour from now on; `hang` accepts requests without a response. */
  behave(how: 'well' | 'fail' | 'hang' | ((response: ServerResponse) => void)): void;
  stop(): Promise<void>;
}

export async function startKeyServer(): Promise<KeyServer> {
  let keys: JWK[] = [];
  let requests = 0;
  const well = (response: ServerResponse) => {
    response.setHeader('cache-control', 'public, max-age=300');
    response.end(JSON.stringify({ keys }));
  };
  let answer = well;
  const server = createServer((_request, response) => {
    requests += 1;
    answer(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/keys`,
    requests: () => requests,
    publish(...pairs) {
      keys = pairs.map(({ kid, jwk }) => ({ ...jwk, kid, use: 'sig', alg: 'ES256' }));
    },
    behave(how) {
      if (how === 'well') answer = well;
      else if (how === 'fail') answer = (response) => void response.writeHead(503).end();
      else answer = how === 'hang' ? () => undefined : how;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export async function createPair(kid: string, alg = 'ES256'): Promise<SigningPair> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, privateKey, jwk: await exportJWK(publicKey) };
}

export function sign(pair: SigningPair, claims: Record<string, unknown>, header: object = {}): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: pair.kid, ...header })
    .sign(pair.privateKey);
}
