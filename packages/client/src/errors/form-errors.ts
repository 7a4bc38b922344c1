/** Turns errors into texts for forms. Accepts the client's own errors and those of Apollo Client and urql. */
import { fieldText, localeIn, textOf } from './messages.ts';
import { posternErrorIn } from './postern-error.ts';

/**
 * The problems of each field, by the name of the field without the leading `input.`.
 *
 * @param locale a language tag. German and English have texts; other languages get English
 * @example
 * fieldErrors(error); // { password: ['Use at least 8 characters.', 'Add a digit.'] }
 */
export function fieldErrors(error: unknown, locale = 'en'): Record<string, string[]> {
  const byField = new Map<string, string[]>();
  for (const { path, code, message } of posternErrorIn(error)?.fields ?? []) {
    const name = path.replace(/^input\./, '');
    byField.set(name, [...(byField.get(name) ?? []), fieldText(code, localeIn(locale)) ?? message]);
  }
  return Object.fromEntries(byField);
}

/**
 * A text for the user about an error of any kind.
 *
 * @param locale a language tag. German and English have texts; other languages get English
 * @param passedSeconds since the error, for a time to wait that runs down on the screen
 * @example
 * messageFor(error, 'de'); // 'Zu viele Fehlversuche. Bitte versuchen Sie es in 15 Minuten erneut.'
 */
export function messageFor(error: unknown, locale = 'en', passedSeconds = 0): string {
  const { code = 'INTERNAL_SERVER_ERROR', retryAfter } = posternErrorIn(error) ?? {};
  return textOf(code, localeIn(locale), Math.max(1, (retryAfter ?? 1) - passedSeconds));
}
