/**
 * Longest accepted text, in UTF-16 units, and normalisation that respects it. Unicode normalisation sorts runs of
 * combining marks by insertion, so its time is quadratic in the length of a run (95 kB of marks take one to four seconds).
 */

export const maxTextUnits = 512;
export const maxPasswordUnits = 1024;
export const maxReasonUnits = 1000;
export const maxEmailUnits = 320;

/** @returns the normal form, or the unchanged text when it is longer than any caller accepts */
export function normaliseWithin(text: string, form: 'NFC' | 'NFKC', maxUnits = maxTextUnits): string {
  return text.length > maxUnits ? text : text.normalize(form);
}
