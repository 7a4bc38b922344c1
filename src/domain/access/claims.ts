/** The claims of tokens about a user or a program, by the current state. */
import { type AccessTokenClaims, claimsVersion, type MachineClaims } from '../../security/tokens/access-token.ts';
import type { AssuranceLevel, AuthMethod, Machine, Viewer } from '../caller.ts';
import { newId } from '../ids.ts';

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

export interface Issuance {
  issuer: string;
  audience: string;
  now: Date;
  ttlSeconds: number;
}

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

export function epochSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}
