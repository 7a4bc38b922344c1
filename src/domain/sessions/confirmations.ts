/**
 * Records that a client has received its newest tokens. Until then a lost answer is possible, and the previous refresh
 * token stays valid (old-refresh-token.ts). Requests only add a note; the notes are written in batches.
 */
const writeAfterMs = 1000;
/** Sessions beyond this number within a second are noted by their next request. */
const maxNotes = 10_000;

export interface ConfirmationDependencies {
  /** Stores the notes: generations by the id of their session. */
  write(notes: ReadonlyMap<string, number>): Promise<void>;
  /** Is called with the error when notes could not be written. The notes are kept. */
  report(error: unknown): void;
}

export class Confirmations {
  readonly #deps: ConfirmationDependencies;
  #notes = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(deps: ConfirmationDependencies) {
    this.#deps = deps;
  }

  /** The note is written within a second. */
  note(sessionId: string, generation: number): void {
    if (this.#notes.size >= maxNotes) return;
    this.#notes.set(sessionId, generation);
    this.#timer ??= setTimeout(() => void this.flush(), writeAfterMs).unref();
  }

  /** Writes the notes. Never rejects: notes that could not be written are retried a second later. */
  flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const notes = this.#notes;
    this.#notes = new Map();
    if (notes.size > 0) this.#writing = this.#writing.then(() => this.#write(notes));
    return this.#writing;
  }

  async #write(notes: ReadonlyMap<string, number>): Promise<void> {
    try {
      await this.#deps.write(notes);
    } catch (error) {
      this.#deps.report(error);
      for (const [sessionId, generation] of notes) {
        if (!this.#notes.has(sessionId)) this.note(sessionId, generation);
      }
    }
  }
}

/** Whether a client is known to have received the newest tokens of a session. */
export function isConfirmed(session: { generation: number; confirmedGeneration?: number | null | undefined }): boolean {
  return (session.confirmedGeneration ?? session.generation) >= session.generation;
}
