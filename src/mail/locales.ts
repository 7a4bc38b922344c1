/** The languages of mails, and the choice of one for a reader. wording/<tag>.ts has the texts of a language. */

export const mailLocales = ['en', 'de'] as const;
export type MailLocale = (typeof mailLocales)[number];

/**
 * The supported language for a BCP 47 tag, as RFC 4647 3.4 looks it up: `de-AT` is served by `de`.
 * @returns null for an invalid tag, and for an unsupported language
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
    // A RangeError: the text is not a tag.
    return null;
  }
}
