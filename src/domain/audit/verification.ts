/**
 * Verifies the chain of the audit trail and reports the first break. The caller reads database or file and passes batches.
 * docs/audit.md says what the verification can prove.
 */
import { type Anchor, type Checkpoint, chainHash, genesisHash, isSignedBy } from '../../security/audit-chain.ts';
import { secondsAfter } from '../clock.ts';
import type { AuditKeyring } from './keys.ts';
import { isGenuinePersonal, type Link } from './link.ts';
import { EmptiedEntries, type Purge } from './purges.ts';

export const auditProblemKinds = [
  'CHANGED',
  'MISSING',
  'INSERTED',
  'REORDERED',
  'FORGED',
  'CUT_OFF',
  'UNGUARDED',
] as const;
export type AuditProblemKind = (typeof auditProblemKinds)[number];

export interface AuditProblem {
  kind: AuditProblemKind;
  /** The number in the chain; null: the problem has none. */
  sequence: number | null;
  entryId: string | null;
  /** One sentence for the operator. */
  message: string;
}

/** Entries that were sealed and signed together. Without a checkpoint: entries without a signature. */
export interface SignedBatch {
  links: readonly Link[];
  checkpoint: Checkpoint | null;
}

/** More than the duration of a request plus the difference between two clocks. */
const lateSeconds = 15 * 60;

export function problem(
  kind: AuditProblemKind,
  message: string,
  where: { sequence?: number; entryId?: string } = {},
): AuditProblem {
  return { kind, message, sequence: where.sequence ?? null, entryId: where.entryId ?? null };
}

/** Whether an unsealed entry claims a time whose entries had all been sealed. */
export function isBackdated(occurredAt: string, completeUntil: string | null): boolean {
  return completeUntil !== null && new Date(occurredAt) < secondsAfter(new Date(completeUntil), -lateSeconds);
}

export class ChainVerification {
  readonly #keyring: AuditKeyring;
  readonly #kept: Checkpoint | null;
  #sequence = 0;
  #hash = genesisHash;
  #number = 0;
  #completeUntil: string | null = null;
  #checked = 0;
  readonly #emptied = new EmptiedEntries();

  /** @param kept a checkpoint that is stored elsewhere: the trail must still contain it */
  constructor(keyring: AuditKeyring, kept: Checkpoint | null = null) {
    this.#keyring = keyring;
    this.#kept = kept;
  }

  /** The number of valid entries. */
  get checked(): number {
    return this.#checked;
  }

  /** Starts after a signed checkpoint or anchor, instead of at the first entry. */
  startBehind(signed: Checkpoint | Anchor): AuditProblem | null {
    const forged = this.#signatureProblem(signed);
    if (forged) return forged;
    this.#sequence = signed.sequence;
    this.#hash = signed.hash;
    this.#number = signed.number;
    this.#completeUntil = 'completeUntil' in signed ? signed.completeUntil : null;
    return this.#compareWithKept(signed);
  }

  /** Call it with every batch in order, until it returns a problem: the first one. */
  check({ links, checkpoint }: SignedBatch): AuditProblem | null {
    const before = this.#sequence;
    for (const [index, link] of links.entries()) {
      const found = this.#checkLink(link, () => links.slice(index + 1));
      if (found) return found;
    }
    if (checkpoint) return this.#checkCheckpoint(checkpoint, before);
    if (links.length === 0) return null;
    return problem('FORGED', `Entries from number ${before + 1} have seals without a signed checkpoint.`, {
      sequence: before + 1,
    });
  }

  /**
   * Checks that need the end of the trail.
   * @param waiting purges that are not sealed yet
   */
  end(waiting: readonly Purge[] = []): AuditProblem | null {
    for (const purge of waiting) this.#emptied.explainBy(purge);
    const emptied = this.#emptied.first;
    if (emptied === null) return this.#findCutOff();
    const { id: entryId, sequence } = emptied;
    const what = 'its IP address, user agent and reason were removed without a recorded purge of an account';
    return problem('CHANGED', `Entry ${entryId} (number ${sequence}) was changed: ${what}.`, { entryId, sequence });
  }

  #findCutOff(): AuditProblem | null {
    const kept = this.#kept;
    if (kept === null) return null;
    const forged = this.#signatureProblem(kept);
    if (forged) return { ...forged, message: `The stored checkpoint: ${forged.message}` };
    if (this.#number >= kept.number) return null;
    const lost = `it ends at number ${this.#sequence}, and the stored checkpoint covers ${kept.sequence} entries`;
    return problem(
      'CUT_OFF',
      `The end of the trail is missing: ${lost}. Entries were removed, or an old backup was restored.`,
      {
        sequence: this.#sequence + 1,
      },
    );
  }

  #checkLink(link: Link, following: () => readonly Link[]): AuditProblem | null {
    const { sequence, entryId, entry } = link;
    const expected = this.#sequence + 1;
    if (sequence !== expected) {
      const isMoved = following().some((other) => other.sequence === expected);
      if (isMoved)
        return problem('REORDERED', `Number ${sequence} is at the position of number ${expected}.`, { sequence });
      return problem('MISSING', `Number ${expected} and its seal are missing.`, { sequence: expected });
    }
    if (entry === null) return problem('MISSING', `Entry ${entryId} (number ${sequence}) is missing.`, link);
    const hash = chainHash(this.#hash, sequence, entry);
    if (hash !== link.hash || entry.id !== entryId) return this.#tellApart(link, following());
    if (!isGenuinePersonal(link.personal, entry.personalHash)) {
      const what = 'its IP address, user agent or reason differs from the sealed state';
      return problem('CHANGED', `Entry ${entryId} (number ${sequence}) was changed: ${what}.`, link);
    }
    if (isBackdated(entry.occurredAt, this.#completeUntil)) {
      const claim = `its time is ${entry.occurredAt}, and all entries up to ${this.#completeUntil} were already sealed`;
      return problem('INSERTED', `Entry ${entryId} (number ${sequence}) was inserted later: ${claim}.`, link);
    }
    if (link.personal.salt === null) this.#emptied.add(entry, sequence);
    this.#emptied.explainBy(entry);
    this.#sequence = sequence;
    this.#hash = hash;
    this.#checked += 1;
    return null;
  }

  /** The entry differs from its seal: decides whether it was swapped with another entry or changed. */
  #tellApart(link: Link, following: readonly Link[]): AuditProblem {
    const { sequence, entryId } = link;
    const other = following.find(({ entry, hash }) => {
      if (entry === null) return false;
      const here = chainHash(this.#hash, sequence, entry);
      const underThisId = chainHash(this.#hash, sequence, { ...entry, id: entryId });
      return here === link.hash || here === hash || underThisId === link.hash;
    });
    if (!other) return problem('CHANGED', `Entry ${entryId} (number ${sequence}) differs from its sealed state.`, link);
    const places = `numbers ${sequence} and ${other.sequence}`;
    return problem('REORDERED', `Entries ${entryId} and ${other.entryId} were swapped (${places}).`, link);
  }

  #checkCheckpoint(checkpoint: Checkpoint, before: number): AuditProblem | null {
    const { number, sequence, hash } = checkpoint;
    const expected = this.#number + 1;
    if (number !== expected) return problem('MISSING', `Checkpoint ${expected} is missing.`, { sequence: before + 1 });
    const forged = this.#signatureProblem(checkpoint);
    if (forged) return forged;
    if (sequence > this.#sequence) {
      const missing = this.#sequence + 1;
      return problem('MISSING', `Number ${missing} and its seal are missing.`, { sequence: missing });
    }
    if (sequence !== this.#sequence || hash !== this.#hash) {
      const range = `between numbers ${before + 1} and ${this.#sequence}`;
      const what = `an entry ${range} was changed and the hashes were recomputed`;
      return problem('CHANGED', `Checkpoint ${number} signs other hashes: ${what}.`, {
        sequence: before + 1,
      });
    }
    this.#number = number;
    this.#completeUntil = checkpoint.completeUntil;
    return this.#compareWithKept(checkpoint);
  }

  #compareWithKept({ number, sequence, hash }: Pick<Checkpoint, 'number' | 'sequence' | 'hash'>): AuditProblem | null {
    const kept = this.#kept;
    if (kept?.number !== number || (kept.hash === hash && kept.sequence === sequence)) return null;
    const what = 'an old backup was restored, or entries were removed, and other entries followed';
    return problem('CUT_OFF', `Checkpoint ${number} differs from the stored one: ${what}.`, { sequence });
  }

  #signatureProblem(signed: Checkpoint | Anchor): AuditProblem | null {
    const what = 'removedBefore' in signed ? 'The anchor' : 'The checkpoint';
    const where = { sequence: signed.sequence };
    const key = this.#keyring.get(signed.kid);
    if (!key) {
      return problem('FORGED', `${what} at number ${signed.sequence} is signed by a key that is not trusted.`, where);
    }
    if (isSignedBy(key, signed)) return null;
    return problem('FORGED', `${what} at number ${signed.sequence} does not match its signature.`, where);
  }
}
