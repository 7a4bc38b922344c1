/** Why an administrator does something, in their words. It is kept in a column that can be purged (audit.ts). */
import { maxReasonUnits, normaliseWithin } from '../../security/bounded-text.ts';
import type { FieldProblem } from '../errors.ts';
import { isVisible } from './visible-text.ts';

const maxLength = 500;
/** Line breaks are welcome; other control characters and direction overrides can dress text up as something else. */
const hidden = /[^\P{Cc}\n\r\t]|[\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

export function normaliseReason(text: string | null | undefined): string | null {
  return normaliseWithin(text?.trim() ?? '', 'NFC', maxReasonUnits) || null;
}

/** @param reason normalised */
export function reasonProblems(reason: string | null): FieldProblem[] {
  if (reason === null) return [];
  const tooLong = [{ path: 'input.reason', code: 'TOO_LONG', message: `Use at most ${maxLength} characters.` }];
  if (reason.length > maxReasonUnits) return tooLong;
  if (hidden.test(reason) || !isVisible(reason))
    return [
      { path: 'input.reason', code: 'INVALID_CHARACTERS', message: 'Use letters, digits, spaces and punctuation.' },
    ];
  return [...reason].length > maxLength ? tooLong : [];
}
