/** The texts of the API keys. They are part of this screen, and not of the first load of every page. */
import { de } from '../messages/api-keys/de.tsx';
import { type ApiKeyTexts, en } from '../messages/api-keys/en.tsx';
import { useLanguage } from '../messages/messages-context.ts';

export type { ApiKeyTexts };

/** @param own replaces some texts */
export function useApiKeyTexts(own: Partial<ApiKeyTexts> | undefined): ApiKeyTexts {
  const { messages } = useLanguage();
  return { ...(messages.locale === 'de' ? de : en), ...own };
}
