/** The texts of one language, in two parts: a page that signs in does not load the texts of the other forms. */
import type { enForms } from './en-forms.tsx';
import type { enSignIn } from './en-sign-in.ts';

export type SignInMessages = typeof enSignIn;
export type FormMessages = typeof enForms;
export type Messages = SignInMessages & FormMessages;
