/**
 * An OpenID Connect provider of a test: oidc-provider, with a user that signs in without a form. The test says who the
 * user is, and may change the provider's answers before they are sent.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import Provider, { type Configuration } from 'oidc-provider';
import { portOf } from './free-port.ts';

export interface ProviderUser {
  subject: string;
  email?: string;
  email_verified?: boolean;
  name?: string;
}

export interface IdentityProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** The user of the next sign-ins. */
  user: ProviderUser;
  /** Answers the next requests to this path instead of the provider, for example `/token`. */
  replace(path: string, answer: ((request: IncomingMessage, response: ServerResponse) => void) | null): void;
  /** Follows the redirects of the provider as a browser. @returns the address of the callback */
  visit(authorizationUrl: string): Promise<URL>;
  stop(): Promise<void>;
}

const clientId = 'postern';

/** @param callbackUrl where the gateway is called back */
export async function startIdentityProvider(callbackUrl: string): Promise<IdentityProvider> {
  const clientSecret = randomBytes(24).toString('base64url');
  const replaced = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>();
  let handle: (request: IncomingMessage, response: ServerResponse) => unknown = () => undefined;
  const server = createServer((request, response) => {
    const replacement = replaced.get((request.url ?? '').split('?', 1)[0] ?? '');
    if (replacement) replacement(request, response);
    else handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${portOf(server)}`;
  const started: IdentityProvider = {
    issuer,
    clientId,
    clientSecret,
    user: { subject: 'subject-0' },
    replace: (path, answer) => void (answer ? replaced.set(path, answer) : replaced.delete(path)),
    visit: (authorizationUrl) => visit(issuer, authorizationUrl),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const provider = new Provider(issuer, configuration(started, callbackUrl));
  const callback = provider.callback();
  handle = async (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return callback(request, response);
    const { params } = await provider.interactionDetails(request, response);
    const grant = new provider.Grant({ accountId: started.user.subject, clientId });
    grant.addOIDCScope(String(params.scope));
    const result = { login: { accountId: started.user.subject }, consent: { grantId: await grant.save() } };
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  };
  return started;
}

function configuration(started: IdentityProvider, callbackUrl: string): Configuration {
  return {
    clients: [{ client_id: clientId, client_secret: started.clientSecret, redirect_uris: [callbackUrl] }],
    cookies: { keys: [randomBytes(16).toString('hex')] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    // Claims in the ID token, as most providers do.
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    async findAccount(_context, accountId) {
      const { subject: _subject, ...claims } = started.user;
      return { accountId, claims: async () => ({ sub: accountId, ...claims }) };
    },
  };
}

async function visit(issuer: string, authorizationUrl: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let next = new URL(authorizationUrl);
  for (let steps = 0; steps < 10; steps += 1) {
    if (next.origin !== issuer) return next;
    const header = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(next, { redirect: 'manual', headers: { cookie: header } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`the provider answered ${response.status}: ${await response.text()}`);
    next = new URL(location, next);
  }
  throw new Error('the provider redirects without an end');
}
