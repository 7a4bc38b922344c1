/** The message that the domain stores with its change, and that worker.ts sends. It carries a code and no link. */

export interface Sms {
  /** E.164. */
  to: string;
  code: string;
  /** The reader's language, where it is known. */
  locale: string | null;
}

/** How long its code is valid. A message is not sent later. */
export const smsCodeSeconds = 10 * 60;
