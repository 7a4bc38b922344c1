/**
 * The form of the audit trail's proof. Each entry is hashed together with the hash before it, so that no entry can be
 * changed, left out, put in or moved without changing every hash behind it; and the hashes are signed at checkpoints,
 * with a key that serves nothing else, so that an attacker without that key cannot recompute the hashes. Which entries, and
 * when, is domain/audit/sealing.ts; what a break looks like is domain/audit/verification.ts.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { canonicalJson, type Json } from './canonical-json.ts';

/** What is sealed of an entry. Not its personal data: their salted hash stands for them, so that they can go. */
export interface SealedEntry {
  id: string;
  /** ISO 8601 in UTC with microseconds: what PostgreSQL keeps. */
  occurredAt: string;
  action: string;
  outcome: string;
  actorId: string | null;
  targetType: string | null;
  targetId: string | null;
  sessionId: string | null;
  requestId: string;
  /** In hex. */
  personalHash: string;
  details: Json;
}

/** Hashes are 64 hex digits, signatures base64, times ISO 8601 in UTC. */
export interface Checkpoint {
  number: number;
  sequence: number;
  hash: string;
  signedAt: string;
  /** What occurred before is sealed by now, but for what a transaction held back for a while; null: not known. */
  completeUntil: string | null;
  kid: string;
  signature: string;
}

/** A checkpoint up to which retention removed the entries. */
export interface Anchor extends Omit<Checkpoint, 'completeUntil'> {
  /** What was removed had occurred before. */
  removedBefore: string;
}

export interface AuditKeyPair {
  /** SHA-256 of the public key (SPKI, DER), in base64url. */
  kid: string;
  /** SPKI in PEM. */
  publicKey: string;
  /** PKCS#8 in DER. */
  privateKey: Buffer;
}

/** What stands before the first entry. */
export const genesisHash = '0'.repeat(64);

export function chainHash(previous: string, sequence: number, entry: SealedEntry): string {
  return createHash('sha256')
    .update(Buffer.from(previous, 'hex'))
    .update(canonicalJson({ sequence, ...entry }))
    .digest('hex');
}

/** Ed25519 (RFC 8032). */
export function generateAuditKey(): AuditKeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    kid: auditKeyId(publicKey),
    publicKey: writeAuditPublicKey(publicKey),
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }),
  };
}

export function auditKeyId(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('base64url');
}

export function readAuditPrivateKey(pkcs8: Buffer): KeyObject {
  return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
}

/** @returns null when the text is no public key of the audit trail */
export function readAuditPublicKey(pem: string): KeyObject | null {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
}

/** SPKI in PEM. */
export function writeAuditPublicKey(publicKey: KeyObject): string {
  return publicKey.export({ format: 'pem', type: 'spki' }).toString();
}

/** The public half of a private key. */
export function publicPartOf(privateKey: KeyObject): KeyObject {
  return createPublicKey(privateKey);
}

export function signCheckpoint(privateKey: KeyObject, checkpoint: Omit<Checkpoint, 'signature'>): string {
  return sign(null, statementOf(checkpoint), privateKey).toString('base64');
}

export function signAnchor(privateKey: KeyObject, anchor: Omit<Anchor, 'signature'>): string {
  return sign(null, statementOf(anchor), privateKey).toString('base64');
}

export function isSignedBy(publicKey: KeyObject, signed: Checkpoint | Anchor): boolean {
  return verify(null, statementOf(signed), publicKey, Buffer.from(signed.signature, 'base64'));
}

/** A statement says what it is, so that neither kind can pass for the other. */
function statementOf(signed: Omit<Checkpoint, 'signature'> | Omit<Anchor, 'signature'>): Buffer {
  const { number, sequence, hash, signedAt, kid } = signed;
  const common = { number, sequence, hash, signedAt, kid };
  const statement =
    'removedBefore' in signed
      ? { type: 'postern-audit-anchor', ...common, removedBefore: signed.removedBefore }
      : { type: 'postern-audit-checkpoint', ...common, completeUntil: signed.completeUntil };
  return Buffer.from(canonicalJson(statement));
}
