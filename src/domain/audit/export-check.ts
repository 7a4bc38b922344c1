/** Verifies an export of the audit trail. The lines are untrusted input: only the signatures of the keys count. */
import type { Anchor, Checkpoint } from '../../security/audit-chain.ts';
import type { Json } from '../../security/canonical-json.ts';
import { type AuditKeyring, keyringOf } from './keys.ts';
import type { Link } from './link.ts';
import { type AuditProblem, ChainVerification, problem } from './verification.ts';

export interface ExportCheck {
  problem: AuditProblem | null;
  checked: number;
  checkpoint: Checkpoint | null;
  /** The keys that signed, when only the file itself names them. */
  unknownKeys: readonly string[];
}

/** More entries than the sealer signs in a batch. */
const maxBatch = 5000;

/** @param keyring the trusted keys; null: those of the file, which then proves only that the file is consistent */
export async function checkExport(
  lines: AsyncIterable<string>,
  { keyring, kept }: { keyring: AuditKeyring | null; kept: Checkpoint | null },
): Promise<ExportCheck> {
  const reading = new ExportReading(keyring, kept);
  for await (const text of lines) {
    const found = reading.take(text);
    if (found) return reading.result(found);
  }
  return reading.result(reading.end());
}

class ExportReading {
  readonly #given: AuditKeyring | null;
  readonly #kept: Checkpoint | null;
  #verification: ChainVerification | null = null;
  #unknownKeys: readonly string[] = [];
  #links: Link[] = [];
  #checkpoint: Checkpoint | null = null;
  #line = 0;
  #ended = false;

  constructor(given: AuditKeyring | null, kept: Checkpoint | null) {
    this.#given = given;
    this.#kept = kept;
  }

  take(text: string): AuditProblem | null {
    this.#line += 1;
    const value = parse(text);
    if (value === null || this.#ended) return this.#unreadable();
    if (this.#verification === null) return this.#begin(value);
    if (isEntryLine(value)) {
      const { sequence, hash, entry, personal } = value;
      this.#links.push({ sequence, hash, entryId: entry.id, entry, personal });
      return this.#links.length > maxBatch ? this.#unreadable() : null;
    }
    if (value.type === 'checkpoint' && isCheckpoint(value)) {
      const { type: _, ...checkpoint } = value;
      const found = this.#verification.check({ links: this.#links, checkpoint });
      this.#links = [];
      this.#checkpoint = checkpoint;
      return found;
    }
    if (value.type !== 'end' || value.entries !== this.#verification.checked) return this.#unreadable();
    this.#ended = true;
    return this.#verification.check({ links: this.#links, checkpoint: null }) ?? this.#verification.end();
  }

  end(): AuditProblem | null {
    return this.#ended ? null : problem('CUT_OFF', `The file ends too early, after line ${this.#line}.`);
  }

  result(found: AuditProblem | null): ExportCheck {
    const checked = this.#verification?.checked ?? 0;
    return { problem: found, checked, checkpoint: this.#checkpoint, unknownKeys: this.#unknownKeys };
  }

  #begin(value: JsonObject): AuditProblem | null {
    const { start, keys } = value;
    const pems = Array.isArray(keys) ? keys.map((key) => (isObject(key) ? String(key.publicKey) : '')) : [];
    const own = keyringOf(pems);
    if (value.type !== 'trail' || value.version !== 1 || own === null) return this.#unreadable();
    if (this.#given === null) this.#unknownKeys = [...own.keys()];
    this.#verification = new ChainVerification(this.#given ?? own, this.#kept);
    if (start === null) return null;
    if (!isObject(start) || !(isCheckpoint(start) || isAnchor(start))) return this.#unreadable();
    return this.#verification.startBehind(start);
  }

  #unreadable(): AuditProblem {
    return problem('FORGED', `Line ${this.#line} is not a valid line of an export.`);
  }
}

type JsonObject = { readonly [name: string]: Json | undefined };

function parse(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isText = (value: unknown) => typeof value === 'string';
const isTextOrNull = (value: unknown) => value === null || isText(value);
const isNumber = (value: unknown) => Number.isSafeInteger(value);

export function isCheckpoint(value: JsonObject): value is JsonObject & Checkpoint {
  return isSigned(value) && isTextOrNull(value.completeUntil);
}

function isAnchor(value: JsonObject): value is JsonObject & Anchor {
  return isSigned(value) && isText(value.removedBefore);
}

function isSigned({ number, sequence, hash, signedAt, kid, signature }: JsonObject): boolean {
  return [number, sequence].every(isNumber) && [hash, signedAt, kid, signature].every(isText);
}

type EntryLine = JsonObject & Pick<Link, 'sequence' | 'hash' | 'personal'> & { entry: NonNullable<Link['entry']> };

function isEntryLine(value: JsonObject): value is EntryLine {
  const { type, sequence, hash, entry, personal } = value;
  if (type !== 'entry' || !isNumber(sequence) || !isText(hash) || !isObject(entry) || !isObject(personal)) return false;
  const { id, occurredAt, action, outcome, requestId, personalHash, details } = entry;
  const { actorId, targetType, targetId, sessionId } = entry;
  const { ipAddress, userAgent, reason, salt } = personal;
  return (
    [id, occurredAt, action, outcome, requestId, personalHash].every(isText) &&
    [actorId, targetType, targetId, sessionId, ipAddress, userAgent, reason, salt].every(isTextOrNull) &&
    details !== undefined
  );
}

/** Parses the output of `postern audit checkpoint`. @returns null for any other text */
export function readCheckpoint(text: string): Checkpoint | null {
  const value = parse(text);
  return value && isCheckpoint(value) ? value : null;
}
