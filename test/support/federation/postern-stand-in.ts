/**
 * Postern as its gateway sees it, with a real socket and real tokens: keys, revocation feed and `POST /auth/identities`. Suites
 * that need an outage, a revocation at a certain moment or thousands of credentials use it; the others use Postern itself.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { portOf } from '../servers/free-port.ts';
import { createPair, sign } from '../servers/key-server.ts';

export const routerSecret = 'the-secret-of-the-router-alone';

export interface TokenOptions {
  userId?: string;
  sessionId?: string;
  permissions?: readonly string[];
  expiresInSeconds?: number;
}

export interface PosternStandIn {
  /** Issuer and address. */
  url: string;
  /** An access token. */
  token(options?: TokenOptions): Promise<string>;
  /** A credential that only `POST /auth/identities` resolves. */
  apiKey(permissions: readonly string[]): string;
  revokeSession(id: string): void;
  revokeKey(key: string): void;
  /** The bodies of `POST /auth/identities`. */
  identityCalls: { audiences: string[]; authorization: string | undefined }[];
  /** `away` closes the connection of every request; `strict` demands a second factor of every caller. */
  behave(how: 'well' | 'away' | 'strict'): void;
  stop(): Promise<void>;
}

interface KeyRecord {
  id: string;
  permissions: readonly string[];
  isRevoked: boolean;
}

const role = 'USER';

export async function startPosternStandIn(): Promise<PosternStandIn> {
  const pair = await createPair('stand-in');
  const keys = new Map<string, KeyRecord>();
  const identityCalls: PosternStandIn['identityCalls'] = [];
  const entries: { kind: string; id: string; until: number }[] = [];
  const waiting = new Set<() => void>();
  let isAway = false;
  let isStrict = false;
  let url = '';
  const seconds = () => Math.floor(Date.now() / 1000);

  const server = createServer((request, response) => {
    if (isAway) return void request.socket.destroy();
    if (request.url === '/.well-known/jwks.json')
      return send(response, 200, { keys: [{ ...pair.jwk, kid: pair.kid, use: 'sig', alg: 'ES256' }] });
    if (request.headers['router-authorization'] !== routerSecret) return refuse(response, 403, 'FORBIDDEN');
    if (request.url?.startsWith('/auth/revocations')) return showRevocations(request, response);
    void answerIdentities(request, response);
  });

  function showRevocations(request: IncomingMessage, response: ServerResponse): void {
    const isFull = !request.url?.includes('after=');
    const answer = () => {
      waiting.delete(answer);
      clearTimeout(timer);
      send(response, 200, { cursor: String(entries.length + 1), full: isFull, entries });
    };
    const timer = setTimeout(answer, isFull ? 0 : 1000);
    waiting.add(answer);
  }

  async function answerIdentities(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { audiences }: { audiences: string[] } = JSON.parse(await readBody(request));
    const { authorization } = request.headers;
    identityCalls.push({ audiences, authorization });
    const credential = authorization?.replace(/^Bearer /, '') ?? '';
    const key = keys.get(credential);
    if (isStrict) return refuse(response, 403, 'MFA_ENROLLMENT_REQUIRED');
    if (key?.isRevoked || (!key && credential.startsWith('pst_'))) return refuse(response, 401, 'UNAUTHENTICATED');
    const claims = key
      ? { sub: 'owner', api_key: key.id, scope: key.permissions.join(' '), amr: [], role }
      : JSON.parse(Buffer.from(credential.split('.')[1] ?? '', 'base64url').toString());
    const iat = seconds();
    const tokens = await Promise.all(
      audiences.map(async (aud) => {
        const identity = { ...claims, iss: url, aud, iat, exp: iat + 60, ver: 1, jti: crypto.randomUUID() };
        return [aud, await sign(pair, identity, { typ: 'postern-identity+jwt' })] as const;
      }),
    );
    send(response, 200, { caller: {}, tokens: Object.fromEntries(tokens), expiresIn: 60 });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${portOf(server)}`;
  const revoke = (kind: string, id: string) => {
    entries.push({ kind, id, until: seconds() + 3600 });
    for (const answer of [...waiting]) answer();
  };
  return {
    url,
    identityCalls,
    token({ userId = 'ada', sessionId = 'session-1', permissions = [], expiresInSeconds = 900 } = {}) {
      const iat = seconds();
      const session = { sid: sessionId, auth_time: iat, acr: 'AAL1', amr: ['pwd'] };
      const claims = { sub: userId, iss: url, aud: url, iat, exp: iat + expiresInSeconds, ver: 1, role };
      return sign(pair, { ...claims, ...session, scope: permissions.join(' ') });
    },
    apiKey(permissions) {
      const key = `pst_pat_${crypto.randomUUID()}`;
      keys.set(key, { id: crypto.randomUUID(), permissions, isRevoked: false });
      return key;
    },
    revokeSession: (id) => revoke('session', id),
    revokeKey(key) {
      const record = keys.get(key);
      if (!record) return;
      record.isRevoked = true;
      revoke('key', record.id);
    },
    behave(how) {
      isAway = how === 'away';
      isStrict = how === 'strict';
      if (isAway) server.closeAllConnections();
    },
    async stop() {
      for (const answer of [...waiting]) answer();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, status: number, code: string): void {
  send(response, status, { errors: [{ message: code, extensions: { code, reason: 'TOKEN_INVALID' } }] });
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
