/** The English texts. */
import { enForms } from './en-forms.tsx';
import { enSignIn } from './en-sign-in.ts';
import type { Messages } from './messages.ts';

export const en: Messages = { ...enSignIn, ...enForms };
