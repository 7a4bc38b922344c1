/** The texts of one form: those of the app, otherwise the English ones, which the form imports. */
import type { FormMessages } from './messages.ts';
import { useLanguage } from './messages-context.ts';

/** @param own replaces some of the texts */
export function useTexts<Name extends keyof FormMessages>(
  form: Name,
  english: FormMessages[Name],
  own?: Partial<FormMessages[Name]> | undefined,
): FormMessages[Name] {
  const messages: Partial<FormMessages> = useLanguage().messages;
  return { ...english, ...messages[form], ...own };
}
