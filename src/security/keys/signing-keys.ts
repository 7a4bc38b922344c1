/** Makes ES256 key pairs and names them by their RFC 7638 thumbprint. Which one signs is decided in domain/sessions/signing-keys/signing-keys.ts. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

export interface PublicJwk {
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
}

export interface KeyPair {
  kid: string;
  publicJwk: PublicJwk;
  /** PKCS#8 in DER. */
  privateKey: Buffer;
}

/** An id that begins with "-" would be an option on the command line: `postern keys revoke KID`. */
export function generateSigningKey(): KeyPair {
  const pair = generateKeyPair();
  return pair.kid.startsWith('-') ? generateSigningKey() : pair;
}

function generateKeyPair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y } = publicKey.export({ format: 'jwk' });
  if (!x || !y) throw new Error('the platform made a key without coordinates');
  const publicJwk: PublicJwk = { kty: 'EC', crv: 'P-256', x, y };
  return { kid: thumbprint(publicJwk), publicJwk, privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }) };
}

export function readPrivateKey(pkcs8: Buffer): KeyObject {
  return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
}

export function readPublicKey(jwk: PublicJwk): KeyObject {
  return createPublicKey({ key: { ...jwk }, format: 'jwk' });
}

/** RFC 7638: the members in this order and nothing else. */
function thumbprint({ crv, kty, x, y }: PublicJwk): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}
