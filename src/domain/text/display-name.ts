/** What people are called, and what they call their devices and passkeys: up to 100 characters, at least one of them visible. */
import { maxTextUnits, normaliseWithin } from '../../security/bounded-text.ts';
import type { FieldProblem } from '../errors.ts';
import { isVisible } from './visible-text.ts';

const maxLength = 100;
/** Control characters, line breaks and direction overrides can dress a name up as something else. */
const forbidden = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

/** A text that is too long stays as it is, for `displayNameProblems` to refuse. */
export function normaliseDisplayName(text: string | null | undefined): string | null {
  return normaliseWithin(text?.trim() ?? '', 'NFC') || null;
}

/** @param name normalised */
export function displayNameProblems(name: string | null, path: string): FieldProblem[] {
  if (name === null) return [];
  if (name.length > maxTextUnits || [...name].length > maxLength) {
    return [{ path, code: 'TOO_LONG', message: `Use at most ${maxLength} characters.` }];
  }
  if (forbidden.test(name) || !isVisible(name)) {
    return [{ path, code: 'INVALID_CHARACTERS', message: 'Use letters, digits, spaces and punctuation.' }];
  }
  return [];
}
