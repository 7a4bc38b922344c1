/** The text of a message in the reader's language. */
import { type MailLocale, matchMailLocale } from '../mail/locales.ts';
import { type Sms, smsCodeSeconds } from './sms.ts';

export interface SmsAppearance {
  productName: string;
  /** The host of the page that asks for the code. */
  domain: string;
  /** For readers without a known language. */
  locale: MailLocale;
}

const minutes = smsCodeSeconds / 60;

/** Each fits into one message of 160 characters with a short product name. */
const sentences: Readonly<Record<MailLocale, (product: string, code: string) => string>> = {
  en: (product, code) => `${code} is your ${product} code. It is valid for ${minutes} minutes. Do not share it.`,
  de: (product, code) => `${code} ist Ihr Code für ${product}. Er gilt ${minutes} Minuten. Geben Sie ihn nicht weiter.`,
};

/** The last line binds the code to the page, so that browsers fill it in there only (WICG, Origin-bound one-time codes). */
export function smsText({ code, locale }: Sms, { productName, domain, locale: usual }: SmsAppearance): string {
  const sentence = sentences[(locale === null ? null : matchMailLocale(locale)) ?? usual];
  return `${sentence(productName, code)}\n\n@${domain} #${code}`;
}
