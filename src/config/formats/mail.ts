/** Formats of the product's name and of the settings for mails. */
import { domainToASCII } from 'node:url';
import { z } from 'zod';

/** Up to 50 visible characters. A colon would end the issuer in an otpauth address. */
export const productName = z
  .string()
  .trim()
  .regex(/^[^:\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,50}$/u, {
    error: 'use a name of up to 50 characters, without a colon',
  });

export const colour = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, { error: 'use a colour, for example #1f4b99' })
  .toLowerCase();

export interface Sender {
  name: string;
  /** Its domain is in ASCII: many servers lack SMTPUTF8 (RFC 6531). */
  address: string;
}

/** `Name <address>` or an address. A comma in the name does not separate senders. */
export const sender = z.string().transform((text, context): Sender => {
  const [, name = '', local = '', domain = ''] =
    text.length <= 512 ? (/^(?:([^\r\n<>]*)<)?([!-;=?A-~]{1,64})@([^\s<>@]{1,253})>?$/u.exec(text.trim()) ?? []) : [];
  const asciiDomain = domainToASCII(domain);
  if (local && asciiDomain && text.includes('<') === text.includes('>')) {
    return { name: name.trim().replace(/^"(.*)"$/u, '$1'), address: `${local}@${asciiDomain}` };
  }
  context.addIssue('use an address, for example Postern <no-reply@example.com>');
  return z.NEVER;
});
