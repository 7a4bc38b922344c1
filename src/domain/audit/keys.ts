/**
 * The key that signs checkpoints of the audit trail. It is separate from the keys of access tokens, which rotate: an
 * auditor verifies a checkpoint years later with the public part alone. The private part is sealed with SECRET, so an
 * attacker that can only write to the database cannot replace the key.
 */
import type { KeyObject } from 'node:crypto';
import { AuditKey } from '../../persistence/audit/audit-key.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import {
  auditKeyId,
  generateAuditKey,
  publicPartOf,
  readAuditPrivateKey,
  readAuditPublicKey,
  writeAuditPublicKey,
} from '../../security/audit-chain.ts';
import type { Sealer } from '../../security/keys/sealing.ts';
import { operatorClient, recordAudit } from './record.ts';

export interface SigningAuditKey {
  kid: string;
  privateKey: KeyObject;
}

/** The trusted public keys, by kid. */
export type AuditKeyring = ReadonlyMap<string, KeyObject>;

const boundTo = (kid: string) => `audit:${kid}`;

/** The newest key; without one, a new one. The caller holds the lock of the chain. @throws UnsealError */
export async function takeAuditKey(tx: EntityManager, sealer: Sealer, now: Date): Promise<SigningAuditKey> {
  const [newest] = await tx.find(AuditKey, {}, { orderBy: { createdAt: 'desc' }, limit: 1 });
  if (newest) {
    const pkcs8 = sealer.unseal(newest.privateKeySealed, boundTo(newest.kid));
    // Sealed again with SECRET at each use, so it stays readable after SECRET_PREVIOUS is removed.
    newest.privateKeySealed = sealer.seal(pkcs8, boundTo(newest.kid));
    return { kid: newest.kid, privateKey: readAuditPrivateKey(pkcs8) };
  }
  const { kid, publicKey, privateKey } = generateAuditKey();
  const privateKeySealed = sealer.seal(privateKey, boundTo(kid));
  tx.persist(tx.create(AuditKey, { kid, publicKey, privateKeySealed, createdAt: now }));
  recordAudit(tx, operatorClient('audit-sealing'), now, {
    action: 'audit_key.created',
    target: { type: 'audit_key', id: kid },
    details: { kid },
  });
  return { kid, privateKey: readAuditPrivateKey(privateKey) };
}

export interface PublicAuditKey {
  kid: string;
  /** SPKI in PEM. */
  publicKey: string;
}

/** Newest first. */
export async function listAuditKeys(em: EntityManager): Promise<PublicAuditKey[]> {
  const keys = await em.find(AuditKey, {}, { orderBy: { createdAt: 'desc' } });
  return keys.map(({ kid, publicKey }) => ({ kid, publicKey }));
}

/** The keys whose private part SECRET can unseal. A key that an attacker inserted into the table is not among them. */
export async function readOwnKeyring(em: EntityManager, sealer: Sealer): Promise<AuditKeyring> {
  const keys = await em.find(AuditKey, {});
  return new Map(
    keys.flatMap(({ kid, privateKeySealed }) => {
      const publicKey = openPublicPart(sealer, kid, privateKeySealed);
      return publicKey && auditKeyId(publicKey) === kid ? [[kid, publicKey] as const] : [];
    }),
  );
}

/** The newest of them, as SPKI in PEM; null before the first entry is sealed. */
export async function readOwnPublicKey(em: EntityManager, sealer: Sealer): Promise<string | null> {
  const keyring = await readOwnKeyring(em, sealer);
  const [newest] = (await listAuditKeys(em)).flatMap(({ kid }) => keyring.get(kid) ?? []);
  return newest ? writeAuditPublicKey(newest) : null;
}

function openPublicPart(sealer: Sealer, kid: string, sealed: Uint8Array): KeyObject | null {
  try {
    return publicPartOf(readAuditPrivateKey(sealer.unseal(sealed, boundTo(kid))));
  } catch {
    return null;
  }
}

/** @returns null when one of the texts is not an Ed25519 public key */
export function keyringOf(pems: readonly string[]): AuditKeyring | null {
  const keys = pems.map(readAuditPublicKey).filter((key) => key !== null);
  return keys.length === pems.length ? new Map(keys.map((key) => [auditKeyId(key), key])) : null;
}
