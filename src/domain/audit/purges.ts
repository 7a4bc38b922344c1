/**
 * Entries without personal data, and the purges that explain them. A purge of an account lists the entries that it
 * emptied (`personal_data.purged`). An emptied entry that no purge lists was emptied outside the gateway.
 */
import type { PurgeRow } from '../../persistence/audit/audit-chain.ts';
import type { SealedEntry } from '../../security/audit-chain.ts';
import type { Json } from '../../security/canonical-json.ts';

export type Purge = Pick<SealedEntry, 'action' | 'targetId' | 'details'>;

export function purgeFrom({ action, targetId, details }: PurgeRow): Purge {
  return { action, targetId, details: JSON.parse(details) };
}

type Emptied = Pick<SealedEntry, 'id' | 'actorId' | 'targetType' | 'targetId'> & { sequence: number };

export class EmptiedEntries {
  /** By id, in the order of the chain. */
  readonly #unexplained = new Map<string, Emptied>();
  /** A purge can be sealed before an entry that it lists: sealing follows the begin of transactions, not their end. */
  readonly #listed = new Set<string>();

  /** The number of entries that no purge explains. */
  get size(): number {
    return this.#unexplained.size;
  }

  /** The first entry that no purge explains. */
  get first(): Emptied | null {
    return this.#unexplained.values().next().value ?? null;
  }

  add({ id, actorId, targetType, targetId }: SealedEntry, sequence: number): void {
    if (!this.#listed.has(id)) this.#unexplained.set(id, { id, actorId, targetType, targetId, sequence });
  }

  /** Other entries than purges have no effect. */
  explainBy({ action, targetId, details }: Purge): void {
    if (action === 'personal_data.purged') this.#explainListed(member(details, 'entries'));
    if (action === 'user.purged' && member(details, 'lists') === undefined) {
      this.#explainUnlisted(targetId, Number(member(details, 'auditEntries')));
    }
  }

  #explainListed(ids: Json | undefined): void {
    if (!Array.isArray(ids)) return;
    for (const id of ids) {
      if (typeof id !== 'string') continue;
      this.#listed.add(id);
      this.#unexplained.delete(id);
    }
  }

  /**
   * Purges of version 0.1.0 give only the number of entries. They explain that many: first those by and about the user,
   * then anonymous entries, whose connection with the user no longer shows.
   */
  #explainUnlisted(userId: string | null, count: number): void {
    if (userId === null) return;
    const isOfUser = (entry: Emptied) => entry.actorId === userId || entry.targetId === userId;
    const isAnonymous = (entry: Emptied) => entry.actorId === null && entry.targetType !== 'user';
    const all = [...this.#unexplained.values()];
    const explained = [...all.filter(isOfUser), ...all.filter((entry) => !isOfUser(entry) && isAnonymous(entry))];
    for (const { id } of explained.slice(0, count)) this.#unexplained.delete(id);
  }
}

function member(value: Json, name: string): Json | undefined {
  return isObject(value) ? value[name] : undefined;
}

function isObject(value: Json): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
