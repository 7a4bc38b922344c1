/** Reads codes of digits that users type or paste. */

/** UTF-16 units. */
const maxTypedLength = 64;
/** White space, dashes with the minus sign, and format characters such as the direction marks of pasted text. */
const separators = /[\p{White_Space}\p{Pd}\u2212\p{Cf}]/gu;

/**
 * Normalises a code: `123 456`, `123-456`, with invisible characters around it, or with the digits of another script.
 * @returns as many ASCII digits, or null when the text is not such a code
 */
export function canonicalDigits(text: string, count: number): string | null {
  // Bounded before normalisation: NFKC is quadratic in runs of combining marks.
  if (text.length > maxTypedLength) return null;
  const code = text
    .normalize('NFKC')
    .replace(separators, '')
    .replace(/\p{Nd}/gu, asciiDigit);
  return code.length === count && /^[0-9]+$/.test(code) ? code : null;
}

/** Unicode encodes the digits of a script as one run from 0 to 9, so a digit's value is its distance from the run's start. */
function asciiDigit(digit: string): string {
  let value = 0;
  for (let point = (digit.codePointAt(0) ?? 0) - 1; /\p{Nd}/u.test(String.fromCodePoint(point)); point -= 1) value += 1;
  return String(value % 10);
}
