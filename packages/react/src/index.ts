/** `@postern/react`: the provider and the hooks. The forms are in `@postern/react/forms`. */
export { de } from './messages/de.tsx';
export { en, type Messages } from './messages/en.tsx';
export { type Language, LanguageContext, useLanguage } from './messages/messages-context.ts';
