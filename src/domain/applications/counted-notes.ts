/** Notes that requests leave for maintenance: equal ones are counted, and each is handled once. */

export class CountedNotes<Note extends { count: number }> {
  readonly #max: number;
  readonly #notes = new Map<string, Note>();

  /** @param max further notes are dropped until the next call of `handle` */
  constructor(max: number) {
    this.#max = max;
  }

  get isFull(): boolean {
    return this.#notes.size >= this.#max;
  }

  has(place: string): boolean {
    return this.#notes.has(place);
  }

  /** @param place what equal notes have in common */
  add(place: string, note: Note): void {
    const known = this.#notes.get(place);
    if (known) known.count += note.count;
    else if (!this.isFull) this.#notes.set(place, note);
  }

  /** @throws the error of the work; the notes that it has not handled are kept for the next call */
  async handle(work: (note: Note) => Promise<void>): Promise<void> {
    for (const [place, note] of [...this.#notes]) {
      // Removed before it is handled: what is noted meanwhile belongs to the next call.
      this.#notes.delete(place);
      try {
        await work(note);
      } catch (error) {
        this.add(place, note);
        throw error;
      }
    }
  }
}
