/**
 * Reads the users of a file one by one, so that its size does not matter: lines of JSON, or the `users` of a realm export of
 * Keycloak, which is one document.
 */
import { UsageError } from '../terminal.ts';

/** Null: the text is longer than any user. */
export type UserText = string | null;

/** Bytes of one user. */
export const maxUserBytes = 64 * 1024;

const gzip = Buffer.from([0x1f, 0x8b]);
const byteOrderMark = '\u{feff}';

export async function* userTexts(
  input: AsyncIterable<Buffer | string>,
  { mayBeRealm }: { mayBeRealm: boolean },
): AsyncGenerator<UserText> {
  let splitter: Lines | RealmUsers | null = null;
  for await (const given of input) {
    const chunk = Buffer.from(given);
    splitter ??= splitterFor(chunk, mayBeRealm);
    yield* splitter.add(chunk);
  }
  if (splitter) yield* splitter.end();
}

/** @param beginning of the file */
function splitterFor(beginning: Buffer, mayBeRealm: boolean): Lines | RealmUsers {
  if (beginning.subarray(0, 2).equals(gzip)) throw new UsageError('the file is compressed: decompress it first');
  const isRealm = mayBeRealm && /^[\s\u{feff}]*\{[\s\S]*?"(?:realm|users)"\s*:/u.test(beginning.toString());
  return isRealm ? new RealmUsers() : new Lines();
}

/** Bytes of one text, which are dropped beyond the limit. */
class Collected {
  #parts: Buffer[] = [];
  #size = 0;

  add(part: Buffer): void {
    this.#size += part.length;
    if (this.#size <= maxUserBytes) this.#parts.push(part);
    else this.#parts = [];
  }

  /** Empties it. @returns the text, or null where it was too long */
  take(): UserText {
    const text = this.#size > maxUserBytes ? null : Buffer.concat(this.#parts).toString();
    this.#parts = [];
    this.#size = 0;
    return text;
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }
}

const newLine = 0x0a;

class Lines {
  readonly #line = new Collected();
  #isFirst = true;

  *add(chunk: Buffer): Generator<UserText> {
    let start = 0;
    for (let end = chunk.indexOf(newLine); end !== -1; end = chunk.indexOf(newLine, start)) {
      this.#line.add(chunk.subarray(start, end));
      yield this.#take();
      start = end + 1;
    }
    this.#line.add(chunk.subarray(start));
  }

  *end(): Generator<UserText> {
    if (!this.#line.isEmpty) yield this.#take();
  }

  #take(): UserText {
    const text = this.#line.take();
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (text === null) return null;
    return (isFirst && text.startsWith(byteOrderMark) ? text.slice(1) : text).trim();
  }
}

const [quote, backslash, colon] = [0x22, 0x5c, 0x3a];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
/** Of the document, its member `users`, and a user in it. */
const [documentDepth, listDepth, userDepth] = [1, 2, 3];

/** Finds the objects in the list `users` of the document. Bytes above ASCII occur within strings only. */
class RealmUsers {
  readonly #user = new Collected();
  readonly #name = new Collected();
  #depth = 0;
  #isText = false;
  #isEscaped = false;
  /** The latest text at the depth of the document, which names a member where a colon follows. */
  #member: string | null = null;
  #isInUsers = false;

  *add(chunk: Buffer): Generator<UserText> {
    let start = 0;
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index] ?? 0;
      if (this.#isText) this.#readText(byte);
      else if (this.#opens(byte)) start = index;
      else if (this.#closes(byte)) {
        this.#user.add(chunk.subarray(start, index + 1));
        yield this.#user.take();
      }
    }
    if (this.#isInUsers && this.#depth >= userDepth) this.#user.add(chunk.subarray(start));
  }

  *end(): Generator<UserText> {
    if (!this.#user.isEmpty) yield this.#user.take();
  }

  #readText(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === backslash) this.#isEscaped = true;
    else if (byte === quote) {
      this.#isText = false;
      if (this.#depth === documentDepth) this.#member = this.#name.take();
      return;
    }
    if (this.#depth === documentDepth) this.#name.add(Buffer.of(byte));
  }

  /** @returns whether a user begins here */
  #opens(byte: number): boolean {
    if (byte === quote) this.#isText = true;
    if (byte === colon || (byte !== openBrace && byte !== openBracket)) return false;
    this.#depth += 1;
    if (this.#depth === listDepth) this.#isInUsers = byte === openBracket && this.#member === 'users';
    return this.#isInUsers && this.#depth === userDepth && byte === openBrace;
  }

  /** @returns whether a user ends here */
  #closes(byte: number): boolean {
    if (byte !== closeBrace && byte !== closeBracket) return false;
    this.#depth -= 1;
    return this.#isInUsers && this.#depth === listDepth;
  }
}
