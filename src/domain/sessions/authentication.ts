/**
 * Authenticates the access token of each request: its signature and time, then the current state of its session and user
 * (ASVS 7.4.1, 8.3.2). Signing out, suspension and role changes therefore take effect on the next request. API keys are
 * authenticated in ../applications/identify-key.ts.
 */
import { apiKeyPrefix } from '../../security/api-key.ts';
import type { GenuineToken } from '../../security/tokens/access-token.ts';
import { identifyClientToken } from '../applications/client-tokens.ts';
import type { ApplicationDeps } from '../applications/deps.ts';
import { identifyKey } from '../applications/identify-key.ts';
import type { Caller, Client, Machine, Viewer } from '../caller.ts';
import { Refusal, refusalOf, type UnauthenticatedReason } from '../errors.ts';
import { isConfirmed } from './confirmations.ts';
import type { SessionDeps } from './deps.ts';
import { viewerFrom } from './viewer.ts';

export { endOfToken } from '../../security/tokens/access-token.ts';

/** One for all callers: every anonymous request has one, and making an error captures a stack trace. */
const unauthenticated: Readonly<Record<UnauthenticatedReason, Refusal>> = {
  NO_CREDENTIALS: new Refusal('UNAUTHENTICATED', { reason: 'NO_CREDENTIALS' }),
  TOKEN_EXPIRED: new Refusal('UNAUTHENTICATED', { reason: 'TOKEN_EXPIRED' }),
  TOKEN_INVALID: new Refusal('UNAUTHENTICATED', { reason: 'TOKEN_INVALID' }),
  SESSION_REVOKED: new Refusal('UNAUTHENTICATED', { reason: 'SESSION_REVOKED' }),
};

/**
 * @param authorization the header, unchecked
 * @returns a caller in every case; a missing viewer is refused by the operations that need one
 */
export async function identify(
  deps: SessionDeps & ApplicationDeps,
  client: Client,
  authorization: string | undefined,
): Promise<Caller> {
  const anonymous = (refusal: Refusal): Caller => ({ client, viewer: null, refusal });
  if (authorization === undefined) return anonymous(unauthenticated.NO_CREDENTIALS);
  const [, token] = /^Bearer +(\S+) *$/i.exec(authorization) ?? [];
  if (!token) return anonymous(unauthenticated.TOKEN_INVALID);
  try {
    if (token.startsWith(apiKeyPrefix)) return callerFrom(client, await identifyKey(deps, client, token));
    const found = await callerOfToken(deps, client, token);
    if (typeof found === 'string') return anonymous(unauthenticated[found]);
    const { known } = found;
    return 'session' in known ? { client, viewer: known, refusal: null } : callerFrom(client, known);
  } catch (error) {
    // Public operations continue; operations that need a viewer answer this refusal.
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    return anonymous(refusal);
  }
}

async function machineOfToken(
  deps: SessionDeps & ApplicationDeps,
  client: Client,
  token: GenuineToken,
): Promise<KnownToken | UnauthenticatedReason> {
  const found = await identifyClientToken(deps, client, token);
  if (found === null) return 'TOKEN_INVALID';
  deps.signingKeys.notice(found.signingKid);
  return { claims: token.claims, known: found.machine };
}

/** Operations that a program may not call answer the refusal. */
const notForMachines = new Refusal('FORBIDDEN', { reason: 'MACHINE_NOT_ALLOWED' });

function callerFrom(client: Client, identified: Machine | Refusal): Caller {
  if (identified instanceof Refusal) return { client, viewer: null, refusal: identified };
  return { client, viewer: null, machine: identified, refusal: notForMachines };
}

/** What a genuine access token says, and the user or program that it stands for, in the present state. */
export interface KnownToken {
  claims: GenuineToken['claims'];
  known: Viewer | Machine;
}

/** @returns the reason for which a token is not accepted */
export async function callerOfToken(
  deps: SessionDeps & ApplicationDeps,
  client: Client,
  token: string,
): Promise<KnownToken | UnauthenticatedReason> {
  const { clock, settings, signingKeys, accessTokens, tokenStates, confirmations } = deps;
  const now = clock.now();
  const keyOf = await signingKeys.verifier(now, accessTokens.keyIdOf(token));
  const opened = accessTokens.open(token, { keyOf, issuer: settings.issuer, audience: settings.issuer, now });
  if ('problem' in opened) return opened.problem;
  if (opened.claims.sid === undefined) return machineOfToken(deps, client, opened);
  const state = await tokenStates.load({ sessionId: opened.claims.sid, kid: opened.kid });
  if (!state || state.userId !== opened.claims.sub) return 'SESSION_REVOKED';
  if (!state.keyExists) return 'TOKEN_INVALID';
  signingKeys.notice(state.signingKid);
  const alive = state.revokedAt === null && new Date(state.expiresAt) > now && state.status === 'ACTIVE';
  if (!alive) return 'SESSION_REVOKED';
  if (opened.claims.gen === state.generation && !isConfirmed(state))
    confirmations.note(state.sessionId, state.generation);
  return { claims: opened.claims, known: viewerFrom(state, client, settings, now) };
}
