/** The body of a stream. It holds what the reader has not taken yet, up to a bound. */
import { Readable } from 'node:stream';
import type { StreamOutput } from '../graphql/streams/event-stream.ts';

const maxWaiting = 64;
/** Little, so that messages for a reader that stopped are counted here and not buffered by Node. */
const highWaterMark = 1024;

export class StreamBody extends Readable implements StreamOutput {
  readonly #waiting: string[] = [];
  #isWanted = false;
  #isEnding = false;

  constructor() {
    super({ highWaterMark });
  }

  override _read(): void {
    this.#isWanted = true;
    this.#flush();
  }

  write(text: string): boolean {
    if (this.#waiting.length >= maxWaiting) return false;
    this.#waiting.push(text);
    this.#flush();
    return true;
  }

  end(): void {
    this.#isEnding = true;
    this.#flush();
  }

  #flush(): void {
    while (this.#isWanted && this.#waiting.length > 0) this.#isWanted = this.push(this.#waiting.shift());
    if (this.#isEnding && this.#waiting.length === 0) this.push(null);
  }
}
