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
