/** The texts of one language. Those of one form load with the form. */

import type { english } from './en/shared.ts';
import type { en } from './en.ts';

export type Messages = typeof en;
/** Texts that several forms use. */
export type SharedMessages = typeof english;
export type FormMessages = Omit<Messages, keyof SharedMessages>;
