/** Shows the pages in the other language. */
import { usePageLanguage } from '../messages/languages.ts';

export function LanguageSwitch({ className }: { className?: string }) {
  const { name, texts, switchTo } = usePageLanguage();
  const other = name === 'en' ? 'de' : 'en';
  return (
    <button className={className} type="button" lang={other} onClick={() => switchTo(other)}>
      {texts.otherLanguage}
    </button>
  );
}
