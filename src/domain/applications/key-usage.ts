/**
 * Collects when and from where API keys were used. Requests only add a note; maintenance writes the notes once a minute
 * in one statement. A crash loses the notes since the last write.
 */
import type { KeyUse } from '../../persistence/applications/key-usage.ts';

/** Keys beyond this number within a minute are noted by a later request. */
const maxNotes = 10_000;

export class KeyUsage {
  readonly #write: (uses: ReadonlyMap<string, KeyUse>) => Promise<void>;
  #uses = new Map<string, KeyUse>();

  constructor(write: (uses: ReadonlyMap<string, KeyUse>) => Promise<void>) {
    this.#write = write;
  }

  note(apiKeyId: string, use: KeyUse): void {
    if (this.#uses.size < maxNotes || this.#uses.has(apiKeyId)) this.#uses.set(apiKeyId, use);
  }

  /** @throws the error of the database; the notes are kept for the next call */
  async flush(): Promise<void> {
    const uses = this.#uses;
    if (uses.size === 0) return;
    this.#uses = new Map();
    try {
      await this.#write(uses);
    } catch (error) {
      this.#uses = new Map([...uses, ...this.#uses]);
      throw error;
    }
  }
}
