/**
 * The texts of one language. To add a language, add its tag to locales.ts and a file beside this one; the compiler
 * reports missing texts.
 */
import type { LinkedKind, MailKind, MailVariables } from '../mail.ts';

export interface Wording {
  mails: { [Kind in MailKind]: (variables: MailVariables[Kind], tell: TextValues) => Words<Kind> };
  frame: Frame;
  /** The BCP 47 tag for the format of dates. */
  dates: string;
  /** A date and a time of day in UTC, for use inside a sentence. */
  moment(date: string, time: string): string;
  /** A browser on a system; one of them may be unknown, not both. */
  device(browser: string | null, system: string | null): string;
}

/** `code`: the user types it. `action`: the label of the button, for kinds with a link. */
export type Words<Kind extends MailKind> = {
  subject: string;
  paragraphs: string[];
  code?: string;
} & (Kind extends LinkedKind ? { action: string } : { action?: never });

/** The texts of the frame of every mail. */
export interface Frame {
  /** Before the link, for readers whose button does not work. */
  copyLink: string;
  /** Before the address for help. */
  help: string;
  /** Why the reader gets this mail. */
  reason(productName: string): string;
}

/** The values that the text of a mail may use: each is one line, and safe at any position in a sentence. */
export interface TextValues {
  productName: string;
  /** @param plusSeconds seconds to add to the time */
  moment(iso: string, plusSeconds?: number): string;
  /** The name that its owner gave it, otherwise the browser; null when neither is known. */
  device(deviceName: string | null, userAgent: string | null): string | null;
  /** A city and a country, or a country alone. Files about locations are not exact. */
  place(place: { country: string; city: string | null }): string;
}
