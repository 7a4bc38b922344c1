/** Phone numbers: their bounds, their normal form (E.164), and which of them can receive codes. */
import type { NumberType } from 'libphonenumber-js/max';

export interface PhoneNumber {
  /** E.164. */
  number: string;
  /** ISO 3166-1. */
  country: string;
  /** The country and the first four digits after the calling code: the unit of a budget. */
  prefix: string;
}

export type NumberProblem = 'malformed_number' | 'country' | 'number_type';

/** UTF-16 units. E.164 has 15 digits; the rest is for spaces, dashes and parentheses. */
const maxTypedLength = 40;

/** Others cost the caller or the receiver more, or receive no messages: premium, shared cost, toll free, personal, pagers. */
const acceptedTypes: readonly NumberType[] = ['MOBILE', 'FIXED_LINE_OR_MOBILE', 'FIXED_LINE', 'VOIP'];

/**
 * @param text in international form: `+` and the calling code
 * @param countries whose numbers are accepted
 */
export async function readPhoneNumber(
  text: string,
  countries: readonly string[],
): Promise<PhoneNumber | { problem: NumberProblem }> {
  // Bounded before it is normalised and parsed.
  if (text.length > maxTypedLength) return { problem: 'malformed_number' };
  // Loaded by the first number: its tables have 150 kB, and most gateways send no messages. The smaller tables of the
  // package know no type of the premium numbers of several countries.
  const { parsePhoneNumberFromString } = await import('libphonenumber-js/max');
  const parsed = parsePhoneNumberFromString(text.normalize('NFKC'), { extract: false });
  if (!parsed?.isValid() || parsed.ext !== undefined) return { problem: 'malformed_number' };
  const { country } = parsed;
  if (country === undefined || !countries.includes(country)) return { problem: 'country' };
  const type = parsed.getType();
  if (type === undefined || !acceptedTypes.includes(type)) return { problem: 'number_type' };
  return { number: parsed.number, country, prefix: `${country}${parsed.nationalNumber.slice(0, 4)}` };
}

/** Shows whose number it is to its owner: the beginning of the calling code, and the last two digits. */
export function maskPhoneNumber(number: string): string {
  return `${number.slice(0, 3)}${'•'.repeat(number.length - 5)}${number.slice(-2)}`;
}
