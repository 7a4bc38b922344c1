/**
 * Walks the audit trail's chain and says where it breaks first, and how. Knows neither database nor file: whoever reads
 * them hands over batch after batch. What it can prove and what not stands in docs/audit.md.
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
  /** The place in the chain, where there is one. */
  sequence: number | null;
  entryId: string | null;
  /** One sentence for a person. */
  message: string;
}

/** What was sealed and signed together. Without a checkpoint: what nobody signed. */
export interface SignedBatch {
  links: readonly Link[];
  checkpoint: Checkpoint | null;
}

/** How long a request may take to write down what it saw, and clocks may differ, with much to spare. */
const lateSeconds = 15 * 60;

export function problem(
  kind: AuditProblemKind,
  message: string,
  where: { sequence?: number; entryId?: string } = {},
): AuditProblem {
  return { kind, message, sequence: where.sequence ?? null, entryId: where.entryId ?? null };
}

/** Whether an entry says that it occurred before a time at which all such entries had been sealed. */
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

  /** @param kept a checkpoint that was kept elsewhere: the trail must hold it still */
  constructor(keyring: AuditKeyring, kept: Checkpoint | null = null) {
    this.#keyring = keyring;
    this.#kept = kept;
  }

  /** Entries that were found good. */
  get checked(): number {
    return this.#checked;
  }

  /** Begins behind something signed, instead of at the first entry. */
  startBehind(signed: Checkpoint | Anchor): AuditProblem | null {
    const forged = this.#signatureProblem(signed);
    if (forged) return forged;
    this.#sequence = signed.sequence;
    this.#hash = signed.hash;
    this.#number = signed.number;
    this.#completeUntil = 'completeUntil' in signed ? signed.completeUntil : null;
    return this.#compareWithKept(signed);
  }

  /** To be called with every batch in turn, until there is a problem: it is the first. */
  check({ links, checkpoint }: SignedBatch): AuditProblem | null {
    const before = this.#sequence;
    for (const [index, link] of links.entries()) {
      const found = this.#checkLink(link, () => links.slice(index + 1));
      if (found) return found;
    }
    if (checkpoint) return this.#checkCheckpoint(checkpoint, before);
    if (links.length === 0) return null;
    return problem('FORGED', `From number ${before + 1} on, entries have seals that nobody signed.`, {
      sequence: before + 1,
    });
  }

  /**
   * What only shows when there is no more.
   * @param waiting purges behind the entries that were checked: not sealed yet
   */
  end(waiting: readonly Purge[] = []): AuditProblem | null {
    for (const purge of waiting) this.#emptied.explainBy(purge);
    const emptied = this.#emptied.first;
    if (emptied === null) return this.#findCutOff();
    const { id: entryId, sequence } = emptied;
    const what = 'its address, user agent and reason were removed, and no purge of an account lists it';
    return problem('CHANGED', `Entry ${entryId} (number ${sequence}) was changed: ${what}.`, { entryId, sequence });
  }

  #findCutOff(): AuditProblem | null {
    const kept = this.#kept;
    if (kept === null) return null;
    const forged = this.#signatureProblem(kept);
    if (forged) return { ...forged, message: `The checkpoint that was kept: ${forged.message}` };
    if (this.#number >= kept.number) return null;
    const lost = `it ends at number ${this.#sequence}, and the checkpoint that was kept reaches to ${kept.sequence}`;
    return problem('CUT_OFF', `The end is gone: ${lost}. It was cut off, or an old backup was put back.`, {
      sequence: this.#sequence + 1,
    });
  }

  #checkLink(link: Link, following: () => readonly Link[]): AuditProblem | null {
    const { sequence, entryId, entry } = link;
    const expected = this.#sequence + 1;
    if (sequence !== expected) {
      const isMoved = following().some((other) => other.sequence === expected);
      if (isMoved) return problem('REORDERED', `Number ${sequence} stands where ${expected} belongs.`, { sequence });
      return problem('MISSING', `Number ${expected} is gone, with its seal.`, { sequence: expected });
    }
    if (entry === null) return problem('MISSING', `Entry ${entryId} (number ${sequence}) is gone.`, link);
    const hash = chainHash(this.#hash, sequence, entry);
    if (hash !== link.hash || entry.id !== entryId) return this.#tellApart(link, following());
    if (link.personal && !isGenuinePersonal(link.personal, entry.personalHash)) {
      const what = 'its address, user agent or reason is not what was sealed';
      return problem('CHANGED', `Entry ${entryId} (number ${sequence}) was changed: ${what}.`, link);
    }
    if (isBackdated(entry.occurredAt, this.#completeUntil)) {
      const claim = `it says ${entry.occurredAt}, and all of that time had been sealed by ${this.#completeUntil}`;
      return problem('INSERTED', `Entry ${entryId} (number ${sequence}) was put in later: ${claim}.`, link);
    }
    if (link.personal?.salt === null) this.#emptied.add(entry, sequence);
    this.#emptied.explainBy(entry);
    this.#sequence = sequence;
    this.#hash = hash;
    this.#checked += 1;
    return null;
  }

  /** The entry does not fit its seal: has it changed places with another one, or its content? */
  #tellApart(link: Link, following: readonly Link[]): AuditProblem {
    const { sequence, entryId } = link;
    const other = following.find(({ entry, hash }) => {
      if (entry === null) return false;
      const here = chainHash(this.#hash, sequence, entry);
      const underThisId = chainHash(this.#hash, sequence, { ...entry, id: entryId });
      return here === link.hash || here === hash || underThisId === link.hash;
    });
    if (!other) return problem('CHANGED', `Entry ${entryId} (number ${sequence}) is not what was sealed.`, link);
    const places = `numbers ${sequence} and ${other.sequence}`;
    return problem('REORDERED', `Entries ${entryId} and ${other.entryId} have changed places (${places}).`, link);
  }

  #checkCheckpoint(checkpoint: Checkpoint, before: number): AuditProblem | null {
    const { number, sequence, hash } = checkpoint;
    const expected = this.#number + 1;
    if (number !== expected) return problem('MISSING', `Checkpoint ${expected} is gone.`, { sequence: before + 1 });
    const forged = this.#signatureProblem(checkpoint);
    if (forged) return forged;
    if (sequence > this.#sequence) {
      const missing = this.#sequence + 1;
      return problem('MISSING', `Number ${missing} is gone, with its seal.`, { sequence: missing });
    }
    if (sequence !== this.#sequence || hash !== this.#hash) {
      const range = `between numbers ${before + 1} and ${this.#sequence}`;
      const what = `something ${range} was changed and the hashes made anew`;
      return problem('CHANGED', `Checkpoint ${number} was signed over other hashes: ${what}.`, {
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
    const what = 'an old backup was put back, or its end was cut off, and it went on differently';
    return problem('CUT_OFF', `Checkpoint ${number} is not the one that was kept: ${what}.`, { sequence });
  }

  #signatureProblem(signed: Checkpoint | Anchor): AuditProblem | null {
    const what = 'removedBefore' in signed ? 'The anchor' : 'The checkpoint';
    const where = { sequence: signed.sequence };
    const key = this.#keyring.get(signed.kid);
    if (!key) {
      return problem('FORGED', `${what} at number ${signed.sequence} is signed by a key that is not trusted.`, where);
    }
    if (isSignedBy(key, signed)) return null;
    return problem('FORGED', `${what} at number ${signed.sequence} is not what was signed.`, where);
  }
}
