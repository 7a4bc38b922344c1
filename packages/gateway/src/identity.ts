/**
 * Resolves credentials at Postern (`POST /auth/identities`) and keeps the identity tokens: one call for all subgraphs, and
 * one call at a time for one credential.
 */
import { hash } from 'node:crypto';
import type { Problem } from '@postern/verify';
import type { GraphQLError } from 'graphql';
import { BoundedMap } from './bounded-map.ts';
import { posternError } from './refusals.ts';

export interface IdentityOptions {
  /** Without a trailing slash. */
  posternUrl: string;
  routerSecret: string;
  now: () => Date;
  onCall?: (outcome: 'ok' | 'refused' | 'unavailable') => void;
}

/** The tokens of one credential, by audience; or why there are none. `refusal`: the error with which Postern refused a known caller. */
export type Identity =
  | { tokens: ReadonlyMap<string, string>; problem: null }
  | { tokens: null; problem: Problem; refusal?: GraphQLError };

export interface IdentityRequest {
  /** The header of the client. */
  authorization: string;
  /** The address of the client, by which Postern counts. */
  source: string;
  /** At least one. */
  audiences: readonly string[];
  /** Fetched in the same call: the request may need them next. */
  others: readonly string[];
}

/** Identity tokens. */
const mostTokens = 10_000;
/** A token must outlive its way to the subgraph. */
const marginSeconds = 5;
const longestSeconds = 60;
const deadlineMs = 5000;
const mostAudiences = 50;
const unavailable = { tokens: null, problem: 'KEYS_UNAVAILABLE' } as const;

export class Identities {
  readonly #options: IdentityOptions;
  /** By hash of the credential and audience. `until`: milliseconds since the epoch. */
  readonly #tokens = new BoundedMap<string, { token: string; until: number }>(mostTokens);
  /** The running call, by hash of the credential. */
  readonly #calls = new Map<string, Promise<Identity>>();

  constructor(options: IdentityOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#tokens.size;
  }

  async find(request: IdentityRequest): Promise<Identity> {
    const credential = credentialOf(request);
    const running = this.#calls.get(credential);
    // It may be for other audiences: its tokens count, its problem does not.
    if (running) await running;
    const tokens = this.#kept(credential, request.audiences);
    if (tokens) return { tokens, problem: null };
    const next = this.#calls.get(credential) ?? this.#call(credential, request);
    const identity = await next;
    if (identity.problem !== null) return identity;
    const found = pick(identity.tokens, request.audiences);
    return found ? { tokens: found, problem: null } : unavailable;
  }

  /** For a credential whose rights have changed. */
  drop(request: Pick<IdentityRequest, 'authorization' | 'audiences'>): void {
    const credential = credentialOf(request);
    for (const audience of request.audiences) this.#tokens.delete(`${credential} ${audience}`);
  }

  #kept(credential: string, audiences: readonly string[]): ReadonlyMap<string, string> | null {
    const now = this.#options.now().getTime();
    const kept = audiences.flatMap((audience): [string, string][] => {
      const entry = this.#tokens.get(`${credential} ${audience}`);
      return entry && entry.until > now ? [[audience, entry.token]] : [];
    });
    return pick(new Map(kept), audiences);
  }

  #call(credential: string, request: IdentityRequest): Promise<Identity> {
    const call = this.#ask(credential, request)
      .catch(() => unavailable)
      .finally(() => this.#calls.delete(credential));
    this.#calls.set(credential, call);
    return call;
  }

  async #ask(credential: string, { authorization, source, audiences, others }: IdentityRequest): Promise<Identity> {
    const { posternUrl, routerSecret, now, onCall } = this.#options;
    const askedAt = now().getTime();
    const response = await fetch(`${posternUrl}/auth/identities`, {
      method: 'POST',
      headers: {
        authorization,
        'content-type': 'application/json',
        'router-authorization': routerSecret,
        'x-forwarded-for': source,
      },
      body: JSON.stringify({ audiences: [...new Set([...audiences, ...others])].slice(0, mostAudiences) }),
      redirect: 'error',
      signal: AbortSignal.timeout(deadlineMs),
    }).catch(() => null);
    const body: unknown = response && (await response.json().catch(() => null));
    const answer = response?.ok ? answerIn(body) : null;
    const refusal = answer ? null : posternError(body);
    onCall?.(answer ? 'ok' : response?.status === 401 || refusal ? 'refused' : 'unavailable');
    if (response?.status === 401) return { tokens: null, problem: reasonIn(body) };
    if (!answer) return refusal ? { ...unavailable, refusal } : unavailable;
    const seconds = Math.min(answer.expiresIn, longestSeconds) - marginSeconds;
    const until = askedAt + seconds * 1000;
    for (const [audience, token] of answer.tokens) this.#tokens.set(`${credential} ${audience}`, { token, until });
    return { tokens: answer.tokens, problem: null };
  }
}

function credentialOf({ authorization }: Pick<IdentityRequest, 'authorization'>): string {
  return hash('sha256', authorization, 'base64url');
}

/** @returns null when one is missing */
function pick(tokens: ReadonlyMap<string, string>, audiences: readonly string[]): ReadonlyMap<string, string> | null {
  const found = audiences.flatMap((audience): [string, string][] => {
    const token = tokens.get(audience);
    return token === undefined ? [] : [[audience, token]];
  });
  return found.length === audiences.length ? new Map(found) : null;
}

function answerIn(body: unknown): { tokens: ReadonlyMap<string, string>; expiresIn: number } | null {
  if (typeof body !== 'object' || body === null) return null;
  const { tokens, expiresIn }: { tokens?: unknown; expiresIn?: unknown } = body;
  if (typeof tokens !== 'object' || tokens === null || typeof expiresIn !== 'number') return null;
  const texts = Object.entries(tokens).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return { tokens: new Map(texts), expiresIn };
}

const reasons: readonly Problem[] = ['NO_CREDENTIALS', 'TOKEN_EXPIRED', 'TOKEN_INVALID', 'SESSION_REVOKED'];

/** Of the body of a refusal: `{ errors: [{ extensions: { reason } }] }`. */
function reasonIn(body: unknown): Problem {
  const text = JSON.stringify(body) ?? '';
  const [, reason] = /"reason":"([A-Z_]{1,40})"/.exec(text) ?? [];
  return reasons.find((known) => known === reason) ?? 'TOKEN_INVALID';
}
