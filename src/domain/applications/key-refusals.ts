/**
 * Collects refused requests with API keys for the audit trail. Requests only add a note; maintenance writes one entry per
 * source, key and reason once a minute, with a count. So a refusal costs no write, and a flood writes no flood of entries.
 */
import type { KeyRefusal } from '../audit/actions.ts';
import type { Client } from '../caller.ts';
import { systemCaller } from '../operator.ts';
import { sourceOf } from '../source.ts';
import { transact, type Unit } from '../transaction.ts';
import { CountedNotes } from './counted-notes.ts';
import { type KeyOwnerIds, targetOf } from './key-owner-ids.ts';

/** Sources beyond this number within a minute are not noted. */
const maxNotes = 10_000;

/** The key of a refused request. Present only when the secret was right: others could name any key. */
export interface GenuineKey extends KeyOwnerIds {
  apiKeyId: string;
}

interface Note {
  client: Client;
  reason: KeyRefusal;
  key: GenuineKey | null;
  count: number;
}

export class KeyRefusals {
  readonly #notes = new CountedNotes<Note>(maxNotes);

  note(client: Client, reason: KeyRefusal, key: GenuineKey | null = null): void {
    const place = `${sourceOf(client.ipAddress)} ${reason} ${key?.apiKeyId ?? ''}`;
    this.#notes.add(place, { client, reason, key, count: 1 });
  }

  /** @throws the error of the database; the notes that are not written are kept for the next call */
  flush(unit: Unit): Promise<void> {
    return this.#notes.handle((note) => write(unit, note));
  }
}

async function write(unit: Unit, { client, reason, key, count }: Note): Promise<void> {
  await transact<void>(unit, { ...systemCaller('api-keys'), client }, async ({ audit }) =>
    audit({
      action: 'api_key.refused',
      outcome: 'DENIED',
      ...(key && { target: targetOf(key), apiKeyId: key.apiKeyId }),
      details: { reason, count },
    }),
  );
}
