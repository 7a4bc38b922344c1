/**
 * Identity tokens: the caller for a service behind a proxy (forward auth), or for one subgraph of a federated graph. Signed
 * with the keys of access tokens, but of another type and for another audience, so that neither passes for the other
 * (RFC 8725 3.11, 3.12).
 */
import type { KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { AccessTokenClaims, MachineClaims } from './access-token.ts';

export const identityTokenType = 'postern-identity+jwt';

export function signIdentityToken(
  claims: AccessTokenClaims | MachineClaims,
  key: { kid: string; privateKey: KeyObject },
): string {
  return jwt.sign({ ...claims }, key.privateKey, {
    algorithm: 'ES256',
    header: { alg: 'ES256', kid: key.kid, typ: identityTokenType },
  });
}
