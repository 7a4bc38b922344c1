/** The language that a user reads, as a BCP 47 tag. Which languages mails are written in is mail/. */
import type { FieldProblem } from '../errors.ts';

/** Language, script, region and variants (RFC 5646 4.4.1). */
const maxLength = 35;
/** As typed: extensions may be longer. */
const maxTypedLength = 128;

/**
 * The canonical tag without its extensions, which say nothing about the words of a mail. Operating systems write `_`
 * for `-`, and a character set or a variant behind the tag: `de_AT.UTF-8`, `ca_ES@valencia`.
 * @returns null for no text; a text that is no tag comes back as it is, for `localeProblems` to refuse
 */
export function normaliseLocale(text: string | null | undefined): string | null {
  if (!text || text.length > maxTypedLength) return text || null;
  return baseTag(text.replace(/[.@].*$/s, '').replaceAll('_', '-')) ?? text;
}

/** @param locale normalised */
export function localeProblems(locale: string | null, path: string): FieldProblem[] {
  if (locale === null || (locale.length <= maxLength && baseTag(locale) === locale)) return [];
  return [{ path, code: 'INVALID', message: 'Enter a language tag, for example en or de-AT.' }];
}

function baseTag(text: string): string | null {
  try {
    return new Intl.Locale(text).baseName;
  } catch {
    // A RangeError: the text is no tag.
    return null;
  }
}
