/**
 * `@postern/verify`: turns the access token of a request into a typed caller, for services that trust Postern's users
 * without calling it. The claims of a token are valid until it expires, by default after at most 15 minutes: with
 * `revocations`, tokens of sessions that ended earlier are refused within seconds. Runs wherever `fetch` and Web Crypto
 * are available.
 */
import { errors, type JWTPayload, jwtVerify } from 'jose';
import { KeysUnavailable, PublishedKeys } from './published-keys.ts';
import { type RevocableToken, type RevocationOptions, Revocations } from './revocations.ts';

export type { RevocationOptions };

export interface VerifierOptions {
  /** PUBLIC_URL of Postern: the issuer of its tokens, and the audience too. */
  issuer: string;
  /**
   * The address of the keys, when it is not `/.well-known/jwks.json` under the issuer, for example an address inside
   * the cluster.
   */
  jwksUrl?: string;
  /**
   * `access` (default): the bearer token of a request. `identity`: the token that forward auth sends in `X-Auth-Token`, or,
   * with `audience`, the gateway of a federated graph in `X-Postern-Identity`. It is valid for a minute. Pass the header to
   * the verifier unchanged.
   */
  tokens?: 'access' | 'identity';
  /**
   * For identity tokens: the audience of this subgraph, which is its name unless the gateway sets another one. A token for
   * another subgraph is then refused. Without it, only tokens of forward auth are accepted.
   */
  audience?: string;
  /** The permitted difference between clocks. Default 5. */
  clockToleranceSeconds?: number;
  /** Follows the revocation feed. Without it, a token is accepted until it expires. */
  revocations?: RevocationOptions;
  /** For tests that set the time. */
  now?: () => Date;
}

/** The caller according to the token: a user with a session, or a program. */
export type Caller = UserCaller | KeyCaller | ServiceCaller;

interface AnyCaller {
  role: string;
  /** For example `profile:write`. Of a program: the scopes of its key or token. */
  permissions: readonly string[];
  /** What the hook `customizeClaims` of the operator has added. Empty without the hook, and for programs. */
  ext: Readonly<Record<string, unknown>>;
  expiresAt: Date;
}

export interface UserCaller extends AnyCaller {
  kind: 'user';
  /** Equal to `User.id` in the graph. */
  userId: string;
  sessionId: string;
  /** The time of the last authentication. */
  authenticatedAt: Date;
  assurance: 'AAL1' | 'AAL2';
  /** RFC 8176: `pwd`, `otp`, `pop`, `mfa`. */
  methods: readonly string[];
}

/** What a program does not have: no user has authenticated a session. */
interface WithoutSession extends AnyCaller {
  sessionId: null;
  authenticatedAt: null;
  assurance: null;
  methods: readonly [];
}

/** A program with an API key of a user. Identity tokens only: Postern issues no access token for a key. */
export interface KeyCaller extends WithoutSession {
  kind: 'key';
  userId: string;
  apiKeyId: string;
}

/** A service account, with a token of `/oauth/token` or an API key. */
export interface ServiceCaller extends WithoutSession {
  kind: 'service';
  userId: null;
  /** Equal to `ServiceAccount.id` in the graph. */
  serviceAccountId: string;
  /** Null: a token of `/oauth/token`. */
  apiKeyId: string | null;
}

/**
 * Why there is no caller. `NO_CREDENTIALS`: the request has no token; `TOKEN_EXPIRED`: refresh and retry;
 * `TOKEN_INVALID`: forged, malformed or for another audience; `KEYS_UNAVAILABLE`: Postern's keys are unavailable, retry
 * later. With `revocations`: `SESSION_REVOKED`: the session has ended, or the token is older than a change of the account:
 * refresh and retry once; `REVOCATIONS_UNAVAILABLE`: the feed is unavailable and `onFailure` is `refuse`, retry later.
 */
export type Problem =
  | 'NO_CREDENTIALS'
  | 'TOKEN_EXPIRED'
  | 'TOKEN_INVALID'
  | 'KEYS_UNAVAILABLE'
  | 'SESSION_REVOKED'
  | 'REVOCATIONS_UNAVAILABLE';

export type Verification = { caller: Caller; problem: null } | { caller: null; problem: Problem };

/** @param header `Authorization`, `X-Auth-Token` or `X-Postern-Identity` as received, or an identity token */
export interface Verifier {
  (header: string | null | undefined): Promise<Verification>;
  /** Why a caller that a verifier has returned is no longer valid: `TOKEN_EXPIRED` or a problem of `revocations`. */
  check(caller: Caller): Problem | null;
  /** Fetches the keys when there are none. @returns why tokens cannot be verified now, or null */
  ready(): Promise<Problem | null>;
  /** Stops following the revocation feed. */
  close(): void;
}

/** By caller, for all verifiers. */
const revocables = new WeakMap<Caller, RevocableToken>();

/** A longer token is refused before it is parsed. */
const maxTokenLength = 8192;
/** Postern issues no token with a longer lifetime. */
const maxLifetimeSeconds = 3600;
/** The version of the claims that this file reads. */
const claimsVersion = 1;

/** The one type is never accepted as the other. */
const kinds = {
  access: { pattern: /^Bearer +(\S+) *$/i, typ: 'at+jwt', path: '' },
  identity: { pattern: /^(\S+)$/, typ: 'postern-identity+jwt', path: '/auth/verify' },
} as const;

/** What Postern accepts as the audience of a subgraph. */
const subgraphAudience = /^[a-z0-9_-]{1,64}$/;

/**
 * Create one and keep it: it caches the keys, and follows the revocation feed. It fetches the keys for the first token.
 * A verification never throws.
 * @throws TypeError for `audience` or `revocations` that cannot work
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const { tokens = 'access', clockToleranceSeconds = 5, now = () => new Date() } = options;
  const issuer = options.issuer.replace(/\/+$/, '');
  const { pattern, typ, path } = kinds[tokens];
  const audience = audienceIn(options) ?? `${issuer}${path}`;
  const keys = new PublishedKeys(options.jwksUrl ?? `${issuer}/.well-known/jwks.json`, now);
  const revocations = options.revocations && new Revocations(options.revocations, issuer, now, clockToleranceSeconds);
  const check = (caller: Caller): Problem | null => {
    if (caller.expiresAt.getTime() + clockToleranceSeconds * 1000 <= now().getTime()) return 'TOKEN_EXPIRED';
    if (revocations?.isUnavailable) return 'REVOCATIONS_UNAVAILABLE';
    const token = revocables.get(caller);
    return token && revocations?.isRevoked(token) ? 'SESSION_REVOKED' : null;
  };
  const ready = async (): Promise<Problem | null> => {
    if (!(await keys.load())) return 'KEYS_UNAVAILABLE';
    return revocations?.isUnavailable || revocations?.isEmpty ? 'REVOCATIONS_UNAVAILABLE' : null;
  };
  const verify = async (header: string | null | undefined): Promise<Verification> => {
    if (!header) return refused('NO_CREDENTIALS');
    const [, token] = pattern.exec(header) ?? [];
    if (!token || token.length > maxTokenLength) return refused('TOKEN_INVALID');
    try {
      const { payload } = await jwtVerify(token, ({ kid }) => keys.find(kid), {
        algorithms: ['ES256'],
        typ,
        issuer,
        audience,
        clockTolerance: clockToleranceSeconds,
        currentDate: now(),
      });
      const caller = callerFrom(payload);
      if (!caller) return refused('TOKEN_INVALID');
      revocables.set(caller, revocableOf(caller, payload));
      const problem = check(caller);
      return problem === null ? { caller, problem } : refused(problem);
    } catch (error) {
      return refused(problemOf(error));
    }
  };
  return Object.assign(verify, { check, ready, close: () => revocations?.close() });
}

/** @returns null: the audience depends on the issuer @throws TypeError */
function audienceIn({ tokens, audience }: VerifierOptions): string | null {
  if (audience === undefined) return null;
  if (tokens !== 'identity')
    throw new TypeError('audience: access tokens have none of their own. Use tokens: "identity".');
  if (!subgraphAudience.test(audience)) throw new TypeError('audience: use 1 to 64 of a-z, 0-9, _ and -.');
  return audience;
}

function revocableOf(caller: Caller, { sub = '', iat = 0 }: JWTPayload): RevocableToken {
  const apiKeyId = caller.kind === 'user' ? null : caller.apiKeyId;
  return { subject: sub, sessionId: caller.sessionId, apiKeyId, issuedAt: iat };
}

function refused(problem: Problem): Verification {
  return { caller: null, problem };
}

function problemOf(error: unknown): Problem {
  if (error instanceof KeysUnavailable) return 'KEYS_UNAVAILABLE';
  return error instanceof errors.JWTExpired ? 'TOKEN_EXPIRED' : 'TOKEN_INVALID';
}

/** @returns null unless every claim is present: a missing claim must never mean "none" */
function callerFrom(claims: JWTPayload): Caller | null {
  const { role, scope, amr, iat, exp, ver, ext = {} } = claims;
  if (!isText(role) || typeof scope !== 'string' || ver !== claimsVersion || !isTexts(amr)) return null;
  if (typeof iat !== 'number' || typeof exp !== 'number' || exp - iat > maxLifetimeSeconds) return null;
  if (!isObject(ext)) return null;
  const any = { role, permissions: scope.split(' ').filter(Boolean), ext, expiresAt: new Date(exp * 1000) };
  const isOfSession = ['sid', 'auth_time', 'acr'].some((name) => claims[name] !== undefined);
  return isOfSession ? userFrom(claims, any, amr) : amr.length === 0 ? programFrom(claims, any) : null;
}

function userFrom({ sub, sid, auth_time, acr }: JWTPayload, any: AnyCaller, methods: string[]): UserCaller | null {
  if (!isText(sub) || !isText(sid) || typeof auth_time !== 'number') return null;
  if (acr !== 'AAL1' && acr !== 'AAL2') return null;
  const authenticatedAt = new Date(auth_time * 1000);
  return { kind: 'user', userId: sub, sessionId: sid, ...any, authenticatedAt, assurance: acr, methods };
}

const withoutSession = { sessionId: null, authenticatedAt: null, assurance: null, methods: [] } as const;

function programFrom({ sub, client_id, api_key }: JWTPayload, any: AnyCaller): KeyCaller | ServiceCaller | null {
  if (!isText(sub) || (api_key !== undefined && !isText(api_key))) return null;
  if (client_id === sub)
    return {
      kind: 'service',
      userId: null,
      serviceAccountId: sub,
      apiKeyId: api_key ?? null,
      ...any,
      ...withoutSession,
    };
  const isPersonal = client_id === undefined && api_key !== undefined;
  return isPersonal ? { kind: 'key', userId: sub, apiKeyId: api_key, ...any, ...withoutSession } : null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
}
