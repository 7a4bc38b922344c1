/** What a person may be called: up to 100 code points of anything that shows; an empty name is no name. */
import { maxTextUnits, normaliseWithin } from '../security/bounded-text.ts';
import type { FieldProblem } from './errors.ts';

const maxLength = 100;
/** Control characters, line breaks and direction overrides can dress a name up as something else. */
const hidden = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

const visible = /[^\p{C}\p{Z}]/u;

export function normaliseDisplayName(text: string | null | undefined): string | null {
  return normaliseWithin(text?.trim() ?? '', 'NFC') || null;
}

/** @param name normalised */
export function displayNameProblems(name: string | null, path: string): FieldProblem[] {
  if (name === null) return [];
  const tooLong = [{ path, code: 'TOO_LONG', message: `Use at most ${maxLength} characters.` }];
  if (name.length > maxTextUnits) return tooLong;
  if (hidden.test(name) || !visible.test(name))
    return [{ path, code: 'INVALID_CHARACTERS', message: 'Use letters, digits, spaces and marks.' }];
  return [...name].length > maxLength ? tooLong : [];
}
