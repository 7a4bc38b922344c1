/** The API keys of the bench, and the secret that the gateway hashes with. */
import { randomBytes } from 'node:crypto';
import { type ApiKeyParts, mintApiKey, renewApiKey } from '../../src/security/api-key.ts';

export const samples = Number(process.argv[2] ?? 200);
export const warmUps = 20;

export const keySecret = randomBytes(32);
const keysOf = () => Array.from({ length: samples + warmUps }, () => mintApiKey('pat'));
/** The secrets of the first are replaced by others before they are presented. */
export const keys = { known: keysOf(), revoked: keysOf(), unknown: keysOf() };

/** The key with another secret. */
export function renewedKey(key: ApiKeyParts | undefined): string {
  return renewApiKey('pat', key?.lookup ?? '').key;
}
