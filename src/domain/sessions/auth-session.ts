/** Issues the tokens of a session, at sign-in and at refresh. */

import type { SessionStateRow } from '../../persistence/sessions/session-state.ts';
import {
  type AccessTokenClaims,
  claimsVersion,
  type MachineClaims,
  signAccessToken,
} from '../../security/tokens/access-token.ts';
import type { AssuranceLevel, AuthMethod, Caller, Machine, Session, Viewer } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { newId } from '../ids.ts';
import type { SessionDeps } from './deps.ts';
import { viewerFrom } from './viewer.ts';

export interface AuthSession {
  accessToken: string;
  accessTokenExpiresAt: Date;
  /** Seconds. */
  expiresIn: number;
  refreshToken: string;
  refreshTokenExpiresAt: Date;
  session: Session;
  viewer: Viewer;
}

/** The names of RFC 8176 for the methods. A passkey proves possession of a key, in hardware or in software. */
const methodReferences = {
  PASSWORD: 'pwd',
  TOTP: 'otp',
  BACKUP_CODE: 'otp',
  PASSKEY: 'pop',
  FEDERATED: 'fed',
  EMAIL_CODE: 'otp',
  SMS_CODE: 'sms',
} as const;

/** Postern is the only client that obtains tokens from itself; RFC 9068 2.2 requires the claim. */
const clientId = 'postern';

/** @param generation of the refresh token: the newest of the session, or a successor that is issued again */
export async function issueTokens(
  { clock, settings, signingKeys, refreshTokens }: SessionDeps,
  { client }: Caller,
  state: SessionStateRow,
  generation: number,
): Promise<AuthSession> {
  const now = clock.now();
  signingKeys.notice(state.signingKid);
  const viewer = viewerFrom(state, client, settings, now);
  const { id: sessionId, expiresAt } = viewer.session;
  const accessTokenExpiresAt = earlier(secondsAfter(now, settings.accessTokenTtlSeconds), expiresAt);
  const ttlSeconds = epochSeconds(accessTokenExpiresAt) - epochSeconds(now);
  const claims = {
    ...claimsAbout(viewer, { issuer: settings.issuer, audience: settings.issuer, now, ttlSeconds }),
    client_id: clientId,
    gen: generation,
  };
  return {
    accessToken: signAccessToken(claims, await signingKeys.signing(now)),
    accessTokenExpiresAt,
    expiresIn: ttlSeconds,
    refreshToken: refreshTokens.mint({ familyId: sessionId, generation }),
    refreshTokenExpiresAt: expiresAt,
    session: viewer.session,
    viewer,
  };
}

export interface Issuance {
  issuer: string;
  audience: string;
  now: Date;
  ttlSeconds: number;
}

/** The claims of a token about the user, by the current state. */
export function claimsAbout(
  { id, role, session, claimsExt }: Viewer,
  { issuer, audience, now, ttlSeconds }: Issuance,
): AccessTokenClaims {
  const iat = epochSeconds(now);
  return {
    iss: issuer,
    aud: audience,
    sub: id,
    sid: session.id,
    iat,
    exp: iat + ttlSeconds,
    jti: newId(now),
    auth_time: epochSeconds(session.authenticatedAt),
    amr: referencesOf(session.methods, session.assurance),
    acr: session.assurance,
    role: role.name,
    scope: role.permissions.join(' '),
    ver: claimsVersion,
    ...(claimsExt && { ext: claimsExt }),
  };
}

/** The same about a program. */
export function claimsAboutMachine(
  { kind, ownerId, apiKeyId, role, permissions }: Machine,
  { issuer, audience, now, ttlSeconds }: Issuance,
): MachineClaims {
  const iat = epochSeconds(now);
  return {
    iss: issuer,
    aud: audience,
    sub: ownerId,
    iat,
    exp: iat + ttlSeconds,
    jti: newId(now),
    amr: [],
    role: role.name,
    scope: permissions.join(' '),
    ver: claimsVersion,
    ...(kind === 'service' && { client_id: ownerId }),
    ...(apiKeyId !== null && { api_key: apiKeyId }),
  };
}

function referencesOf(methods: readonly AuthMethod[], assurance: AssuranceLevel): string[] {
  const references = new Set<string>(methods.map((method) => methodReferences[method]));
  return assurance === 'AAL2' ? [...references, 'mfa'] : [...references];
}

export function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}

function epochSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}
