/**
 * Speaks OpenID Connect and OAuth 2.0 with the configured providers: authorization requests, and the exchange of their
 * codes for what the provider says about the user.
 */
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchProtectedResource,
  fetchUserInfo,
} from 'openid-client';
import type { Outbound } from '../outbound.ts';
import { clientAuthentication } from './client-authentication.ts';
import { failureOf, ProviderFailure } from './errors.ts';
import { type IdTokenCheck, providerKeys, verifyIdToken } from './id-token.ts';
import { providerFetch } from './provider-fetch.ts';
import { calledAddresses, type ProviderEndpoints, type ProviderServer } from './provider-server.ts';

/** The secrets of one authorization. */
export interface AuthorizationSecrets {
  state: string;
  nonce: string;
  /** Of PKCE (RFC 7636). */
  verifier: string;
}

export interface AuthorizationRequest extends AuthorizationSecrets {
  loginHint: string | null;
  prompt: string | null;
  /** Whether the provider must authenticate the user now. */
  fresh: boolean;
}

/** What a provider says about a user: the claims of the verified ID token, or the answers of its API. */
export interface ProviderAnswer {
  claims: Readonly<Record<string, unknown>>;
  /** GitHub: the addresses of the user. */
  emails: readonly unknown[];
  /** Null: a native app has them. */
  tokens: ProviderTokens | null;
}

export interface ProviderTokens {
  accessToken: string;
  refreshToken: string | null;
  /** Null: the provider does not say. */
  expiresInSeconds: number | null;
  scope: string | null;
}

export interface ProviderProblem {
  code: string;
  message: string;
}

interface Discovered {
  /** The provider when it was read: an administrator may change it. */
  credentials: string;
  configuration: Promise<Configuration>;
  readAtMs: number;
}

/** Providers rotate keys within their metadata rarely; openid-client fetches unknown keys by itself. */
const metadataMs = 60 * 60 * 1000;
const timeoutSeconds = 5;

export class ProviderClient {
  readonly #outbound: Outbound;
  readonly #nowMs: () => number;
  readonly #discovered = new Map<string, Discovered>();
  readonly #keys = new Map<string, ReturnType<typeof providerKeys>>();

  constructor(outbound: Outbound, nowMs: () => number) {
    this.#outbound = outbound;
    this.#nowMs = nowMs;
  }

  /** @throws ProviderFailure */
  async authorizationUrl(server: ProviderServer, request: AuthorizationRequest): Promise<string> {
    const { state, nonce, verifier, loginHint, prompt, fresh } = request;
    return this.#guarded(async () => {
      const configuration = await this.#configuration(server);
      const parameters = {
        redirect_uri: server.callbackUrl,
        scope: server.scopes.join(' '),
        state,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(server.endpoints ? {} : { nonce }),
        ...(server.kind === 'APPLE' && { response_mode: 'form_post' }),
        ...(loginHint !== null && { login_hint: loginHint }),
        ...(prompt !== null && { prompt }),
        ...(fresh && { max_age: '0' }),
      };
      return buildAuthorizationUrl(configuration, parameters).href;
    });
  }

  /**
   * @param parameters what the provider sent to the callback
   * @throws ProviderFailure
   */
  async exchange(
    server: ProviderServer,
    parameters: URLSearchParams,
    { state, nonce, verifier }: AuthorizationSecrets,
  ): Promise<ProviderAnswer> {
    return this.#guarded(async () => {
      const configuration = await this.#configuration(server);
      const tokens = await authorizationCodeGrant(configuration, new URL(`${server.callbackUrl}?${parameters}`), {
        expectedState: state,
        pkceCodeVerifier: verifier,
        ...(server.endpoints ? {} : { expectedNonce: nonce, idTokenExpected: true }),
      });
      const { access_token: accessToken } = tokens;
      const kept = {
        accessToken,
        refreshToken: tokens.refresh_token ?? null,
        expiresInSeconds: tokens.expires_in ?? null,
        scope: tokens.scope ?? null,
      };
      if (server.endpoints) return { ...(await readUser(configuration, server.endpoints, accessToken)), tokens: kept };
      const claims = tokens.claims();
      if (!claims) throw new ProviderFailure('PROVIDER_REFUSED', 'no ID token');
      const isComplete = claims.email !== undefined || !configuration.serverMetadata().userinfo_endpoint;
      const more = isComplete ? {} : await fetchUserInfo(configuration, accessToken, claims.sub);
      // The ID token has precedence: it is signed, and bound to this sign-in.
      return { claims: { ...more, ...claims }, emails: [], tokens: kept };
    });
  }

  /** The ID token of a native app. @throws ProviderFailure */
  async verifyIdToken(server: ProviderServer, check: IdTokenCheck): Promise<ProviderAnswer> {
    return this.#guarded(async () => {
      const { jwks_uri: jwksUri } = (await this.#configuration(server)).serverMetadata();
      if (!jwksUri) throw new ProviderFailure('PROVIDER_REFUSED', 'no keys');
      const keys = this.#keys.get(jwksUri) ?? providerKeys(providerFetch(this.#outbound), jwksUri);
      this.#keys.set(jwksUri, keys);
      return { claims: await verifyIdToken(keys, server, check), emails: [], tokens: null };
    });
  }

  /** Reads the metadata again. @returns what is wrong; empty: the provider can be used */
  async problems(server: ProviderServer): Promise<ProviderProblem[]> {
    const refused = this.addressProblems(server);
    if (refused.length > 0) return refused;
    this.#discovered.delete(server.slug);
    try {
      const metadata = (await this.#configuration(server)).serverMetadata();
      const missing = (name: string) => ({ code: 'INCOMPLETE_METADATA', message: `the metadata names no ${name}` });
      if (server.endpoints) return [];
      return [
        ...(metadata.authorization_endpoint ? [] : [missing('authorization endpoint')]),
        ...(metadata.token_endpoint ? [] : [missing('token endpoint')]),
        ...(metadata.jwks_uri ? [] : [missing('keys')]),
      ];
    } catch (error) {
      const { reason, message } = failureOf(error);
      return [{ code: reason, message }];
    }
  }

  /** @returns the addresses that the gateway may not call, as far as it is known without a call */
  addressProblems(server: Pick<ProviderServer, 'issuer' | 'endpoints'>): (ProviderProblem & { field: string })[] {
    return Object.entries(calledAddresses(server)).flatMap(([field, url]) => {
      const message = this.#outbound.problem(url);
      return message === null ? [] : [{ field, code: 'ADDRESS_REFUSED', message }];
    });
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw failureOf(error);
    }
  }

  async #configuration(server: ProviderServer): Promise<Configuration> {
    // The secret of Apple is short-lived, so its client is made for each request.
    if (server.endpoints) return this.#fromEndpoints(server, server.endpoints);
    const known = this.#discovered.get(server.slug);
    const credentials = JSON.stringify([server.issuer, server.clientId, server.clientSecret]);
    const isFresh = known?.credentials === credentials && known.readAtMs > this.#nowMs() - metadataMs;
    if (isFresh && server.appleKey === null) return known.configuration;
    const configuration = this.#discover(server);
    this.#discovered.set(server.slug, { credentials, configuration, readAtMs: this.#nowMs() });
    configuration.catch(() => this.#discovered.delete(server.slug));
    return configuration;
  }

  async #discover(server: ProviderServer): Promise<Configuration> {
    const authentication = await clientAuthentication(server);
    const insecure = server.issuer.startsWith('http:') ? [allowInsecureRequests] : [];
    return discovery(new URL(server.issuer), server.clientId, {}, authentication, {
      timeout: timeoutSeconds,
      // Without it, openid-client verifies no signature of an ID token from the token endpoint.
      execute: [enableNonRepudiationChecks, ...insecure],
      [customFetch]: providerFetch(this.#outbound),
    });
  }

  async #fromEndpoints(server: ProviderServer, endpoints: ProviderEndpoints): Promise<Configuration> {
    const metadata = {
      issuer: server.issuer,
      authorization_endpoint: endpoints.authorization,
      token_endpoint: endpoints.token,
    };
    const configuration = new Configuration(metadata, server.clientId, {}, await clientAuthentication(server));
    configuration.timeout = timeoutSeconds;
    configuration[customFetch] = providerFetch(this.#outbound);
    if (endpoints.token.startsWith('http:')) allowInsecureRequests(configuration);
    return configuration;
  }
}

async function readUser(
  configuration: Configuration,
  { user, emails }: ProviderEndpoints,
  accessToken: string,
): Promise<Omit<ProviderAnswer, 'tokens'>> {
  const read = async (url: string): Promise<unknown> => {
    const headers = new Headers({ accept: 'application/json', 'user-agent': 'postern' });
    const response = await fetchProtectedResource(configuration, accessToken, new URL(url), 'GET', null, headers);
    if (!response.ok) throw new ProviderFailure('PROVIDER_REFUSED', `status ${response.status} about the user`);
    return response.json();
  };
  const claims = await read(user);
  const listed = emails === null ? [] : await read(emails);
  if (!isRecord(claims) || !Array.isArray(listed))
    throw new ProviderFailure('PROVIDER_REFUSED', 'an unexpected answer about the user');
  return { claims, emails: listed };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
