/** The texts of one form: those of the app, otherwise the English ones. */
import { enForms } from './en-forms.tsx';
import type { FormMessages } from './messages.ts';
import { useLanguage } from './messages-context.ts';

export function useTexts<Name extends keyof FormMessages>(
  section: Name,
  own?: Partial<FormMessages[Name]> | undefined,
): FormMessages[Name] {
  const { messages } = useLanguage();
  const all: FormMessages = { ...enForms, ...messages };
  return own ? { ...all[section], ...own } : all[section];
}
