/**
 * Reads the users of a file one by one, so that its size does not matter: lines of JSON, or the `users` of a realm export of
 * Keycloak, which is one document.
 */
import { isUtf8 } from 'node:buffer';
import { UsageError } from '../terminal.ts';
import { isMembers } from './fields.ts';

/** A text, or why it cannot be read. */
export type UserText = string | { problem: 'LINE_TOO_LONG' | 'MALFORMED_JSON' };

/** Bytes of one user. */
export const maxUserBytes = 64 * 1024;

const gzip = [0x1f, 0x8b];
const utf16 = [
  [0xff, 0xfe],
  [0xfe, 0xff],
];
const newLine = 0x0a;
const byteOrderMark = '\u{feff}';

/** @throws UsageError for a file of another kind */
export async function* userTexts(
  input: AsyncIterable<Buffer | string>,
  { mayBeRealm }: { mayBeRealm: boolean },
): AsyncGenerator<UserText> {
  let splitter: Lines | RealmUsers | null = null;
  let beginning: Buffer = Buffer.alloc(0);
  for await (const given of input) {
    const chunk = typeof given === 'string' ? Buffer.from(given) : given;
    if (splitter) yield* splitter.add(chunk);
    else {
      // A pipe delivers a file in parts of any size.
      beginning = Buffer.concat([beginning, chunk]);
      if (beginning.length <= maxUserBytes && !beginning.includes(newLine)) continue;
      splitter = splitterFor(beginning, mayBeRealm);
      yield* splitter.add(beginning);
    }
  }
  if (!splitter) {
    splitter = splitterFor(beginning, mayBeRealm);
    yield* splitter.add(beginning);
  }
  yield* splitter.end();
}

/** @param beginning of the file: the first line, or more than any user has */
function splitterFor(beginning: Buffer, mayBeRealm: boolean): Lines | RealmUsers {
  const startsWith = (bytes: readonly number[]) => beginning.subarray(0, bytes.length).equals(Buffer.from(bytes));
  if (startsWith(gzip)) throw new UsageError('the file is compressed: decompress it first');
  if (utf16.some(startsWith)) throw new UsageError('the file is UTF-16: convert it to UTF-8 first');
  const [first = ''] = beginning.toString().replace(byteOrderMark, '').split('\n', 1);
  return mayBeRealm && isRealm(first.trim()) ? new RealmUsers() : new Lines();
}

/** A document on one line has its list of users; one on many lines begins with a brace alone. */
function isRealm(firstLine: string): boolean {
  if (firstLine === '{' || firstLine.length >= maxUserBytes) return true;
  try {
    const value: unknown = JSON.parse(firstLine);
    return isMembers(value) && Array.isArray(value.users);
  } catch {
    return false;
  }
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

  /** Empties it. */
  take(): UserText {
    const isTooLong = this.#size > maxUserBytes;
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#size = 0;
    if (isTooLong) return { problem: 'LINE_TOO_LONG' };
    return isUtf8(bytes) ? bytes.toString() : { problem: 'MALFORMED_JSON' };
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }
}

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
    if (typeof text !== 'string') return text;
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
  #member: UserText | null = null;
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
