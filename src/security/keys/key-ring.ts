/**
 * Derives one key per purpose from the deployment's secret (HKDF, RFC 5869), so that no key serves two purposes.
 * While the secret rotates, sealing and signing use the new one and the previous one is still accepted.
 */
import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

export type KeyPurpose =
  | 'refresh-token'
  | 'sealing'
  | 'keyed-hash'
  | 'device-token'
  | 'csrf-token'
  | 'api-key'
  | 'client-secret'
  | 'captcha';

export interface KeyRing {
  /** The key to seal and sign with: 32 bytes. */
  current(purpose: KeyPurpose): KeyObject;
  /** Every key to accept, newest first. */
  accepted(purpose: KeyPurpose): readonly KeyObject[];
}

/** @param secrets newest first, each at least 32 bytes (the configuration checks that) */
export function createKeyRing(secrets: readonly [Buffer, ...Buffer[]]): KeyRing {
  const derived = new Map<KeyPurpose, readonly [KeyObject, ...KeyObject[]]>();
  const keysFor = (purpose: KeyPurpose): readonly [KeyObject, ...KeyObject[]] => {
    const known = derived.get(purpose);
    if (known) return known;
    const derive = (secret: Buffer) =>
      createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `postern/${purpose}/1`, 32)));
    const [newest, ...older] = secrets;
    const keys = [derive(newest), ...older.map(derive)] as const;
    derived.set(purpose, keys);
    return keys;
  };
  return { current: (purpose) => keysFor(purpose)[0], accepted: keysFor };
}
