/** The texts of an error, by a language tag. */
import { englishErrors } from './english.ts';
import { germanErrors } from './german.ts';
import { type ErrorMessages, errorMessage, fieldMessages } from './messages.ts';

/**
 * The problems of each field, by the name of the field without the leading `input.`.
 *
 * @param locale a language tag. German and English have texts; other languages get English
 * @example
 * fieldErrors(error); // { password: ['Use at least 8 characters.', 'Add a digit.'] }
 */
export function fieldErrors(error: unknown, locale = 'en'): Record<string, string[]> {
  return fieldMessages(error, messagesIn(locale));
}

/**
 * A text for the user about an error of any kind.
 *
 * @param locale a language tag. German and English have texts; other languages get English
 * @param passedSeconds since the error, for a time to wait that runs down on the screen
 * @example
 * messageFor(error, 'de'); // 'Zu viele Fehlversuche. Versuchen Sie es in 15 Minuten erneut.'
 */
export function messageFor(error: unknown, locale = 'en', passedSeconds = 0): string {
  return errorMessage(error, messagesIn(locale), passedSeconds);
}

/** Accepts `de`, `de-AT`, `de_DE`, in any case. */
function messagesIn(locale: string): ErrorMessages {
  return /^de([-_]|$)/i.test(locale) ? germanErrors : englishErrors;
}
