/** One position of the chain: the entry in its sealed form, and the personal data that its hash represents. */
import type { EntryRow, LinkRow, PersonalRow } from '../../persistence/audit/audit-chain.ts';
import type { SealedEntry } from '../../security/audit-chain.ts';
import { hashPersonal } from '../../security/keys/personal-hash.ts';

export type PersonalData = PersonalRow;

export interface Link {
  sequence: number;
  entryId: string;
  hash: string;
  /** Null: the entry is missing. */
  entry: SealedEntry | null;
  personal: PersonalData;
}

/** Only these members are sealed; the row has further columns. */
export function sealedFormOf(row: EntryRow): SealedEntry {
  const { id, occurredAt, action, outcome, actorId, targetType, targetId, sessionId, requestId, personalHash } = row;
  const rest = { actorId, targetType, targetId, sessionId, requestId, personalHash };
  return { id, occurredAt, action, outcome, ...rest, details: JSON.parse(row.details) };
}

export function linkFrom({ sequence, entryId, hash, entry, personal }: LinkRow): Link {
  return { sequence, entryId, hash, entry: entry && sealedFormOf(entry), personal };
}

/** Whether the personal data equals the sealed data, or was purged completely. */
export function isGenuinePersonal({ ipAddress, userAgent, reason, salt }: PersonalData, sealedHash: string): boolean {
  const values = [ipAddress, userAgent, reason];
  if (salt === null) return values.every((value) => value === null);
  return hashPersonal(values, Buffer.from(salt, 'hex')).hash.toString('hex') === sealedHash;
}
