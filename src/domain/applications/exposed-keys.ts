/**
 * Keys in addresses of requests, which end up in logs of proxies and in browser histories. The HTTP server refuses such a
 * request and only adds a note; maintenance finds out whether the key is genuine, records it and mails its owner.
 * A source is not charged for keys that do not exist: any page can make a browser request an address.
 */
import { ApiKey } from '../../persistence/applications/api-key.ts';
import { LockMode } from '../../persistence/entity-manager.ts';
import { type ApiKeyParts, apiKeysIn } from '../../security/api-key.ts';
import type { Client } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { systemCaller } from '../operator.ts';
import { sourceOf } from '../source.ts';
import { transact } from '../transaction.ts';
import { CountedNotes } from './counted-notes.ts';
import type { ApplicationDeps } from './deps.ts';
import { findGenuine } from './identify-key.ts';
import { targetOf } from './key-owner-ids.ts';
import { recipientOf } from './key-recipient.ts';

/** Keys within a minute. Each costs a database read. */
const maxNotes = 1_000;
/** Keys of one source within a minute: it cannot displace those of others. */
const maxPerSource = 20;
const mailEverySeconds = 24 * 60 * 60;

interface Note {
  client: Client;
  parts: ApiKeyParts;
  count: number;
}

export class ExposedKeys {
  readonly #notes = new CountedNotes<Note>(maxNotes);
  readonly #ofSource = new Map<string, number>();

  note(client: Client, address: string): void {
    const source = sourceOf(client.ipAddress);
    for (const parts of apiKeysIn(address)) {
      const place = `${source} ${parts.lookup} ${parts.secret}`;
      if (this.#notes.has(place) || this.#admits(source)) this.#notes.add(place, { client, parts, count: 1 });
    }
  }

  /** Counts a further key of the source. */
  #admits(source: string): boolean {
    const count = this.#ofSource.get(source) ?? 0;
    if (count >= maxPerSource || this.#notes.isFull) return false;
    this.#ofSource.set(source, count + 1);
    return true;
  }

  /** @throws the error of the database; the notes that are not handled are kept for the next call */
  flush(deps: ApplicationDeps): Promise<void> {
    this.#ofSource.clear();
    return this.#notes.handle((note) => record(deps, note));
  }
}

async function record(deps: ApplicationDeps, { client, parts, count }: Note): Promise<void> {
  const genuine = await findGenuine(deps, parts);
  if (genuine === null) return;
  const { id } = genuine;
  await transact<void>(deps, { ...systemCaller('api-keys'), client }, async ({ tx, now, audit, mail }) => {
    const living = { id, revokedAt: null, expiresAt: { $gt: now } };
    const key = await tx.findOne(ApiKey, living, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!key) return;
    audit({
      action: 'api_key.exposed',
      outcome: 'DENIED',
      target: targetOf(genuine),
      details: { apiKeyId: id, count },
    });
    if (key.exposureMailedAt && key.exposureMailedAt > secondsAfter(now, -mailEverySeconds)) return;
    const recipient = await recipientOf(tx, key);
    if (recipient === null) return;
    const { to, locale, serviceAccount } = recipient;
    const variables = { name: key.name, serviceAccount, seenAt: now.toISOString(), ipAddress: client.ipAddress };
    if (await mail({ kind: 'api_key_exposed', to, locale, variables })) key.exposureMailedAt = now;
  });
}
