/**
 * The hashes and signatures of the audit trail. Each entry is hashed together with the previous hash, so that changing,
 * removing, inserting or moving an entry changes every later hash. A key that signs nothing else signs the hashes at
 * checkpoints, so that an attacker without that key cannot recompute them. domain/audit/sealing.ts seals the entries;
 * domain/audit/verification.ts finds breaks.
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

/** The sealed part of an entry. It contains the salted hash of the personal data, so that the data can be deleted. */
export interface SealedEntry {
  id: string;
  /** ISO 8601 in UTC with microseconds, the precision of PostgreSQL. */
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
  /** Entries of earlier times are sealed, except those of slow transactions; null: unknown. */
  completeUntil: string | null;
  kid: string;
  signature: string;
}

/** A checkpoint up to which retention removed the entries. */
export interface Anchor extends Omit<Checkpoint, 'completeUntil'> {
  /** The removed entries occurred before this time. */
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

/** The hash before the first entry. */
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

/** @returns null when the text is not an Ed25519 public key */
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

/** The signed text names its kind, so that an anchor is not accepted as a checkpoint or the reverse. */
function statementOf(signed: Omit<Checkpoint, 'signature'> | Omit<Anchor, 'signature'>): Buffer {
  const { number, sequence, hash, signedAt, kid } = signed;
  const common = { number, sequence, hash, signedAt, kid };
  const statement =
    'removedBefore' in signed
      ? { type: 'postern-audit-anchor', ...common, removedBefore: signed.removedBefore }
      : { type: 'postern-audit-checkpoint', ...common, completeUntil: signed.completeUntil };
  return Buffer.from(canonicalJson(statement));
}
