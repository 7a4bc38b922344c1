/** The language that a user reads, as a BCP 47 tag. Which languages mails are written in is mail/. */
import type { FieldProblem } from './errors.ts';

const maxLength = 16;

export function localeProblems(locale: string | null, path: string): FieldProblem[] {
  if (locale === null || (locale.length <= maxLength && isLanguageTag(locale))) return [];
  return [{ path, code: 'INVALID', message: 'Give a language tag such as en or de-AT.' }];
}

function isLanguageTag(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}
