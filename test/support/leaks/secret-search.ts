/** Searches for secrets where they do not belong, in each encoding in which a program could write them. */
import type { ParsedMail } from 'mailparser';
import type { Answer } from '../gateway/answer.ts';

/** A secret as it is, URL-encoded, in JSON, in hexadecimal, and in Base64. */
export function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // The middle of the Base64 text, for any offset of the secret in a longer text.
  const encoded = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(4, -4)
      .replaceAll('=', ''),
  );
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), bytes.toString('hex'), ...encoded];
}

/** The secret part of a token, without its public parts. */
export function tellingPartsOf(token: string): string[] {
  const signature = token.split('.').at(-1) ?? token;
  return [...spellingsOf(token), signature, signature.slice(-40), Buffer.from(signature, 'base64url').toString('hex')];
}

const blockLength = 8;
/** So long a text contains a whole block, wherever the blocks begin. */
const indexedLength = 2 * blockLength - 1;

/**
 * Finds thousands of secrets in long texts in one pass: it looks up every eighth place of a text among the parts of all
 * spellings. A search for each spelling took minutes.
 */
export class SecretIndex {
  /** Spellings by each of their parts, with the position of the part. */
  readonly #parts = new Map<string, { secret: string; spelling: string; position: number }[]>();
  readonly #short: { secret: string; spelling: string }[] = [];

  add(secret: string, spellings: readonly string[]): void {
    for (const spelling of new Set(spellings)) {
      // The end of a token differs most from other tokens.
      const first = spelling.length - indexedLength;
      if (first < 0) this.#short.push({ secret, spelling });
      for (let position = first; first >= 0 && position < first + blockLength; position += 1)
        this.#addPart(spelling.slice(position, position + blockLength), { secret, spelling, position });
    }
  }

  /** @returns the secrets with a spelling in the text */
  foundIn(text: string): Set<string> {
    const found = new Set(this.#short.filter(({ spelling }) => text.includes(spelling)).map(({ secret }) => secret));
    for (let place = 0; place + blockLength <= text.length; place += blockLength) {
      for (const { secret, spelling, position } of this.#parts.get(text.slice(place, place + blockLength)) ?? [])
        if (text.startsWith(spelling, place - position)) found.add(secret);
    }
    return found;
  }

  #addPart(part: string, where: { secret: string; spelling: string; position: number }): void {
    const known = this.#parts.get(part);
    if (known) known.push(where);
    else this.#parts.set(part, [where]);
  }
}

export function mailText(mail: ParsedMail): string {
  const headers = mail.headerLines.map(({ line }) => line).join('\n');
  return [mail.subject, mail.text, mail.html, headers].join('\n');
}

export const found = (texts: readonly string[], secrets: readonly string[]) =>
  texts.filter((text) => secrets.some((secret) => text.includes(secret)));

/** Body and headers. */
export function wholeOf({ text, headers }: Answer): string {
  return `${text}\n${[...headers].map(([name, value]) => `${name}: ${value}`).join('\n')}`;
}
