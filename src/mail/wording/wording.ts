/** What a language has to say. Adding one: a tag in locales.ts, a file beside this one, and the compiler asks for the rest. */
import type { LinkedKind, MailKind, MailVariables } from '../mail.ts';

export interface Wording {
  mails: { [Kind in MailKind]: (variables: MailVariables[Kind], tell: Telling) => Words<Kind> };
  frame: Frame;
  /** BCP 47: how dates are written. */
  dates: string;
  /** A date and a time of day, in UTC, as they stand in a sentence. */
  moment(date: string, time: string): string;
  /** A browser on a system; either may be unknown, not both. */
  device(browser: string | null, system: string | null): string;
}

/** `action`: the button's label, of the kinds that have a link. */
export type Words<Kind extends MailKind> = { subject: string; paragraphs: string[] } & (Kind extends LinkedKind
  ? { action: string }
  : { action?: never });

/** The words around every mail. */
export interface Frame {
  /** Before the link, for readers whose button does not work. */
  copyLink: string;
  /** Before the address for help. */
  help: string;
  /** Why the reader gets this. */
  reason(productName: string): string;
}

/** What the words of a mail may lean on: all of it one line, and safe to stand anywhere in a sentence. */
export interface Telling {
  productName: string;
  /** @param plusSeconds so much later */
  moment(iso: string, plusSeconds?: number): string;
  /** The name that its owner gave it, else what the browser says of itself; null when neither is known. */
  device(deviceName: string | null, userAgent: string | null): string | null;
}
