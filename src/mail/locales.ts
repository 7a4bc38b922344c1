/** The languages that mails are written in, and which of them serves a reader. A language's words are wording/<tag>.ts. */

export const mailLocales = ['en', 'de'] as const;
export type MailLocale = (typeof mailLocales)[number];

/**
 * The supported language for a BCP 47 tag, as RFC 4647 3.4 looks it up: `de-AT` is served by `de`.
 * @returns null for what is no tag, and for a language that we do not write
 */
export function matchMailLocale(tag: string): MailLocale | null {
  const parts = (canonical(tag) ?? '').split('-');
  const tags = parts.map((_part, index) => parts.slice(0, parts.length - index).join('-'));
  return mailLocales.find((locale) => tags.includes(locale)) ?? null;
}

function canonical(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    // A RangeError: the text is no tag.
    return null;
  }
}
