/** The whole of the account pages: session, language and the current page in its frame. */
import { PosternProvider } from '@postern/react';
import { useMemo, useState } from 'react';
import { CurrentPage } from './current-page.tsx';
import {
  type LanguageName,
  loadLanguage,
  type PageLanguage,
  PageLanguageContext,
  rememberLanguage,
} from './messages/languages.ts';
import { client } from './session/client.ts';

export function App({ language: first }: { language: PageLanguage }) {
  const [language, setLanguage] = useState(first);
  const state = useMemo(() => {
    const switchTo = async (name: LanguageName) => {
      rememberLanguage(name);
      const next = await loadLanguage(name);
      document.documentElement.lang = next.name;
      setLanguage(next);
    };
    return { ...language, switchTo: (name: LanguageName) => void switchTo(name) };
  }, [language]);
  return (
    <PageLanguageContext value={state}>
      <PosternProvider client={client} messages={language.forms} locale={language.locale}>
        <a className="skip" href="#main">
          {language.texts.skip}
        </a>
        <CurrentPage />
      </PosternProvider>
    </PageLanguageContext>
  );
}
