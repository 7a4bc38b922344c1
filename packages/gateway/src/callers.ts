/**
 * Identifies the caller of a request. Access tokens are verified here; every other credential (an API key) is resolved by
 * Postern. A verified credential is kept for a minute, and checked again for expiry and revocation at each use.
 */
import { hash } from 'node:crypto';
import { type Caller, createVerifier, type Problem, type Verification } from '@postern/verify';
import { BoundedMap } from './bounded-map.ts';
import type { Identities } from './identity.ts';
import type { PosternGatewayOptions } from './options.ts';

/** The audience of the tokens that the gateway reads itself. */
export const ownAudience = 'postern-gateway';

const mostCallers = 10_000;
/** Only published keys verify: a withdrawn key stops working within this time. */
const keptMs = 60_000;
/** A longer header is never a credential of Postern. */
const longestHeader = 8300;

export interface Credential {
  authorization: string | null;
  source: string;
}

export class Callers {
  readonly #identities: Identities;
  readonly #access;
  readonly #identity;
  readonly #now: () => Date;
  readonly #known = new BoundedMap<string, { caller: Caller; until: number }>(mostCallers);

  constructor(options: PosternGatewayOptions, identities: Identities) {
    const { issuer, posternUrl = issuer, routerSecret, now = () => new Date() } = options;
    const { onFailure, maxAgeSeconds } = options.revocations ?? { onFailure: 'refuse', maxAgeSeconds: 10 };
    const address = posternUrl.replace(/\/+$/, '');
    const any = { issuer, jwksUrl: `${address}/.well-known/jwks.json`, now };
    const revocations = { secret: routerSecret, url: `${address}/auth/revocations`, onFailure, maxAgeSeconds };
    this.#identities = identities;
    this.#now = now;
    this.#access = createVerifier({ ...any, revocations });
    this.#identity = createVerifier({ ...any, tokens: 'identity', audience: ownAudience });
  }

  /** @param audiences fetched with an unknown API key */
  async identify(credential: Credential, audiences: readonly string[]): Promise<Verification> {
    const { authorization } = credential;
    if (!authorization) return refused('NO_CREDENTIALS');
    if (authorization.length > longestHeader) return refused('TOKEN_INVALID');
    const key = hash('sha256', authorization, 'base64url');
    const known = this.#known.get(key);
    if (known && known.until > this.#now().getTime()) {
      const problem = this.check(known.caller);
      if (problem === null) return { caller: known.caller, problem };
      this.#known.delete(key);
      if (!isApiKey(authorization) || problem !== 'SESSION_REVOKED') return refused(problem);
      this.#identities.drop({ authorization, audiences: [ownAudience, ...audiences] });
    }
    const verification = isApiKey(authorization)
      ? await this.#resolve({ ...credential, authorization }, audiences)
      : await this.#access(authorization);
    if (verification.caller)
      this.#known.set(key, { caller: verification.caller, until: this.#now().getTime() + keptMs });
    return verification;
  }

  /** Whether a caller has expired or is revoked by now. */
  check(caller: Caller): Problem | null {
    return this.#access.check(caller);
  }

  /** Why tokens cannot be verified now, or null. */
  ready(): Promise<Problem | null> {
    return this.#access.ready();
  }

  close(): void {
    this.#access.close();
    this.#identity.close();
  }

  async #resolve(credential: Credential & { authorization: string }, others: readonly string[]): Promise<Verification> {
    const { tokens, problem } = await this.#identities.find({ ...credential, audiences: [ownAudience], others });
    if (!tokens) return refused(problem);
    const verification = await this.#identity(tokens.get(ownAudience));
    const revoked = verification.caller && this.check(verification.caller);
    return revoked ? refused(revoked) : verification;
  }
}

export function isApiKey(authorization: string): boolean {
  return /^Bearer +pst_/i.test(authorization);
}

function refused(problem: Problem): Verification {
  return { caller: null, problem };
}
